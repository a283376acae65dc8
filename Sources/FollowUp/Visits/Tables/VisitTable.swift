import Analyses
import Foundation
import Recordings
import Registry
import Tables

/// A table of visits to add, one a row: `patient`, `date`, `muscle`, `side`, `file` and settings by column.
///
/// Names of files are relative to the table's folder. Several files in one cell are separated by semicolons
/// or vertical bars. Columns may be called by usual other names, such as `subject` for `patient`.
///
/// ```swift
/// let table = try VisitTable(file: "visits.csv", patient: nil)
/// for row in table.rows { print(row.patient, row.date, row.files) }
/// ```
package struct VisitTable: Sendable {
  /// What a column says of a visit.
  package enum Entry: Hashable, Sendable {
    /// A file of the kind that its column is named for, with its absolute path.
    case file(kind: String, path: String)
    /// A setting with its value, such as the muscle or the sampling rate.
    case setting(name: String, value: String)
    /// A setting that is on.
    case flag(String)
  }

  /// One visit as it is to be added.
  package struct Row: Sendable {
    /// Line of the table.
    package let line: Int
    /// The cells as they stand.
    package let cells: [String]
    /// Pseudonym; empty where the table names none.
    package let patient: String
    /// Day of the visit as it is written.
    package let date: String
    /// Files with absolute paths, whatever their kind.
    package let files: [String]
    /// Files whose kind is found by their content, with absolute paths.
    package let plainFiles: [String]
    /// What the other columns say, in the order of the table.
    package let entries: [Entry]
  }

  /// Columns that name files by what they hold.
  private static let fileColumns = [
    "cmap", "array-cmap", "sip", "incremental", "multipoint", "mps", "statistical",
  ]
  /// Columns of what is the same for all files of a visit.
  private static let settings = [
    "date", "muscle", "side", "nominal", "status", "reason", "device", "rater", "fs", "unit",
    "mv-per-fs", "grid", "channels", "force-channel", "electrodes", "seed", "epoch-ms", "band",
    "rounds", "sil", "set", "config", "trigger-channel", "trigger-code",
  ]
  private static let flags = ["accept", "research"]

  /// The table as it was read.
  package let table: DelimitedTable
  /// The visits in the order of the table.
  package let rows: [Row]
  /// Columns that name no setting; they are passed over.
  package let passedOver: [String]

  /// Reads a table; `patient` is whose visits they are, where it has no column for it.
  ///
  /// - Throws: `TableError`; `FollowUpError` naming file and line for a file that cannot be read, a table
  ///   without days or patients, and one that names other patients than `patient`.
  package init(file: String, patient: String?) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw FollowUpError(.cannotOpen, path: file, "cannot be read")
    }
    table = try DelimitedTable(data: data, source: file)
    let names = table.header.map(Self.name)
    let known = Set(["patient", "file"] + Self.fileColumns + Self.settings + Self.flags)
    passedOver = zip(table.header, names).filter { !known.contains($1) }.map(\.0)
    guard names.contains("date") else {
      throw FollowUpError(
        path: file,
        "no column date (there are \(table.header.joined(separator: ", "))); expected "
          + "patient, date, muscle, side and file")
    }
    guard patient != nil || names.contains("patient") else {
      throw FollowUpError(
        .wrongSetting, path: file, "no column patient", remedy: .namePatient)
    }
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    rows = try table.rows.map { row in
      var (files, plain, entries) = ([String](), [String](), [Entry]())
      var (own, date) = (patient ?? "", "")
      for (name, cell) in zip(names, row.cells) {
        let text = DelimitedTable.trimmed(cell)
        if text.isEmpty { continue }
        switch name {
        case "patient":
          guard patient == nil || patient == text else {
            throw FollowUpError(
              .wrongSetting, path: "\(file), line \(row.line)",
              "patient \(text), and \(patient ?? "") is named before the table; leave one out")
          }
          own = text
        case "file":
          let paths = Self.paths(text, folder)
          files += paths
          plain = paths + plain
        case _ where Self.fileColumns.contains(name):
          for path in Self.paths(text, folder) {
            files.append(path)
            entries.append(.file(kind: name, path: path))
          }
        case _ where Self.flags.contains(name):
          if ["1", "yes", "true", "x"].contains(text.lowercased()) {
            entries.append(.flag(name))
          }
        case _ where Self.settings.contains(name):
          if name == "date" { date = text }
          entries.append(.setting(name: name, value: text))
        default: break
        }
      }
      return Row(
        line: row.line, cells: row.cells, patient: own, date: date, files: files,
        plainFiles: plain, entries: entries)
    }
  }

  /// The column as settings are named: lower case, hyphens; usual other names are taken too.
  private static func name(_ column: String) -> String {
    let plain = column.trimmingCharacters(in: .whitespaces).lowercased()
      .replacingOccurrences(of: "_", with: "-").replacingOccurrences(of: " ", with: "-")
    let others = [
      "subject": "patient", "pseudonym": "patient", "participant-id": "patient", "id": "patient",
      "files": "file", "recording": "file", "recordings": "file", "scan": "file",
      "sampling-rate": "fs", "sampling-rate-hz": "fs", "day": "date", "visit-date": "date",
    ]
    return others[plain] ?? plain
  }

  private static func paths(_ cell: String, _ folder: URL) -> [String] {
    cell.split { $0 == ";" || $0 == "|" }.map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
      .map { $0.hasPrefix("/") ? $0 : folder.appendingPathComponent($0).standardizedFileURL.path }
  }

  /// The rows of some lines as a table with a column that says what was wrong, to be mended and given
  /// again.
  ///
  /// - Parameter problems: what was wrong, by line.
  package func failures(_ problems: [Int: String]) -> String {
    let kept = rows.filter { problems[$0.line] != nil }
    let column = table.header.firstIndex(of: "problem")
    let header = table.header + (column == nil ? ["problem"] : [])
    return DelimitedTable(
      header: header,
      rows: kept.map { row in
        var cells = row.cells
        let problem = problems[row.line] ?? ""
        if let column { cells[column] = problem } else { cells.append(problem) }
        return cells
      }
    ).text()
  }
}

extension VisitTable.Row {
  /// Whether everything the row asks for is stored.
  ///
  /// - Throws: what speaks against the row before any analysis: `RegistryError` for an unknown patient,
  ///   `FollowUpError` for a missing file or a day that is none, `RecordingError`.
  package func isStored(in registry: PatientRegistry) throws -> Bool {
    guard !patient.isEmpty else { throw FollowUpError("no patient is named") }
    guard let day = CivilDate(date) else {
      throw FollowUpError("date \"\(date)\": expected YYYY-MM-DD")
    }
    let subject = try registry.subject(pseudonym: patient)
    if files.isEmpty {
      return try registry.visits(subject: subject.id).contains { $0.date == day }
    }
    var stored = 0
    for file in files {
      guard FileManager.default.isReadableFile(atPath: file) else {
        throw FollowUpError(path: file, "cannot be read")
      }
      // A WFDB header alone is not the recording.
      let source =
        file.lowercased().hasSuffix(".hea")
        ? try RecordingReading().open(file).source : RecordingSource(path: file, formatName: "")
      let hash = try source.inputHash()
      if try registry.recording(subject: subject.id, sha256: hash) != nil { stored += 1 }
    }
    return stored == files.count
  }
}
