import Foundation

/// Something that happened in a run, for logs that machines read: one JSON object a line.
///
/// Members that an event has not are left out. Times are UTC.
public struct BatchEvent: Sendable, Equatable, Codable {
  /// What happened.
  public enum Kind: String, Sendable, Codable {
    case runStarted = "run-started"
    case recordingStarted = "recording-started"
    case stageEnded = "stage-ended"
    case recordingEnded = "recording-ended"
    case runEnded = "run-ended"
  }

  /// A part of the work on one recording.
  public enum Stage: String, Sendable, Codable {
    /// Hashes of the recording and its sidecars.
    case key
    /// The decomposition.
    case decompose
    /// Hashes of the result and its move into place.
    case store
  }

  /// When, as ISO 8601 with milliseconds.
  public var time = ""
  /// `info`; `warning` for a recording that is refused, `error` for one that was cut short.
  public var level = "info"
  /// What happened.
  public var event: Kind
  /// The run: task of a cluster, or host and process.
  public var run = ""
  /// Recordings of the run.
  public var recordings: Int?
  /// Path of the recording in the list.
  public var recording: String?
  /// Place of the recording in the list.
  public var index: Int?
  /// The part of the work that ended.
  public var stage: Stage?
  /// How the work on the recording ended.
  public var state: RecordingStatus.State?
  /// Exit code of the work on the recording.
  public var exitCode: Int32?
  /// Processor seconds of the stage, the recording or the run.
  public var processorSeconds: Double?
  /// Peak memory of the work on the recording in MB.
  public var peakMegabytes: Double?
  /// Why the recording has no result.
  public var message: String?

  /// An event of a kind.
  public init(_ event: Kind) { self.event = event }

  /// The event as one line.
  public var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Finite numbers and texts always encode.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// A name of this run that no other has at the same time.
  static func runName(_ environment: [String: String]) -> String {
    if let job = environment["SLURM_ARRAY_JOB_ID"], let task = environment["SLURM_ARRAY_TASK_ID"] {
      return "\(job)_\(task)"
    }
    return environment["SLURM_JOB_ID"] ?? "\(ProcessInfo.processInfo.hostName).\(getpid())"
  }

  static func now() -> String {
    Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
