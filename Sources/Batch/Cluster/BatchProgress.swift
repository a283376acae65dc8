import Foundation

/// How far the packs of a plan are, from the status files alone.
public struct BatchProgress: Sendable, Equatable, Encodable {
  /// A recording that has no result yet.
  public struct Open: Sendable, Equatable, Encodable {
    /// Place in the list.
    public var index: Int
    /// Path of the recording.
    public var path: String
    /// Its pack.
    public var pack: Int
    /// How the last try ended; nil where there was none.
    public var state: RecordingStatus.State?
    /// Exit code of the last try.
    public var exitCode: Int32?
    /// Why the last try ended so.
    public var reason: String?
  }

  /// Recordings of the plan.
  public var recordings = 0
  /// Recordings with a result.
  public var done = 0
  /// Recordings that are refused: another try ends the same.
  public var refused = 0
  /// Recordings whose last try was cut short.
  public var failed = 0
  /// Recordings that no task has ended yet.
  public var untried = 0
  /// Packs of the plan.
  public var packs = 0
  /// Packs in which each recording is done or refused.
  public var finishedPacks = 0
  /// Recordings whose task Slurm had started again.
  public var restarted = 0
  /// Processor seconds of the recordings that are done.
  public var processorSeconds = 0.0
  /// Processor seconds that the plan predicted for the same.
  public var predictedSecondsOfDone = 0.0
  /// Processor seconds predicted for what is neither done nor refused.
  public var predictedSecondsLeft = 0.0
  /// Recordings without a result, in the order of the list.
  public var open: [Open] = []

  /// Compares a plan with the status files of its output folder.
  ///
  /// A status of another recording in the same place, from an earlier list, counts as none.
  public init(_ plan: BatchPlan, output: String) {
    self.init(plan, statuses: RecordingStatus.all(in: output))
  }

  init(_ plan: BatchPlan, statuses: [Int: RecordingStatus]) {
    recordings = plan.items.count
    packs = plan.packCount
    var unfinished: Set<Int> = []
    for (item, pack) in zip(plan.items, plan.packs) {
      let status = statuses[item.index].flatMap { $0.path == item.path ? $0 : nil }
      if let restarts = status?.restarts, restarts > 0 { restarted += 1 }
      switch status?.state {
      case .done, .skipped:
        done += 1
        if let status, status.state == .done {
          processorSeconds += status.processorSeconds
          predictedSecondsOfDone += item.predictedSeconds
        }
        continue
      case .refused:
        refused += 1
      case .failed:
        failed += 1
        unfinished.insert(pack)
        predictedSecondsLeft += item.predictedSeconds
      case nil:
        untried += 1
        unfinished.insert(pack)
        predictedSecondsLeft += item.predictedSeconds
      }
      open.append(
        Open(
          index: item.index, path: item.path, pack: pack, state: status?.state,
          exitCode: status?.exitCode, reason: status?.reason))
    }
    finishedPacks = packs - unfinished.count
  }
}
