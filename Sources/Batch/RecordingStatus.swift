import Foundation
import Recordings

/// How the work on one recording ended; one file each, so that workers never share one.
public struct RecordingStatus: Sendable, Equatable, Codable {
  /// What became of it.
  public enum State: String, Sendable, Codable {
    /// The result is there.
    case done
    /// The same result was there already.
    case skipped
    /// The recording is refused: another try ends the same.
    case refused
    /// The work was cut short; another try may succeed.
    case failed
  }

  /// Place in the list.
  public var index: Int
  /// Path of the recording in the list.
  public var path: String
  /// Content key; empty where the file could not be read.
  public var key: String
  /// What became of it.
  public var state: State
  /// Exit code of the work, negative for a signal.
  public var exitCode: Int32
  /// One line that says why, empty where it is done.
  public var reason: String
  /// Processor seconds.
  public var processorSeconds: Double
  /// Peak memory in MB.
  public var peakMegabytes: Double
  /// Predicted processor seconds.
  public var predictedSeconds: Double
  /// Name of the host.
  public var host: String
  /// Job of the scheduler, if there is one.
  public var job: String?
  /// How often the scheduler had started it again.
  public var restarts: Int?

  /// A status.
  public init(
    index: Int, path: String, key: String, state: State, exitCode: Int32, reason: String,
    processorSeconds: Double = 0, peakMegabytes: Double = 0, predictedSeconds: Double = 0,
    host: String = "", job: String? = nil, restarts: Int? = nil
  ) {
    self.index = index
    self.path = path
    self.key = key
    self.state = state
    self.exitCode = exitCode
    self.reason = reason
    self.processorSeconds = processorSeconds
    self.peakMegabytes = peakMegabytes
    self.predictedSeconds = predictedSeconds
    self.host = host
    self.job = job
    self.restarts = restarts
  }

  /// The folder of the status files in an output folder.
  public static func folder(_ output: String) -> String { output + "/.status" }

  /// Writes the file of this recording whole.
  ///
  /// - Throws: `RecordingError` where it cannot be written.
  public func write(to output: String) throws {
    try FileManager.default.createDirectory(
      atPath: Self.folder(output), withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(
      try encoder.encode(self), to: "\(Self.folder(output))/\(index).json")
  }

  /// Whether the file of a recording tells already that this content is done.
  static func isDone(_ status: RecordingStatus, in output: String) -> Bool {
    let path = "\(folder(output))/\(status.index).json"
    guard let data = FileManager.default.contents(atPath: path),
      let known = try? JSONDecoder().decode(RecordingStatus.self, from: data)
    else { return false }
    return known.state == .done && known.key == status.key && known.path == status.path
  }

  /// The status of each recording, by index; what cannot be read is left out.
  public static func all(in output: String) -> [Int: RecordingStatus] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(output))) ?? []
    var found: [Int: RecordingStatus] = [:]
    for name in names where name.hasSuffix(".json") {
      guard let data = FileManager.default.contents(atPath: folder(output) + "/" + name),
        let status = try? JSONDecoder().decode(RecordingStatus.self, from: data)
      else { continue }
      found[status.index] = status
    }
    return found
  }
}
