import Foundation
import TestSupport
import Testing

@testable import UnitNumber

/// Features against an independent implementation in double precision (fixture values).
struct ScanFeaturesTests {
  struct Golden: Decodable {
    var name: String
    var detected: Bool?
    var cmap: Double
    var noise: [Double]
    var features: [Double]
  }

  static let golden: [Golden] = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/scan-features.json")
    guard let data = try? Data(contentsOf: url) else { return [] }
    return (try? JSONDecoder().decode([Golden].self, from: data)) ?? []
  }()

  static func compare(_ scan: CMAPScan, _ golden: Golden) throws {
    let prepared = try PreparedScan(scan)
    #expect(abs(prepared.cmap - golden.cmap) <= 1e-9 * golden.cmap)
    #expect(abs(prepared.noiseBottom - golden.noise[0]) <= 1e-9)
    #expect(abs(prepared.noiseTop - golden.noise[1]) <= 1e-9)
    let values = ScanFeatures(prepared).values
    #expect(values.count == golden.features.count)
    for index in values.indices {
      let difference = abs(values[index] - golden.features[index])
      // With an undetected pre-scan left in, a run of equal stimuli has no slope: the local line and
      // this low quantile of its residuals are defined to rounding only.
      let undefined = golden.name == "MSCC00226D_OM2.MEM" && index == 244
      #expect(
        difference <= (undefined ? 1e-3 : 1e-6),
        "\(golden.name), feature \(index): \(values[index])")
    }
  }

  @Test("twelve synthetic scans, few to many units, quiet to noisy, quantised and not")
  func synthetic() throws {
    try #require(Self.golden.count >= 20)
    for index in 0..<12 {
      try Self.compare(SyntheticScan.scan(index), Self.golden[index])
    }
  }

  @Test("real scans, with the stated and with the detected pre- and post-scan")
  func real() throws {
    for golden in Self.golden.dropFirst(12) {
      let url = try SharedData.file("data/cmap-scan/" + golden.name)
      var scan = try CMAPScan.open(url)
      if golden.detected == true {
        scan.preScanCount = nil
        scan.postScanCount = nil
      } else {
        // These values were computed with the post-scan from the last of the file's marks on.
        let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        let marks = try #require(text.firstMatch(of: #/Scanpts:[^\r\n]*?([0-9]+)[ \t]*[\r\n]/#))
        scan.postScanCount = scan.responseMillivolts.count - (Int(marks.1) ?? 0) + 1
      }
      try Self.compare(scan, golden)
    }
  }

  @Test("features do not depend on the gain or on the order of equal work")
  func gainInvariance() throws {
    var scan = SyntheticScan.scan(4)
    let before = ScanFeatures(try PreparedScan(scan)).values
    scan.responseMillivolts = scan.responseMillivolts.map { $0 * 4 + 8 }
    let after = ScanFeatures(try PreparedScan(scan)).values
    for index in before.indices { #expect(abs(before[index] - after[index]) < 1e-6) }
  }
}
