import ArgumentParser
import Batch
import FollowUp
import Foundation
import Recordings
import Terminal

extension VisitAdd {
  /// Adds the visits of a table, each by a process of its own, so that one that fails stops no other.
  func addAll(of file: String) throws {
    var entry = try VisitTableEntry(
      file: file, patient: pseudonym, registry: { try registry.open() },
      problem: { Failure.line(for: $0)?.0 ?? "\($0)" })
    let name =
      failuresFile
      ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent + "-failed.csv"
    let place = preview ? nil : try outputs.file(name, of: "visit add", inputs: [file])
    if !preview { try store(&entry) }
    let failures = entry.failures
    if let place, let failures { try place.write(place.origin(), failures) }
    let summary = VisitTableSummary(entry, failures: failures == nil || preview ? nil : name)
    try printing.write(summary, text: summary.text(isPreview: preview))
    if let code = StopSignal.exitCode { throw ExitCode(code) }
    if failures != nil { throw ExitCode(Failure.refused) }
  }

  /// Stores the visits that are due on all processors.
  private func store(_ entry: inout VisitTableEntry) throws {
    if entry.due.isEmpty { return }
    StopSignal.listen()
    let program = RunningProgram.path
    let common =
      ["--registry=\(registry.path)", "--threads=1", "--json"]
      + (registry.author.map { ["--author=\($0)"] } ?? [])
      + (acceptance.accept ? ["--accept"] : [])
    let workers = max(1, min(input.array.threads.parallelism.threadCount, entry.due.count))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "motorpool-visits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for worker in 0..<workers {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("\(worker)"), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    let meter = ProgressMeter("\(entry.due.count) visits")
    entry.store(
      workers: workers, isStopped: { StopSignal.isStopped }, progress: { meter.update($0) }
    ) { row, worker in
      let outcome = ChildProcess.run(
        program, row.arguments + common, in: folder.appendingPathComponent("\(worker)").path,
        environment: ProcessInfo.processInfo.environment, isStopped: { StopSignal.isStopped })
      if outcome.exitCode == 0 { return nil }
      let prefix = "motorpool: "
      return outcome.message.hasPrefix(prefix)
        ? String(outcome.message.dropFirst(prefix.count)) : outcome.message
    }
    meter.finish()
  }
}

extension VisitTable.Row {
  /// What adds the visit: columns are named as the options of `visit add` are.
  fileprivate var arguments: [String] {
    ["visit", "add", patient] + plainFiles
      + entries.flatMap { entry in
        switch entry {
        case .file(let kind, let path): ["--\(kind)", path]
        case .setting(let name, let value): ["--\(name)=\(value)"]
        case .flag(let name): ["--\(name)"]
        }
      }
  }
}
