import Foundation
import TestSupport
import Testing

@testable import Recordings

@Suite struct TableReaderTests {
  private func open(
    _ text: String, name: String = "a.csv", _ options: RecordingOptions = .init()
  ) throws -> (Recording, TemporaryFolder) {
    let folder = try TemporaryFolder()
    return (try Recording.open(try folder.write(name, text), options: options), folder)
  }

  @Test func readsTheSensorPairsExport() throws {
    let url = try SharedData.file("data/formats/truncated_trigno_sample.csv")
    let recording = try Recording.open(url.path)
    #expect(recording.source.formatName == "Delsys EMGworks CSV")
    #expect(recording.channels.count == 14)
    #expect(recording.emgChannels == [0, 7])
    #expect(recording.channels[0].name == "Mini sensor 10: EMG 10")
    #expect(recording.channels[0].unit == .microvolt)
    #expect(recording.samplingRate == 1259.259)
    #expect(recording.channels[1].samplingRate == 148.1481)
    #expect(recording.channels[1].unit == .standardGravity)
    #expect(
      recording.channels.map(\.sampleCount) == [
        2519, 297, 297, 297, 297, 297, 297, 2519, 297, 297, 297, 297, 297, 297,
      ])
    // Volts in the file, microvolts here; row 200 read with another program.
    let emg = try recording.samples(channels: [0, 1], range: 200..<201)
    #expect(abs(emg[0][0] + 129.4118) < 1e-3)
    #expect(emg[1][0] == 0.09277344)
    #expect(abs((try recording.samples(channel: 7).last ?? 0) + 17.62417) < 1e-4)
    #expect(recording.warnings.contains { $0.contains("2519 of 81141") })
  }

  @Test func refusesWithoutRateOrUnitSayingWhatIsToBeStated() {
    let rate = thrown { try open("1,2\n3,4\n", .init(unit: .microvolt)) }
    #expect(rate?.kind == .missingSamplingRate)
    #expect(rate?.input == .stateSamplingRate)
    let unit = thrown { try open("1,2\n3,4\n", .init(samplingRate: 1000)) }
    #expect(unit?.kind == .missingUnit)
    #expect(unit?.input == .stateUnit)
  }

  @Test func readsPlainColumns() throws {
    let (recording, _) = try open("1,2\n3,4\n5,6", .init(samplingRate: 1000, unit: .millivolt))
    #expect(recording.channels.map(\.sampleCount) == [3, 3])
    #expect(
      try recording.samples(channels: [0, 1], range: 1..<3) == [[3000, 5000], [4000, 6000]])
  }

  @Test(arguments: [
    "time [s];EMG 1 [mV];Force [N]\n0,000;1,5;10\n0,001;-2,25;20,5\n0,002;3;30\n",
    "Time (s)\tEMG 1 (mV)\tForce (N)\r\n0.000\t1.5\t10\r\n0.001\t-2.25\t20.5\r\n0.002\t3\t30\r\n",
    "a file of 3 rows\n\ntime,EMG 1,Force\ns,mV,N\n0.000,1.5,10\n0.001,-2.25,2.05e1\n0.002,3,30",
    "\u{FEFF}time [ms], \"EMG 1 [mV]\", \"Force [N]\"\n0,1.5,10\n1,-2.25,20.5\n2,3,30\n\n",
    "# time_s EMG1_mV Force_[N]\n0.000 1.5 10\n0.001  -2.25 20.5\n 0.002 3 30\n",
    "Zeit [s];EMG 1 [mV];Force [N]\r0,000;1,5;10\r0,001;-2,25;20,5\r0,002;3,0;30\r",
  ])
  func readsDialects(_ text: String) throws {
    let (recording, _) = try open(text)
    #expect(recording.channels.count == 2)
    #expect(recording.samplingRate == 1000)
    #expect(recording.channels[0].role == .emg)
    #expect(recording.channels[1].role == .force)
    #expect(recording.channels[1].unit == .newton)
    #expect(try recording.samples(channel: 0) == [1500, -2250, 3000])
    #expect(try recording.samples(channel: 1) == [10, 20.5, 30])
  }

  @Test func roundedTimesStillGiveAWholeRate() throws {
    var text = "time [s],EMG [uV]\n"
    for row in 0..<5000 {
      text += String(format: "%.4f,%d\n", Double(row) / 2048, row)
    }
    let (recording, _) = try open(text)
    #expect(recording.samplingRate == 2048)
    #expect(recording.sampleCount == 5000)
    // Rows far from each other, over the borders of the line index.
    for row in [0, 1023, 1024, 1025, 2047, 4999] {
      #expect(try recording.samples(channels: [0], range: row..<row + 1) == [[Float(row)]])
    }
    #expect(try recording.samples(channels: [0], range: 1000..<3000)[0].last == 2999)
  }

  @Test func aLongTableIsReadOverBlockBorders() throws {
    var text = "EMG [uV]\tb [uV]\n"
    for row in 0..<90_000 { text += "\(row)\t\(-row).25\n" }
    let (recording, _) = try open(text, name: "a.tsv", .init(samplingRate: 1000))
    #expect(recording.source.formatName == "TSV")
    #expect(recording.sampleCount == 90_000)
    let values = try recording.samples(channels: [0, 1], range: 60_000..<90_000)
    #expect(values[0] == (60_000..<90_000).map { Float($0) })
    #expect(values[1].last == -89_999.25)
  }

  @Test func anUnnamedEvenFirstColumnIsTime() throws {
    var text = ""
    for row in 0..<20 { text += "\(Double(row) / 500),\(row)\n" }
    let (recording, _) = try open(text, .init(unit: .microvolt))
    #expect(recording.channels.count == 1)
    #expect(recording.samplingRate == 500)
    #expect(recording.warnings.contains { $0.contains("taken as time") })
  }

  @Test(arguments: [
    ("time [s],EMG [uV]\n0,1\n0.001,2\n0.002,3\n0.102,4\n0.103,5\n", "time is"),
    ("a,b\n", "without rows of numbers"), ("time [s]\n0\n1\n2\n", "no samples"),
    ("time [s],EMG [uV]\n0,1\n0,2\n0,3\n", "time is"),
  ])
  func badTablesAreErrors(_ text: String, _ part: String) {
    let error = thrown { try open(text) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  @Test(arguments: ["x", "1.2.3", "0x10", "1e", "--1"])
  func aBadCellIsNamedWhenItIsRead(_ cell: String) throws {
    let (recording, _) = try open(
      "EMG [uV],b [uV]\n1,2\n3,4\n5,\(cell)\n7,8\n", .init(samplingRate: 10))
    let error = thrown { try recording.samples(channel: 1) }
    #expect(error?.place == "line 4, column 2")
    #expect(try recording.samples(channel: 0) == [1, 3, 5, 7])
  }

  @Test func optionsWinOverTheHeaderAndAreSaid() throws {
    let text = "time [s],EMG [uV]\n0,1\n0.001,2\n0.002,3\n"
    let (unit, _) = try open(text, .init(unit: .volt))
    #expect(try unit.samples(channel: 0) == [1e6, 2e6, 3e6])
    #expect(unit.warnings.contains { $0.contains("given unit V replaces") })
    let (rate, _) = try open(text, .init(samplingRate: 500))
    #expect(rate.samplingRate == 500)
    #expect(rate.warnings.contains { $0.contains("given 500.0 Hz replaces the file's 1000.0 Hz") })
  }

  @Test func utf16IsNamed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.csv", [0xFF, 0xFE, 0x31, 0, 0x2C, 0, 0x32, 0, 0x0A, 0])
    #expect(thrown { try Recording.open(path) }?.description.contains("UTF-16") == true)
  }
}
