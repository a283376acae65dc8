import Analyses
import Foundation
import Tables

/// What became of the visits of a table.
package struct VisitTableSummary: Encodable {
  /// What became of one row.
  package enum State: String, Encodable, Sendable {
    /// Stored now.
    case stored
    /// Stored before.
    case there
    /// Not stored, with a problem.
    case failed
    /// To be stored.
    case planned
  }

  /// One row of the table.
  package struct Row: Encodable, Sendable {
    /// Line of the table.
    package let line: Int
    package let patient: String
    /// Day as it is written.
    package let date: String
    /// Names of the files without their folders.
    package let files: [String]
    package let state: State
    /// Why it is not stored; nil where it is or will be.
    package let problem: String?
  }

  package let software = SoftwareVersion.text
  package let table: String
  package let columnsPassedOver: [String]
  package let stored: Int
  package let there: Int
  package let failed: Int
  package let planned: Int
  /// The file of the rows that failed; nil where none was written.
  package let failures: String?
  package let rows: [Row]

  /// The summary of an entry; `failures` is the file of the rows that failed, where one was written.
  package init(_ entry: VisitTableEntry, failures: String?) {
    let rows = entry.rows
    func count(_ state: State) -> Int { rows.count { $0.state == state } }
    table = URL(fileURLWithPath: entry.file).lastPathComponent
    columnsPassedOver = entry.table.passedOver
    stored = count(.stored)
    there = count(.there)
    failed = count(.failed)
    planned = count(.planned)
    self.failures = failures
    self.rows = rows
  }

  /// The summary for people.
  ///
  /// - Parameter isPreview: whether nothing was to be stored.
  package func text(isPreview: Bool) -> String {
    var table = TextTable(["Line", "Patient", "Date", "Files", "State", "Problem"])
    for row in rows {
      table.add([
        String(row.line), row.patient, row.date, row.files.joined(separator: " "),
        row.state == .there ? "there already" : row.state.rawValue, row.problem ?? "",
      ])
    }
    var lines = [table.text]
    if !columnsPassedOver.isEmpty {
      lines.append("columns passed over: " + columnsPassedOver.joined(separator: ", "))
    }
    lines.append(
      isPreview
        ? "\(planned) to add, \(there) there already, \(failed) not possible; nothing was stored"
        : "\(stored) stored, \(there) there already, \(failed) failed")
    if let failures {
      lines.append("\(failures) holds the rows that failed, to be mended and given again")
    }
    return lines.joined(separator: "\n")
  }
}
