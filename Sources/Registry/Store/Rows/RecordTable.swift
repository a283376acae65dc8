/// The tables that hold records; each record is one row and is never changed.
public enum RecordTable: String, Sendable, CaseIterable, Codable {
  /// Studies.
  case study
  /// Sites (hospitals) that take part.
  case site
  /// Subjects by pseudonym.
  case subject
  /// Visits of subjects.
  case visit
  /// Therapies and other interventions.
  case intervention
  /// Recorded files by hash.
  case recording
  /// Runs of an analysis over a recording.
  case analysisRun = "analysis_run"
  /// Measured values.
  case measurement
  /// Identified motor units with their spike trains.
  case motorUnit = "motor_unit"
  /// Matches of the same motor unit in two runs.
  case unitLink = "unit_link"
  /// Clinical scales and functional outcomes.
  case outcome
  /// Deaths, tracheostomies, ventilation, withdrawals.
  case event
  /// Doubts about stored data.
  case warning
  /// Entries whose records were erased on request of the person.
  case erasure

  /// Columns that hold the record's own values, in the order of the table.
  var columns: [String] {
    switch self {
    case .study: ["name", "title"]
    case .site: ["name", "title"]
    case .subject:
      ["pseudonym", "study", "site", "arm", "onset_day", "onset_site", "attributes"]
    case .visit: ["subject", "day", "nominal", "status", "missing_reason"]
    case .intervention:
      [
        "subject", "kind", "name", "start_day", "stop_day", "dose", "dose_unit", "muscle", "side",
      ]
    case .recording:
      [
        "visit", "muscle", "side", "modality", "device", "rater", "sha256", "file_format",
        "sampling_rate", "channels", "duration",
      ]
    case .analysisRun:
      [
        "recording", "method", "software_version", "parameters", "seed", "input_sha256",
        "electrodes",
      ]
    case .measurement:
      [
        "visit", "run", "kind", "value", "unit", "standard_error", "censored", "qc", "replicate",
        "muscle", "side", "conditions",
      ]
    case .motorUnit:
      ["run", "unit_index", "sampling_rate", "spike_count", "spikes", "template", "quality"]
    case .unitLink: ["first_unit", "second_unit", "confidence", "method", "evidence"]
    case .outcome: ["visit", "instrument", "total", "unit", "items"]
    case .event: ["subject", "kind", "day", "detail"]
    case .warning:
      ["subject", "visit", "recording", "code", "text", "accepted_by", "accepted_reason"]
    case .erasure: ["entries", "reason"]
    }
  }

  /// The columns of a table in ascending order of their UTF-8 bytes, the order of the hashes.
  static func hashOrder(_ table: String) -> [String] { hashOrders[table] ?? [] }

  private static let hashOrders: [String: [String]] = Dictionary(
    uniqueKeysWithValues: allCases.map { table in
      let order = table.columns.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return (table.rawValue, order)
    })

  /// The columns that name a record of another table.
  var parents: [(column: String, table: RecordTable)] {
    switch self {
    case .study, .site, .erasure: []
    case .subject: [("study", .study), ("site", .site)]
    case .visit, .intervention, .event: [("subject", .subject)]
    case .recording, .outcome: [("visit", .visit)]
    case .analysisRun: [("recording", .recording)]
    case .measurement: [("visit", .visit), ("run", .analysisRun)]
    case .motorUnit: [("run", .analysisRun)]
    case .unitLink: [("first_unit", .motorUnit), ("second_unit", .motorUnit)]
    case .warning: [("subject", .subject), ("visit", .visit), ("recording", .recording)]
    }
  }

  /// The tables whose records belong to a record of this one, and by which column.
  var children: [(table: RecordTable, column: String)] {
    RecordTable.allCases.flatMap { table in
      table.parents.filter { $0.table == self }.map { (table, $0.column) }
    }
  }

  /// A condition that holds for the current version of a row: nothing supersedes it.
  static func isCurrent(_ alias: String) -> String {
    "NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.supersedes = \(alias).id)"
  }
}

/// A record of the registry: a value that can be stored, corrected by a new row, and read back.
public protocol RegistryRecord: Sendable, Equatable {
  /// The table that holds it.
  static var table: RecordTable { get }
  /// Its number, the same in every version; 0 before it is stored.
  var id: RecordID { get set }
  /// The record read from stored fields; throws `RegistryError.invalid` where they are damaged.
  init(id: RecordID, fields: RecordFields) throws
  /// The fields to store; throws `RegistryError` where a value is not valid.
  func fields() throws -> RecordFields
}
