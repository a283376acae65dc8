import Analyses
import Foundation
import Registry
import Synchronization

/// Adds the visits of a table, each by work of its own, so that one that fails stops no other.
///
/// Visits that are stored already are passed over, so that the same table can be given again.
package struct VisitTableEntry {
  /// Name of the table's file.
  package let file: String
  /// The table.
  package let table: VisitTable
  /// The visits that are not stored yet and can be.
  package let due: [VisitTable.Row]
  private var outcomes: [Int: VisitTableSummary.Row] = [:]

  /// Looks which visits of a table are stored.
  ///
  /// - Parameters:
  ///   - patient: whose visits they are; nil where the table says so.
  ///   - problem: an error in the words of the program.
  /// - Throws: `TableError` or `FollowUpError` for a table that cannot be used at all; what speaks against
  ///   one row alone becomes its problem.
  package init(
    file: String, patient: String?, registry: () throws -> PatientRegistry,
    problem: (any Error) -> String
  ) throws {
    self.file = file
    table = try VisitTable(file: file, patient: patient)
    let registry = try registry()
    var due: [VisitTable.Row] = []
    var outcomes: [Int: VisitTableSummary.Row] = [:]
    for row in table.rows {
      do {
        let isStored = try row.isStored(in: registry)
        outcomes[row.line] = Self.outcome(row, isStored ? .there : .planned)
        if !isStored { due.append(row) }
      } catch {
        outcomes[row.line] = Self.outcome(row, .failed, problem(error))
      }
    }
    self.due = due
    self.outcomes = outcomes
  }

  /// What became of the rows, in the order of the table.
  package var rows: [VisitTableSummary.Row] { table.rows.compactMap { outcomes[$0.line] } }

  /// The rows that failed as a table with a column that says why; nil where none did.
  package var failures: String? {
    let failed = rows.filter { $0.state == .failed }
    if failed.isEmpty { return nil }
    return table.failures(
      Dictionary(uniqueKeysWithValues: failed.map { ($0.line, $0.problem ?? "") }))
  }

  private static func outcome(
    _ row: VisitTable.Row, _ state: VisitTableSummary.State, _ problem: String? = nil
  ) -> VisitTableSummary.Row {
    VisitTableSummary.Row(
      line: row.line, patient: row.patient, date: row.date,
      files: row.files.map { URL(fileURLWithPath: $0).lastPathComponent }, state: state,
      problem: problem)
  }

  /// Stores the visits that are due, several at once.
  ///
  /// - Parameters:
  ///   - workers: how many are worked on at once, at least one.
  ///   - isStopped: whether no further visit is to be begun; those not begun fail.
  ///   - progress: told five times a second.
  ///   - work: stores the visit of a row and returns what went wrong, nil for nothing; the number of the
  ///     worker, from 0, tells pieces of work apart that go on at once.
  package mutating func store(
    workers: Int, isStopped: @escaping @Sendable () -> Bool = { false },
    progress: (Double) -> Void = { _ in },
    work: @escaping @Sendable (_ row: VisitTable.Row, _ worker: Int) -> String?
  ) {
    let due = due
    if due.isEmpty { return }
    let results = Mutex<[Int: VisitTableSummary.Row]>([:])
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let threads = DispatchGroup()
    for worker in 0..<max(1, min(workers, due.count)) {
      DispatchQueue.global().async(group: threads) {
        while !isStopped() {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < due.count else { return }
          let problem = work(due[index], worker)
          results.withLock {
            $0[index] = Self.outcome(due[index], problem == nil ? .stored : .failed, problem)
          }
          _ = done.wrappingAdd(1, ordering: .relaxed)
        }
      }
    }
    while threads.wait(timeout: .now() + 0.2) == .timedOut {
      progress(Double(done.load(ordering: .relaxed)) / Double(due.count))
    }
    let found = results.withLock { $0 }
    for (index, row) in due.enumerated() {
      outcomes[row.line] = found[index] ?? Self.outcome(row, .failed, "stopped before its turn")
    }
  }
}
