import Analyses
import ArgumentParser
import Batch
import Foundation
import Recordings
import Registry
import Reports
import Synchronization
import Tables

/// What became of one row of a table of visits.
private struct VisitRowOutcome: Encodable {
  enum State: String, Encodable {
    case stored, there, failed, planned
  }
  let line: Int
  let patient: String
  let date: String
  let files: [String]
  let state: State
  let problem: String?
}

/// What `motorpool visit add --from --json` prints.
private struct VisitTableSummary: Encodable {
  let software = SoftwareVersion.text
  let table: String
  let columnsPassedOver: [String]
  let stored: Int
  let there: Int
  let failed: Int
  let planned: Int
  let failures: String?
  let rows: [VisitRowOutcome]
}

extension VisitAdd {
  /// Adds the visits of a table, each by a process of its own, so that one that fails stops no other.
  func addAll(of file: String) throws {
    let table = try VisitTable(file: file, patient: pseudonym)
    let registry = try registry.open()
    let name =
      failuresFile
      ?? URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent + "-failed.csv"
    let place = preview ? nil : try outputs.file(name, of: "visit add", inputs: [file])
    var outcomes: [Int: VisitRowOutcome] = [:]
    func note(_ row: VisitTable.Row, _ state: VisitRowOutcome.State, _ problem: String? = nil) {
      outcomes[row.line] = VisitRowOutcome(
        line: row.line, patient: row.patient, date: row.date,
        files: row.files.map { URL(fileURLWithPath: $0).lastPathComponent }, state: state,
        problem: problem)
    }
    var due: [VisitTable.Row] = []
    for row in table.rows {
      do {
        if try row.isStored(in: registry) {
          note(row, .there)
        } else {
          due.append(row)
          note(row, .planned)
        }
      } catch {
        note(row, .failed, Failure.line(for: error)?.0 ?? "\(error)")
      }
    }
    if !preview {
      for (row, outcome) in try run(due) {
        if outcome.exitCode == 0 {
          note(row, .stored)
        } else {
          let text = outcome.message
          note(
            row, .failed,
            text.hasPrefix("motorpool: ") ? String(text.dropFirst("motorpool: ".count)) : text)
        }
      }
    }
    let rows = table.rows.compactMap { outcomes[$0.line] }
    let failed = rows.filter { $0.state == .failed }
    if let place, !failed.isEmpty {
      let problems = Dictionary(uniqueKeysWithValues: failed.map { ($0.line, $0.problem ?? "") })
      try place.write(place.origin(), table.failures(problems))
    }
    func count(_ state: VisitRowOutcome.State) -> Int { rows.count { $0.state == state } }
    let summary = VisitTableSummary(
      table: URL(fileURLWithPath: file).lastPathComponent, columnsPassedOver: table.passedOver,
      stored: count(.stored), there: count(.there), failed: count(.failed),
      planned: count(.planned), failures: failed.isEmpty || preview ? nil : name, rows: rows)
    try printing.write(summary, text: text(summary))
    if StopSignal.isStopped { throw ExitCode(143) }
    if !failed.isEmpty { throw ExitCode(Failure.refused) }
  }

  /// Runs the rows on all processors; results in the order of the rows.
  private func run(
    _ rows: [VisitTable.Row]
  ) throws -> [(VisitTable.Row, BatchRun.Outcome)] {
    if rows.isEmpty { return [] }
    StopSignal.listen()
    let program = try BatchArguments.program()
    let common =
      ["--registry=\(registry.path)", "--threads=1", "--json"]
      + (registry.author.map { ["--author=\($0)"] } ?? [])
      + (acceptance.accept ? ["--accept"] : [])
    let workers = max(1, min(try input.array.parallelism().threadCount, rows.count))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "motorpool-visits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let results = Mutex<[Int: BatchRun.Outcome]>([:])
    let next = Atomic<Int>(0)
    let meter = ProgressMeter("\(rows.count) visits")
    let done = Atomic<Int>(0)
    let threads = DispatchGroup()
    for worker in 0..<workers {
      let own = folder.appendingPathComponent("\(worker)")
      try FileManager.default.createDirectory(
        at: own, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      DispatchQueue.global().async(group: threads) {
        while !StopSignal.isStopped {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < rows.count else { return }
          let outcome = ChildProcess.run(
            program, rows[index].arguments + common, in: own.path,
            environment: ProcessInfo.processInfo.environment,
            isStopped: { StopSignal.isStopped })
          results.withLock { $0[index] = outcome }
          _ = done.wrappingAdd(1, ordering: .relaxed)
        }
      }
    }
    while threads.wait(timeout: .now() + 0.2) == .timedOut {
      meter.update(Double(done.load(ordering: .relaxed)) / Double(rows.count), detail: "")
    }
    meter.finish()
    let outcomes = results.withLock { $0 }
    return rows.indices.map { index in
      (
        rows[index],
        outcomes[index]
          ?? BatchRun.Outcome(
            exitCode: 143, message: "stopped before its turn", processorSeconds: 0,
            peakMegabytes: 0)
      )
    }
  }

  private func text(_ summary: VisitTableSummary) -> String {
    var table = TextTable(["Line", "Patient", "Date", "Files", "State", "Problem"])
    for row in summary.rows {
      table.add([
        String(row.line), row.patient, row.date, row.files.joined(separator: " "),
        row.state == .there ? "there already" : row.state.rawValue, row.problem ?? "",
      ])
    }
    var lines = [table.text]
    if !summary.columnsPassedOver.isEmpty {
      lines.append("columns passed over: " + summary.columnsPassedOver.joined(separator: ", "))
    }
    lines.append(
      preview
        ? "\(summary.planned) to add, \(summary.there) there already, \(summary.failed) not "
          + "possible; nothing was stored"
        : "\(summary.stored) stored, \(summary.there) there already, \(summary.failed) failed")
    if let failures = summary.failures {
      lines.append("\(failures) holds the rows that failed, to be mended and given again")
    }
    return lines.joined(separator: "\n")
  }
}
