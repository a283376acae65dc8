import Foundation
import Testing

@testable import Recordings

/// Tables as programs really write them: what is no signal is left out and said.
@Suite struct OddTableTests {
  private func open(
    _ text: String, _ options: RecordingOptions = .init(samplingRate: 1000, unit: .microvolt)
  ) throws -> Recording {
    let folder = try TemporaryFolder()
    let recording = try Recording.open(try folder.write("a.csv", text), options: options)
    // The file may go: what is asked for below was read.
    return Recording(
      source: recording.source, channels: recording.channels,
      samples: SamplesInMemory(
        channels: try recording.channels.indices.map {
          try recording.samples.samples(
            channels: [$0], range: 0..<recording.channels[$0].sampleCount)[0]
        }), warnings: recording.warnings)
  }

  private func rows(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }

  @Test(arguments: [",a,b\n", "index,a,b\n", "\"\",\"a\",\"b\"\n", "a,b\n", "Sample number,a,b\n"])
  func rowNumbersAreLeftOut(_ header: String) throws {
    let recording = try open(header + rows(30) { "\($0 + 1),\($0 % 3).5,\($0 % 5)" })
    #expect(recording.channels.map(\.name) == ["a", "b"])
    #expect(recording.warnings.contains { $0.contains("counts rows") })
    #expect(try recording.samples(channels: [0], range: 0..<3) == [[0.5, 1.5, 2.5]])
  }

  @Test func rowNumbersWithoutHeaderAndEmptyColumnsAreLeftOut() throws {
    let recording = try open(rows(30) { "\($0),\($0 % 7).25,,\($0 % 4)," })
    #expect(recording.channels.count == 2)
    #expect(recording.warnings.contains { $0.contains("is empty") })
  }

  @Test(arguments: [
    ("2025-01-15T09:00:00.%04d00", 2000.0), ("09:00:00.%04d", 2000),
    ("15.01.2025 09:00:00.%04d", 2000),
  ])
  func clocksGiveTheRate(_ format: String, _ rate: Double) throws {
    let text = "clock,a [uV]\n" + rows(100) { String(format: format, 5 * $0) + ",\($0 % 3)" }
    let recording = try open(text, .init())
    #expect(recording.channels.map(\.name) == ["a"])
    #expect(abs(recording.samplingRate - rate) < 1e-6)
  }

  @Test func aClockOfWholeSecondsNeedsTheRate() throws {
    let text = "clock,a [uV]\n" + rows(100) { "09:00:0\($0 / 50),\($0 % 3)" }
    #expect(throws: RecordingError.self) { try open(text, .init()) }
    let recording = try open(text, .init(samplingRate: 50))
    #expect(recording.samplingRate == 50)
    #expect(recording.warnings.contains { $0.contains("the given") })
  }

  @Test func timeWithoutUnitIsDoubtedAndTheRateOfTheUserWins() throws {
    let text = "Time,a [uV]\n" + rows(50) { "\(Double($0) / 2),\($0 % 3)" }
    let doubtful = try open(text, .init())
    #expect(doubtful.samplingRate == 2000)
    #expect(
      doubtful.warnings.contains { $0.contains("milliseconds") && $0.contains("state the rate") })
    let stated = try open(text, .init(samplingRate: 4000))
    #expect(stated.samplingRate == 4000)
  }

  @Test func aTailWithoutNumbersIsCutAndAHoleIsNot() throws {
    let tail = try open(
      "time [s],a [uV],b [uV]\n"
        + rows(40) { "\(Double($0) / 1000)," + ($0 < 30 ? "\($0 % 3),1" : "NaN,") }, .init())
    #expect(tail.sampleCount == 30)
    #expect(tail.warnings.contains { $0.contains("last 10 samples") })
    let hole = try open(
      "time [s],a [uV]\n" + rows(40) { "\(Double($0) / 1000)," + ($0 == 20 ? "" : "1") }, .init())
    #expect(hole.sampleCount == 40)
    let error = thrown { try hole.samples(channel: 0) }
    #expect(error?.description.contains("sample 20: is missing") == true)
  }

  @Test func aLastRowThatWasCutIsLeftOut() throws {
    let recording = try open("time [s],a [uV]\n0,1\n0.001,2\n0.002,3\n0.003", .init())
    #expect(recording.sampleCount == 3)
    #expect(recording.warnings.contains { $0.contains("was cut there") })
  }

  @Test func eachSignalOfASensorExportHasItsOwnTimeRateAndStart() throws {
    let text =
      "Application:,Sensors 1\nleft (1),,right (2),\n"
      + "EMG 1 Time Series (s),EMG 1 (mV),EMG 1 Time Series (s),EMG 1 (mV)\n,2000 Hz,,1000 Hz\n"
      + rows(40) { row in
        "\(Double(row) / 2000),\(row % 3),"
          + (row < 20 ? "\(0.5 + Double(row) / 1000),\(row % 2)" : ",")
      }
    let recording = try open(text, .init())
    #expect(recording.channels.map(\.name) == ["left (1) EMG 1", "right (2) EMG 1"])
    #expect(recording.channels.map(\.samplingRate) == [2000, 1000])
    #expect(recording.channels.map(\.sampleCount) == [40, 20])
    #expect(recording.channels.map(\.startSeconds) == [0, 0.5])
    #expect(recording.channels.map(\.storedUnit) == ["mV", "mV"])
    #expect(try recording.samples(channels: [0], range: 1..<2) == [[1000]])
  }
}
