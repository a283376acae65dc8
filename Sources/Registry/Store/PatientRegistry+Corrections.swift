internal import GRDB

extension PatientRegistry {
  /// The current records of a subject in the order of their tables and numbers, motor units and their
  /// links left out: they come and go with their analysis.
  public func records(subject: RecordID) throws -> [StoredRecord] {
    try read { db in
      let visits = """
        (SELECT v.origin FROM visit v WHERE v.subject = :id AND \(RecordTable.isCurrent("v")))
        """
      let recordings = """
        (SELECT c.origin FROM recording c
          WHERE c.visit IN \(visits) AND \(RecordTable.isCurrent("c")))
        """
      let conditions: [(RecordTable, String)] = [
        (.subject, "r.origin = :id"), (.visit, "r.subject = :id"),
        (.intervention, "r.subject = :id"), (.event, "r.subject = :id"),
        (.recording, "r.visit IN \(visits)"), (.analysisRun, "r.recording IN \(recordings)"),
        (.measurement, "r.visit IN \(visits)"), (.outcome, "r.visit IN \(visits)"),
        (.warning, "r.subject = :id"),
      ]
      let text = RecordText(db: db)
      return try conditions.flatMap { table, condition in
        try Row.fetchAll(
          db,
          sql: """
            SELECT r.* FROM \(table.rawValue) r
            WHERE \(condition) AND \(RecordTable.isCurrent("r")) ORDER BY r.origin
            """, arguments: ["id": subject]
        ).map { row in
          StoredRecord(
            id: try row.stored("origin"), table: table,
            values: try text.values(RecordFields(row: row), table))
        }
      }
    }
  }

  /// The current version of the record of a number; that of any of its versions will do.
  ///
  /// - Throws: `RegistryError.notFound` where there is none or it was retracted.
  public func record(number: RecordID) throws -> StoredRecord {
    try read { db in
      let place = try RecordPlace(number, db)
      let fields = try place.fields(db)
      return StoredRecord(
        id: place.id, table: place.table,
        values: try RecordText(db: db).values(fields, place.table))
    }
  }

  /// Every version of the record of a number, the first one first, retraction included.
  public func history(number: RecordID) throws -> [RecordChange] {
    let place = try read { try RecordPlace(number, $0) }
    func changes<Record: RegistryRecord>(_ type: Record.Type) throws -> [RecordChange] {
      let versions = try history(of: type, id: place.id)
      return try read { db in
        let text = RecordText(db: db)
        return try versions.map { version in
          RecordChange(
            entry: version.entry,
            values: try version.record.map { try text.values(try $0.fields(), place.table) })
        }
      }
    }
    return try changes(place.table.recordType)
  }

  /// Corrects values of the record of a number; the earlier version stays in the file.
  ///
  /// `changes`: values by field name as `records(subject:)` names them, empty for none; entries of
  /// attributes, conditions and items as `attribute.NAME`.
  ///
  /// - Throws: `RegistryError.reasonMissing`, `.notFound`, `.invalid` (also where nothing changes)
  ///   or `.alreadyExists`.
  @discardableResult
  public func correct(
    number: RecordID, changes: [String: String], reason: String
  ) throws -> StoredRecord {
    try write { writer in
      let place = try RecordPlace(number, writer.db)
      let stored = try place.fields(writer.db)
      let changed = try RecordChanges(table: place.table, id: place.id, writer: writer)
        .applied(changes, to: stored)
      func apply<Record: RegistryRecord>(_ type: Record.Type) throws -> RecordFields {
        let record = try type.init(id: place.id, fields: changed)
        let fields = try record.fields()
        guard fields != stored else {
          throw RegistryError.invalid(
            table: "\(place.table.rawValue) \(place.id)", field: "correction",
            found: "the values that are stored already", expected: "another value")
        }
        try RecordCorrection.apply(record, writer: writer, reason: reason)
        return fields
      }
      let fields = try apply(place.table.recordType)
      return StoredRecord(
        id: place.id, table: place.table,
        values: try RecordText(db: writer.db).values(fields, place.table))
    }
  }

  /// Withdraws the record of a number, and what belongs to it where asked for; all stays in the file.
  ///
  /// - Throws: `RegistryError.reasonMissing`, `.notFound`, and `.invalid` where records belong to
  ///   it and `includingDependents` is false.
  @discardableResult
  public func retract(
    number: RecordID, reason: String, includingDependents: Bool = false
  ) throws -> RetractionReport {
    try write { writer in
      let place = try RecordPlace(number, writer.db)
      let record = StoredRecord(
        id: place.id, table: place.table,
        values: try RecordText(db: writer.db).values(try place.fields(writer.db), place.table))
      var counts = try writer.retract(place.table, origin: place.id, reason: reason)
      counts[place.table, default: 1] -= 1
      let lost = Dictionary(
        uniqueKeysWithValues: counts.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
      guard lost.isEmpty || includingDependents else {
        // Thrown inside the transaction: nothing is withdrawn.
        let names = lost.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        throw RegistryError.invalid(
          table: "\(place.table.rawValue) \(place.id)", field: "retraction",
          found: "records that belong to it (\(names.joined(separator: ", ")))",
          expected: "a retraction that names them too")
      }
      return RetractionReport(record: record, dependents: lost)
    }
  }
}

/// Where the record of a ledger position is stored.
private struct RecordPlace {
  let table: RecordTable
  let id: RecordID

  init(_ number: RecordID, _ db: Database) throws {
    let name = try String.fetchOne(
      db, sql: "SELECT record_table FROM ledger WHERE seq = ?", arguments: [number])
    guard let name, let table = RecordTable(rawValue: name),
      let origin = try RecordID.fetchOne(
        db, sql: "SELECT origin FROM \(table.rawValue) WHERE id = ?", arguments: [number])
    else { throw RegistryError.notFound(table: "record", key: String(number)) }
    self.table = table
    id = origin
  }

  /// The fields of the current version.
  func fields(_ db: Database) throws -> RecordFields {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT r.* FROM \(table.rawValue) r
        WHERE r.origin = ? AND \(RecordTable.isCurrent("r"))
        """, arguments: [id])
    guard let row else {
      throw RegistryError.notFound(table: table.rawValue, key: "\(id), or it was retracted")
    }
    return RecordFields(row: row)
  }
}

extension RecordTable {
  /// The type of the table's records.
  fileprivate var recordType: any RegistryRecord.Type {
    switch self {
    case .study: Study.self
    case .site: Site.self
    case .subject: Subject.self
    case .visit: Visit.self
    case .intervention: Intervention.self
    case .recording: StoredRecording.self
    case .analysisRun: AnalysisRun.self
    case .measurement: Measurement.self
    case .motorUnit: StoredUnit.self
    case .unitLink: UnitLink.self
    case .outcome: Outcome.self
    case .event: ClinicalEvent.self
    case .warning: StoredWarning.self
    case .erasure: Erasure.self
    }
  }
}
