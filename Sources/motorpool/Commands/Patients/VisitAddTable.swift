import ArgumentParser
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
    if !preview {
      let common =
        ["--registry=\(registry.path)", "--threads=1", "--json"]
        + (registry.author.map { ["--author=\($0)"] } ?? [])
        + (acceptance.accept ? ["--accept"] : [])
      try entry.storeByProcesses(workers: input.array.threads.parallelism.threadCount) {
        $0.arguments + common
      }
    }
    let failures = entry.failures
    if let place, let failures { try place.write(place.origin(), failures) }
    let summary = VisitTableSummary(entry, failures: failures == nil || preview ? nil : name)
    try printing.write(summary, text: summary.text(isPreview: preview))
    if let code = StopSignal.exitCode { throw ExitCode(code) }
    if failures != nil { throw ExitCode(Failure.refused) }
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
