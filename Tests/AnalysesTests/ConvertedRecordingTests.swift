import Foundation
import Recordings
import Synchronization
import Testing

@testable import Analyses

@Suite struct ConvertedRecordingTests {
  @Test func whatAFormatCannotHoldIsSaid() throws {
    var recording = Recording(
      signals: [[Float](repeating: 1, count: 2_000), [Float](repeating: 2, count: 2_000)],
      samplingRate: 1_000)
    recording.channels[1].role = .force
    recording.annotations = [Annotation(onset: 0.5, text: "start")]
    recording.startTime = Date(timeIntervalSince1970: 0)
    let audio = ConvertedRecording(recording, format: "WAV")
    #expect(audio.channels == [0])
    #expect(try audio.leftOut().count == 3)
    let edf = ConvertedRecording(recording, format: "edf")
    #expect(edf.channels == [0, 1])
    #expect(try edf.leftOut() == [])
    #expect(try ConvertedRecording(recording, format: "csv").leftOut().count == 2)
  }

  @Test(arguments: ["edf", "bdf", "csv", "wav", "w64", "flac", "aiff", "mat", "nwb"])
  func progressGrowsToTheEnd(_ format: String) throws {
    var recording = try #require(SimulatedFixtures.grid)
    // Audio leaves out what is no EMG, FLAC holds eight channels.
    let kept = format == "flac" ? 8 : recording.channels.count - 2
    for index in kept..<recording.channels.count { recording.channels[index].role = .force }
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("converted-\(UUID().uuidString).\(format)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shares = Mutex<[Double]>([])
    try ConvertedRecording(recording, format: format).write(to: path) { progress in
      shares.withLock { $0.append(progress.fraction) }
    }
    let told = shares.withLock { $0 }
    #expect(told == told.sorted())
    #expect(told.last == 1)
  }
}
