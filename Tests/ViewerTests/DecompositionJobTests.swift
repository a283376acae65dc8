import Decomposition
import Foundation
import Recordings
import Synchronization
import Testing

@testable import Viewer

/// What a decomposition says while it runs, on recordings of the samples.
struct DecompositionJobTests {
  private static func sample(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Samples/\(name)").path
  }

  @Test(arguments: ["grid.wav", "needle.edf"])
  func theLastReportKnowsTheUnitsOfTheRun(_ name: String) throws {
    let folder = NSTemporaryDirectory() + "job-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let job = DecompositionJob(
      file: Self.sample(name), options: RecordingOptions(), output: folder, excludedChannels: [],
      excludedSeconds: [], configuration: ArrayConfiguration(), author: "test")
    let reports = Mutex<[JobReport]>([])
    let number = try job.run { report in reports.withLock { $0.append(report) } }
    let recording = try Recording.open(job.file, options: job.options)
    let run = try RunFolder(path: folder, sha256: try recording.source.inputHash())
      .run(number, recording: recording)
    let last = try #require(reports.withLock { $0.last })
    #expect(run.units.count > 0)
    #expect(last.units == run.units.count)
    #expect(last.fraction == 1)
  }
}
