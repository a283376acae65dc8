import Foundation

/// Runs the recordings of one pack, each an atomic unit that can be killed and repeated.
public struct BatchRun: Sendable {
  /// How one piece of work ended.
  public struct Outcome: Sendable {
    /// Exit code, negative for a signal.
    public var exitCode: Int32
    /// Last line on standard error, empty where it is done.
    public var message: String
    /// Processor seconds of the work.
    public var processorSeconds: Double
    /// Peak memory in MB.
    public var peakMegabytes: Double

    /// An outcome.
    public init(
      exitCode: Int32, message: String, processorSeconds: Double, peakMegabytes: Double
    ) {
      self.exitCode = exitCode
      self.message = message
      self.processorSeconds = processorSeconds
      self.peakMegabytes = peakMegabytes
    }
  }

  /// Where the recordings are.
  public var input: String
  /// Where the results go.
  public var output: String
  /// Options that decide the results, for every recording.
  public var options: [String]
  /// Name and version of the software.
  public var software: String
  /// Whether results of other content or options are replaced.
  public var replaces: Bool
  /// Decomposes a recording; the arguments are its path, its options and a folder to work in, in
  /// which the result is to be a folder `result`.
  public var work: @Sendable (_ path: String, _ options: [String], _ folder: String) -> Outcome
  /// Whether the run was told to stop.
  public var isStopped: @Sendable () -> Bool

  /// A run.
  public init(
    input: String, output: String, options: [String], software: String, replaces: Bool = false,
    isStopped: @escaping @Sendable () -> Bool = { false },
    work: @escaping @Sendable (_ path: String, _ options: [String], _ folder: String) -> Outcome
  ) {
    self.input = input
    self.output = output
    self.options = options
    self.software = software
    self.replaces = replaces
    self.isStopped = isStopped
    self.work = work
  }

  /// Exit codes of the work after which another try may succeed: a disk that was full, a registry
  /// that was busy, a failure that is not of the data, and every signal.
  static func mayBeRepeated(_ code: Int32) -> Bool {
    code < 0 || code == 1 || code == 69 || code == 73 || code == 75 || code >= 128
  }

  /// Does the recordings one after the other and tells how each ended.
  ///
  /// A recording that fails does not stop the rest; only a stop that was asked for does. Its parts
  /// are told to `log` as they begin and end.
  ///
  /// - Throws: `BatchError` where the output folder cannot be written at all.
  public func callAsFunction(
    _ items: [BatchItem], log: (BatchEvent) -> Void = { _ in },
    report: (RecordingStatus) -> Void = { _ in }
  ) throws -> [RecordingStatus] {
    let environment = ProcessInfo.processInfo.environment
    let run = BatchEvent.runName(environment)
    func tell(_ event: BatchEvent) {
      var event = event
      event.run = run
      event.time = BatchEvent.now()
      log(event)
    }
    do {
      try FileManager.default.createDirectory(
        atPath: output + "/.work", withIntermediateDirectories: true)
      try DerivativeFiles.writeDescription(to: output, software: software)
    } catch {
      throw BatchError(.cannotWrite, "\(output): cannot be written (\(error))")
    }
    var start = BatchEvent(.runStarted)
    start.recordings = items.count
    tell(start)
    var ended: [RecordingStatus] = []
    defer {
      var end = BatchEvent(.runEnded)
      end.recordings = ended.count
      end.processorSeconds = ended.reduce(0) { $0 + $1.processorSeconds }
      tell(end)
    }
    for item in items {
      if isStopped() { break }
      var began = BatchEvent(.recordingStarted)
      began.recording = item.path
      began.index = item.index
      tell(began)
      var status = one(item) { stage, seconds in
        var event = BatchEvent(.stageEnded)
        event.recording = item.path
        event.index = item.index
        event.stage = stage
        event.processorSeconds = seconds
        tell(event)
      }
      status.host = ProcessInfo.processInfo.hostName
      status.job = environment["SLURM_JOB_ID"]
      status.restarts = environment["SLURM_RESTART_COUNT"].flatMap { Int($0) }
      status.predictedSeconds = item.predictedSeconds
      if isStopped() && status.state == .failed { break }
      do {
        // What the work cost stays on record when it is passed over later.
        let isKnown = status.state == .skipped && RecordingStatus.isDone(status, in: output)
        if !isKnown { try status.write(to: output) }
      } catch {
        throw BatchError(.cannotWrite, "\(error)")
      }
      tell(Self.event(of: status))
      report(status)
      ended.append(status)
    }
    return ended
  }

  private static func event(of status: RecordingStatus) -> BatchEvent {
    var event = BatchEvent(.recordingEnded)
    event.recording = status.path
    event.index = status.index
    event.state = status.state
    event.exitCode = status.exitCode
    event.processorSeconds = status.processorSeconds
    event.peakMegabytes = status.peakMegabytes
    event.message = status.reason.isEmpty ? nil : status.reason
    event.level =
      switch status.state {
      case .done, .skipped: "info"
      case .refused: "warning"
      case .failed: "error"
      }
    return event
  }

  private func one(
    _ item: BatchItem, ended: (BatchEvent.Stage, Double) -> Void
  ) -> RecordingStatus {
    // Hashes are worked out by this process itself, on this thread.
    var clock = ChildProcess.ownProcessorSeconds()
    func lap() -> Double {
      let now = ChildProcess.ownProcessorSeconds()
      defer { clock = now }
      return now - clock
    }
    let path = item.path.hasPrefix("/") ? item.path : input + "/" + item.path
    let own = options + item.options
    var status = RecordingStatus(
      index: item.index, path: item.path, key: "", state: .failed, exitCode: 1, reason: "")
    do {
      status.key = try ContentKey.key(
        files: [path] + ContentKey.sidecars(of: item, folder: input), options: own,
        software: software)
      ended(.key, lap())
    } catch {
      status.state = .refused
      status.exitCode = 66
      status.reason = "\(error)"
      return status
    }
    let result = BatchResult(output: output, item: item, key: status.key)
    switch result.present() {
    case .same:
      status.state = .skipped
      status.exitCode = 0
      return status
    case .other(let done) where !replaces:
      status.state = .refused
      status.exitCode = 65
      status.reason =
        "\(result.path): holds the result of other content or options (\(done.software)); "
        + "it stays unless it is to be replaced"
      return status
    case .nothing, .damaged, .other: break
    }
    result.discard()
    defer { result.discard() }
    do {
      try FileManager.default.createDirectory(
        atPath: result.workPath, withIntermediateDirectories: true)
    } catch {
      status.exitCode = 73
      status.reason = "\(result.workPath): cannot be made (\(error.localizedDescription))"
      return status
    }
    let outcome = work(path, own, result.workPath)
    ended(.decompose, outcome.processorSeconds)
    status.exitCode = outcome.exitCode
    status.reason = outcome.message
    status.processorSeconds = outcome.processorSeconds
    status.peakMegabytes = outcome.peakMegabytes
    if outcome.exitCode != 0 {
      status.state = Self.mayBeRepeated(outcome.exitCode) ? .failed : .refused
      return status
    }
    _ = lap()
    do {
      try DerivativeFiles.writeEvents(of: item, from: result.madePath, to: output)
      try result.commit(software: software, replacing: replaces)
      status.state = .done
      ended(.store, lap())
    } catch let error as BatchError {
      status.state = error.kind == .refused ? .refused : .failed
      status.exitCode = error.kind == .refused ? 65 : 73
      status.reason = error.description
    } catch {
      status.exitCode = 73
      status.reason = "\(error)"
    }
    return status
  }

  /// The exit code of a pack: 0 where all is done or skipped, 75 where another try may help, else
  /// 65 where recordings are refused.
  public static func exitCode(_ ended: [RecordingStatus]) -> Int32 {
    if ended.contains(where: { $0.state == .failed }) { return 75 }
    return ended.contains { $0.state == .refused } ? 65 : 0
  }
}
