import Foundation
internal import GRDB

/// One version of a record, with who wrote it, when and why.
public struct RecordVersion<Record: RegistryRecord>: Sendable, Equatable {
  /// The ledger entry that brought it.
  public var entry: LedgerEntry
  /// The record; nil for a retraction.
  public var record: Record?
}

extension PatientRegistry {
  /// Stores a record of any type and returns it with its number.
  ///
  /// - Throws: `RegistryError.notFound` where it refers to a record that is not there, and
  ///   `RegistryError.invalid` where a value is not valid.
  public func add<Record: RegistryRecord>(_ record: Record) throws -> Record {
    try add([record])[0]
  }

  /// Stores records of one type in one transaction and returns them with their numbers.
  public func add<Record: RegistryRecord>(_ records: [Record]) throws -> [Record] {
    try write { writer in
      try records.map { record in
        try UniqueNames.check(record, writer.db)
        return try writer.add(record)
      }
    }
  }

  /// Replaces a record by a corrected version; the earlier one stays in the file.
  ///
  /// `record` carries the number of the record and the new values. Correcting the visit, muscle or
  /// side of a recording corrects its measurements with it.
  ///
  /// - Throws: `RegistryError.reasonMissing`, `.notFound`, `.invalid` or `.alreadyExists`.
  public func correct<Record: RegistryRecord>(_ record: Record, reason: String) throws {
    try write { try RecordCorrection.apply(record, writer: $0, reason: reason) }
  }

  /// Withdraws a record and everything that belongs to it; all of it stays in the file.
  ///
  /// - Throws: `RegistryError.reasonMissing` or `.notFound`.
  public func retract<Record: RegistryRecord>(_ record: Record, reason: String) throws {
    _ = try write { try $0.retract(Record.table, origin: record.id, reason: reason) }
  }

  /// The current version of a record, or nil where there is none.
  public func record<Record: RegistryRecord>(_ type: Record.Type, id: RecordID) throws -> Record? {
    try read { try CurrentRecords.fetch(type, $0, where: "r.origin = ?", [id]).first }
  }

  /// Every version of a record, the first one first, retraction included.
  public func history<Record: RegistryRecord>(
    of type: Record.Type, id: RecordID
  ) throws -> [RecordVersion<Record>] {
    try read { db in
      let table = Record.table.rawValue
      let sql = """
        SELECT l.seq, l.action, l.record_table, l.supersedes, l.at, l.author, l.reason, r.*
        FROM ledger l LEFT JOIN \(table) r ON r.id = l.seq
        WHERE l.record_table = ? AND (r.origin = ?
          OR l.supersedes IN (SELECT id FROM \(table) WHERE origin = ?))
        ORDER BY l.seq
        """
      let entryColumns = 7
      return try Row.fetchAll(db, sql: sql, arguments: [table, id, id]).map { row in
        let entry = try LedgerEntry(row: row)
        guard row.maybe("id") as RecordID? != nil else {
          return RecordVersion(entry: entry, record: nil)
        }
        var fields = RecordFields()
        for (column, value) in row.dropFirst(entryColumns + 2) {
          fields[column] = FieldValue(value)
        }
        return RecordVersion(entry: entry, record: try Record(id: id, fields: fields))
      }
    }
  }
}

extension LedgerEntry {
  /// The entry read from a row that holds the ledger's columns.
  init(row: Row) throws {
    let name: String = try row.stored("action")
    guard let action = LedgerAction(rawValue: name) else {
      throw RegistryError.invalid(
        table: "ledger", field: "action", found: "\"\(name)\"", expected: "add, correct, retract")
    }
    self.init(
      position: try row.stored("seq"), action: action, table: try row.stored("record_table"),
      supersedes: row.maybe("supersedes"), timestamp: try row.stored("at"),
      author: try row.stored("author"), reason: row.maybe("reason"))
  }
}

/// Reading the current versions of records.
enum CurrentRecords {
  /// Records of a type whose current version meets a condition on the table alias `r`.
  static func fetch<Record: RegistryRecord>(
    _ type: Record.Type, _ db: Database, where condition: String = "1",
    _ arguments: StatementArguments = [], order: String = "r.origin"
  ) throws -> [Record] {
    let sql = """
      SELECT r.* FROM \(Record.table.rawValue) r
      WHERE (\(condition)) AND \(RecordTable.isCurrent("r")) ORDER BY \(order)
      """
    let statement = try db.cachedStatement(sql: sql)
    var records: [Record] = []
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    while let row = try rows.next() {
      records.append(try Record(id: try row.stored("origin"), fields: RecordFields(row: row)))
    }
    return records
  }
}

/// Names that only one current record may bear.
enum UniqueNames {
  /// - Throws: `RegistryError.alreadyExists` where another current record bears the record's name.
  static func check<Record: RegistryRecord>(_ record: Record, _ db: Database) throws {
    let column: String
    let name: String
    switch record {
    case let subject as Subject:
      (column, name) = ("pseudonym", try Pseudonym.validated(subject.pseudonym))
    case let study as Study: (column, name) = ("name", study.name)
    case let site as Site: (column, name) = ("name", site.name)
    default: return
    }
    let others = try CurrentRecords.fetch(
      Record.self, db, where: "r.\(column) = ? COLLATE NOCASE", [name])
    if others.contains(where: { $0.id != record.id }) {
      throw RegistryError.alreadyExists(table: Record.table.rawValue, key: name)
    }
  }
}

/// Storing a new version of a record, with what follows from it.
enum RecordCorrection {
  static func apply<Record: RegistryRecord>(
    _ record: Record, writer: RecordWriter, reason: String
  ) throws {
    try UniqueNames.check(record, writer.db)
    if let recording = record as? StoredRecording {
      try RecordingCorrection.apply(recording, writer: writer, reason: reason)
    }
    if let visit = record as? Visit, let date = visit.date,
      let other = try VisitQuery.visit(visit.subject, date, writer.db), other.id != visit.id
    {
      throw RegistryError.alreadyExists(
        table: RecordTable.visit.rawValue, key: "\(other.id) of \(date)")
    }
    try writer.correct(Record.table, origin: record.id, to: try record.fields(), reason: reason)
  }
}

/// What follows when a recording turns out to be of another visit, muscle or side.
enum RecordingCorrection {
  static func apply(
    _ corrected: StoredRecording, writer: RecordWriter, reason: String
  ) throws {
    let found = try CurrentRecords.fetch(
      StoredRecording.self, writer.db, where: "r.origin = ?", [corrected.id]
    ).first
    guard let found else { return }
    let isMoved = found.visit != corrected.visit
    let muscle = corrected.muscle.map(MuscleName.canonical)
    guard isMoved || found.muscle != muscle || found.side != corrected.side else { return }
    let measurements = try CurrentRecords.fetch(
      Measurement.self, writer.db,
      where: "r.run IN (SELECT origin FROM analysis_run WHERE recording = ?)", [corrected.id])
    for var measurement in measurements {
      measurement.visit = corrected.visit
      // Values that were stored for another muscle or side than the recording's keep theirs.
      if measurement.muscle == found.muscle { measurement.muscle = muscle }
      if measurement.side == found.side { measurement.side = corrected.side }
      try writer.correct(
        .measurement, origin: measurement.id, to: try measurement.fields(), reason: reason)
    }
  }
}
