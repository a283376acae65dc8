import Analyses
import Decomposition
import FollowUp
import Foundation
import Recordings
import Registry

/// What a file that was sent holds, found out by a child process with limits of memory and time: a file
/// that is made to do harm ends that process and nothing else.
public struct UploadCheck: Codable, Sendable, Equatable {
  /// Name of the format; nil where the file cannot be read.
  public var format: String?
  /// EMG channels; nil for what is no recording.
  public var channels: Int?
  /// Sampling rate of the EMG in Hz.
  public var samplingRate: Double?
  /// Seconds.
  public var duration: Double?
  /// The day that the file states, as YYYY-MM-DD.
  public var day: String?
  /// Why it cannot be read as it stands; a statement of rate or unit may help.
  public var problem: String?

  /// Limits of the child process, beside those of the processor time of `seconds`.
  static let memory = 4 << 30
  static let seconds = 60

  /// Opens a file and reads the first and the last second.
  ///
  /// - Throws: whatever reading throws.
  init(path: String) throws {
    let context = VisitFile.Context(
      reading: RecordingReading(), electrodes: .auto, configuration: ArrayConfiguration(),
      muscle: "", side: .midline)
    let opened = try VisitFile.Opened(path, use: .byContent, context: context)
    format = opened.source.formatName
    day = opened.startTime.map {
      CivilDate(dayNumber: Int(($0.timeIntervalSince1970 / 86_400).rounded(.down))).description
    }
    guard case .recording(let recording) = opened.content else { return }
    channels = recording.emgChannels.count
    samplingRate = recording.samplingRate
    duration = recording.duration
    let second = max(1, min(recording.sampleCount, Int(recording.samplingRate)))
    for start in [0, recording.sampleCount - second] where recording.sampleCount > 0 {
      _ = try recording.samples(
        channels: recording.emgChannels, range: start..<(start + second))
    }
  }

  /// A file that cannot be read.
  init(problem: String) { self.problem = problem }

  /// What the child process does: sets its limits, looks at the file, prints what it holds.
  public static func perform(_ path: String) -> Int32 {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int ?? 0
    ChildProcessLimits.set(memory: memory + size, seconds: seconds)
    var found: UploadCheck
    do {
      found = try UploadCheck(path: path)
    } catch {
      found = UploadCheck(problem: ViewerError(error).description)
    }
    // The folder is nobody's business.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/"
    found.problem = found.problem?.replacingOccurrences(of: folder, with: "")
    guard let data = try? JSONEncoder().encode(found) else { return 1 }
    try? FileHandle.standardOutput.write(contentsOf: data)
    return 0
  }

  /// Has a file looked at by `program --check PATH`.
  ///
  /// - Throws: `ViewerError` of kind `unusable` where the process ends without an answer or exceeds its
  ///   limits.
  static func of(_ path: String, program: String, seconds: Double = 90) async throws -> UploadCheck
  {
    let data = try await Background.run { () throws -> Data in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = [ProgramMode.check.argument, path]
      process.currentDirectoryURL = URL(fileURLWithPath: path).deletingLastPathComponent()
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      do {
        try process.run()
      } catch {
        throw ViewerError(.failed, "the program that checks files cannot be started")
      }
      let pid = process.processIdentifier
      let alarm = DispatchWorkItem { kill(pid, SIGKILL) }
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: alarm)
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      alarm.cancel()
      return data
    }
    guard let found = try? JSONDecoder().decode(UploadCheck.self, from: data) else {
      throw ViewerError.unusable(
        "the file cannot be read within \(memory >> 30) GB of memory and \(seconds.formatted()) s; "
          + "it was removed")
    }
    return found
  }
}

/// Limits that a child process sets itself before it touches a file from outside.
enum ChildProcessLimits {
  /// - Parameters:
  ///   - memory: address space in bytes; nil leaves it as it is.
  ///   - seconds: of the processor; nil leaves them as they are.
  static func set(memory: Int?, seconds: Int?) {
    func limit(_ kind: __rlimit_resource_t, _ value: Int) {
      var limits = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
      setrlimit(kind, &limits)
    }
    limit(__rlimit_resource_t(RLIMIT_CORE.rawValue), 0)
    if let memory { limit(__rlimit_resource_t(RLIMIT_AS.rawValue), memory) }
    if let seconds { limit(__rlimit_resource_t(RLIMIT_CPU.rawValue), seconds) }
  }
}
