import Foundation
import TestSupport
import Testing

@testable import UnitNumber

struct QtracScanReaderTests {
  static func text(_ change: (String) -> String = { $0 }) -> TextLines {
    var lines = [
      "File:              \tC:\\Data\\S\u{F8}rensen\\A.QZD", "Name:              \tX.1",
      "Protocol:          \tMSCAN-R2", "Date:              \t4/3/20",
      "Start time:        \t11:59:27", "Age:               \t53", "Sex:               \tF",
      "Temperature:       \t32.9", "S/R sites:         \tMedian Wr-APB", "Comments:",
      "M-SCAN DATA (6.7-2.6m)", "Scanpts: 2, 3, 5, 6", "Stim. (mA)     \tAmp. (mV)",
    ]
    for index in 1...6 { lines.append("MS.\(index)           \t\(10 - index)\t\(6 - index).5") }
    lines += [
      "DERIVED EXCITABILITY VARIABLES", "MScD50 = 31", "MSFNUnits = 2", "MSFNLarge = 1.5",
      "MSFHalfAmpAmp(mV) = 0.144", "!MScan Model", "!2", "\t1\t7.39\t40\t2", "\t2\t10.88\t60\t2",
      "",
    ]
    let joined = change(lines.joined(separator: "\r\n"))
    let latin = Data(joined.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    return TextLines(data: latin, fileName: "a.MEM")
  }

  @Test("points, parts, circumstances and the fitted model")
  func read() throws {
    let scan = try QtracScanReader.parse(Self.text())
    #expect(scan.stimulusMilliamps == [9, 8, 7, 6, 5, 4])
    #expect(scan.responseMillivolts == [5.5, 4.5, 3.5, 2.5, 1.5, 0.5])
    #expect(scan.preScanCount == 2 && scan.postScanCount == 2)
    #expect(scan.acquisition.date == "2020-03-04")
    #expect(scan.acquisition.muscle == "APB" && scan.acquisition.ageYears == 53)
    #expect(scan.acquisition.temperatureCelsius == 32.9)
    let fit = try #require(scan.comparator)
    #expect(fit.unitCount == 2 && fit.n50 == 1.5 && fit.d50 == 31 && fit.a50Microvolts == 144)
    #expect(fit.units.map(\.amplitudePercent) == [40, 60])
    #expect(Self.text().lines[0].hasSuffix("S\u{F8}rensen\\A.QZD"))
  }

  @Test(
    "damage is named by file, line, finding and expectation",
    arguments: [
      ("MS.3 ", "MS.9 ", "a.MEM: line 16: found \"MS.9\", expected MS.3"),
      ("\t3.5", "\tx3.5", "line 16: found \"MS.3 7 x3.5\""),
      ("Scanpts: 2, 3, 5, 6", "Scanpts: 2, 3", "line 12: found \"Scanpts: 2, 3\""),
      ("Scanpts: 2, 3, 5, 6", "Scanpts: 2, 3, 5, 99", "within the 6 points"),
      ("4/3/20", "4.3.20", "line 4: found date \"4.3.20\""),
      ("!2", "!9223372036854775807", "found 9223372036854775807 units"),
      ("!2", "!3", "found 2 units of the fitted model, expected 3"),
      ("\t9\t", "\t-9\t", "expected a current above 0 mA"),
    ])
  func damage(_ old: String, _ new: String, _ message: String) {
    #expect {
      try QtracScanReader.parse(Self.text { $0.replacingOccurrences(of: old, with: new) })
    } throws: { "\($0)".contains(message) }
  }

  @Test("30 real scans with their fitted models: units add up to the CMAP, N50 recomputes")
  func realScans() throws {
    let index = try SharedData.file("data/cmap-scan/index.tsv")
    let folder = index.deletingLastPathComponent()
    let lines = try String(contentsOf: index, encoding: .utf8).split(separator: "\n").dropFirst()
    for line in lines {
      let fields = line.split(separator: "\t").map(String.init)
      let scan = try CMAPScan.open(folder.appendingPathComponent(fields[0]))
      let fit = try #require(scan.comparator)
      #expect(fit.unitCount == Double(fit.units.count), "\(fields[0])")
      #expect(abs(fit.units.reduce(0) { $0 + $1.amplitudePercent } - 100) < 1.5)
      #expect(scan.acquisition.muscle == fields[3])
      // Below the last threshold nothing answers: noise is of microvolts there, artefacts are few,
      // the baseline moves slowly, and it is not told by one point.
      let post = try #require(scan.postScanCount)
      #expect(post >= 8)
      let tail = Array(scan.responseMillivolts.suffix(post))
      let steps = zip(tail, tail.dropFirst()).map { abs($0 - $1) }.sorted()
      #expect(steps[steps.count * 3 / 4] < 0.03, "\(fields[0])")
      let curve = try ScanCurve(PreparedScan(scan))
      #expect(abs(Double(curve.d50) - (fit.d50 ?? 0)) <= 4, "\(fields[0])")
    }
    #expect(lines.count == 30)
  }
}
