import Foundation
import Tables

/// A document as BIDS tables: participants, sessions and phenotype.
///
/// Labels are letters and digits only, so the pseudonym stands in a column of its own. Phenotype
/// files have one row for each value; `run_id` tells apart the values of one session. Absent cells
/// are `n/a`. Source: Brain Imaging Data Structure 1.10, modality-agnostic files.
public struct BIDSTables: Sendable, Equatable {
  /// Text of each file by its path within the dataset.
  public var files: [String: String]

  static let valueKeys: [ImportField] = TableExport.valueColumns
  static let therapyKeys = TableExport.therapyColumns
  static let eventKeys: [ImportField] = [.eventKind, .eventDate, .eventDetail]

  /// The tables of a document.
  public init(_ document: InterchangeDocument) {
    files = [:]
    let labels = Self.labels(document)
    let attributes = TableExport.attributeNames(document)
    let subjectKeys = TableExport.subjectColumns.filter { $0 != .subject }
    add(
      "participants.tsv",
      header: ["participant_id", "pseudonym"] + subjectKeys.map(\.rawValue) + attributes,
      rows: document.subjects.map { item in
        let cells = TableExport.subjectCells(item)
        return [labels[item.pseudonym] ?? "", item.pseudonym]
          + subjectKeys.map { cells[$0] ?? "" } + attributes.map { item.attributes[$0] ?? "" }
      })
    let sessions = addSessions(document, labels)
    for (kind, items) in Dictionary(grouping: document.values, by: \.kind) {
      addValues(kind, items, labels, sessions)
    }
    addRecords(
      "interventions", document.interventions.map { ($0.subject, TableExport.therapyCells($0)) },
      Self.therapyKeys, labels)
    addRecords(
      "clinical_events", document.events.map { ($0.subject, TableExport.eventCells($0)) },
      Self.eventKeys, labels)
    files["dataset_description.json"] = """
      {
        "Name": "Motor unit follow-up",
        "BIDSVersion": "1.10.0",
        "DatasetType": "raw"
      }

      """
    files["participants.json"] = Self.participantsDescription
  }

  /// Writes the files into a dataset folder; the description of an existing dataset is left alone.
  ///
  /// - Throws: `RegistryError.fileExists` before writing anything where another file is there
  ///   already.
  public func write(to folder: String) throws {
    let base = URL(fileURLWithPath: folder)
    let manager = FileManager.default
    let paths = files.keys.sorted().filter { path in
      path != "dataset_description.json"
        || !manager.fileExists(atPath: base.appendingPathComponent(path).path)
    }
    for path in paths {
      let full = base.appendingPathComponent(path).path
      if manager.fileExists(atPath: full) { throw RegistryError.fileExists(path: full) }
    }
    for path in paths {
      try NewFile.write(files[path] ?? "", to: base.appendingPathComponent(path).path)
    }
  }

  // MARK: Parts

  private mutating func add(_ path: String, header: [String], rows: [[String]]) {
    let filled = rows.map { row in
      // Cells of a BIDS table are not quoted: tabs and line ends cannot stand in them.
      row.map { cell in
        cell.isEmpty
          ? "n/a"
          : SpreadsheetCell.neutral(
            cell.split { "\t\n\r\r\n".contains($0) }.joined(separator: " "))
      }
    }
    files[path] = ([header] + filled).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  /// Labels `sub-...` by pseudonym, told apart where only separators differ.
  private static func labels(_ document: InterchangeDocument) -> [String: String] {
    var used: Set<String> = []
    var labels: [String: String] = [:]
    for item in document.subjects {
      let stem = "sub-" + item.pseudonym.filter { $0.isLetter || $0.isNumber }
      var label = stem
      var number = 2
      while !used.insert(label.lowercased()).inserted {
        label = "\(stem)x\(number)"
        number += 1
      }
      labels[item.pseudonym] = label
    }
    return labels
  }

  private mutating func addSessions(
    _ document: InterchangeDocument, _ labels: [String: String]
  ) -> [TableExport.VisitName: String] {
    var sessions: [TableExport.VisitName: String] = [:]
    for (subject, visits) in Dictionary(grouping: document.visits, by: \.subject) {
      guard let label = labels[subject] else { continue }
      let rows = visits.enumerated().map { index, visit in
        let session = "ses-" + (index < 9 ? "0" : "") + "\(index + 1)"
        if let date = visit.date { sessions[TableExport.VisitName(subject, date)] = session }
        return [
          session, visit.date.map { "\($0)T00:00:00" } ?? "", visit.nominal ?? "",
          visit.status.rawValue, visit.missingReason ?? "",
        ]
      }
      add(
        "\(label)/\(label)_sessions.tsv",
        header: ["session_id", "acq_time", "visit", "visit_status", "missing_reason"], rows: rows)
    }
    return sessions
  }

  private mutating func addValues(
    _ kind: MeasurementKind, _ items: [InterchangeDocument.ValueItem], _ labels: [String: String],
    _ sessions: [TableExport.VisitName: String]
  ) {
    var runs: [String: Int] = [:]
    let rows = items.map { item in
      let label = labels[item.subject] ?? ""
      let session = sessions[TableExport.VisitName(item.subject, item.date)] ?? ""
      let run = runs[label + session, default: 0] + 1
      runs[label + session] = run
      let cells = TableExport.valueCells(item)
      return [label, session, "\(run)"] + Self.valueKeys.map { cells[$0] ?? "" }
    }
    let name = "phenotype/" + REDCapTable.slug(kind.id)
    add(
      name + ".tsv",
      header: ["participant_id", "session_id", "run_id"] + Self.valueKeys.map(\.rawValue),
      rows: rows)
    files[name + ".json"] = Self.description(of: kind)
  }

  private mutating func addRecords(
    _ name: String, _ records: [(subject: String, cells: [ImportField: String])],
    _ keys: [ImportField], _ labels: [String: String]
  ) {
    guard !records.isEmpty else { return }
    add(
      "phenotype/\(name).tsv", header: ["participant_id"] + keys.map(\.rawValue),
      rows: records.map { record in
        [labels[record.subject] ?? ""] + keys.map { record.cells[$0] ?? "" }
      })
  }

  private static func description(of kind: MeasurementKind) -> String {
    let text = [
      "MeasurementToolMetadata": ["Description": kind.displayName + ". " + kind.caveat],
      "value": ["Description": kind.displayName, "Units": kind.unit],
      "standard_error": ["Description": "Standard error of the value", "Units": kind.unit],
      "run_id": ["Description": "Number of the value within its session"],
    ]
    return pretty(text)
  }

  private static let participantsDescription = pretty([
    "pseudonym": ["Description": "Study code of the participant"],
    "arm": ["Description": "Treatment arm"],
    "onset_date": ["Description": "First day of symptoms (ISO 8601)"],
    "onset_site": ["Description": "Where symptoms began"],
  ])

  private static func pretty(_ value: [String: [String: String]]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return "{}\n" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
