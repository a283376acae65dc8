import Batch
import FollowUp
import Foundation

extension VisitTableEntry {
  /// Stores the visits that are due, each by a process of this program in a folder of its own, several at
  /// once; a request to end stops them.
  ///
  /// - Parameters:
  ///   - workers: most processes at once.
  ///   - arguments: what a process of this program is called with to store the visit of a row.
  /// - Throws: what the file system says where there is no room for the folders.
  package mutating func storeByProcesses(
    workers: Int, arguments: @escaping @Sendable (VisitTable.Row) -> [String]
  ) throws {
    if due.isEmpty { return }
    StopSignal.listen()
    let program = RunningProgram.path
    let workers = max(1, min(workers, due.count))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "motorpool-visits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for worker in 0..<workers {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("\(worker)"), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    let meter = ProgressMeter("\(due.count) visits")
    store(
      workers: workers, isStopped: { StopSignal.isStopped }, progress: { meter.update($0) }
    ) { row, worker in
      let outcome = ChildProcess.run(
        program, arguments(row), in: folder.appendingPathComponent("\(worker)").path,
        environment: ProcessInfo.processInfo.environment, isStopped: { StopSignal.isStopped })
      if outcome.exitCode == 0 { return nil }
      let prefix = "motorpool: "
      return outcome.message.hasPrefix(prefix)
        ? String(outcome.message.dropFirst(prefix.count)) : outcome.message
    }
    meter.finish()
  }
}
