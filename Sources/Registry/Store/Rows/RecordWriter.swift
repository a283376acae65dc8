import Foundation
internal import GRDB

/// Appends records and their ledger entries within one write transaction.
///
/// Exists only inside the transaction; the head of the chain is read once at its beginning, which
/// is safe because SQLite admits one writer at a time.
final class RecordWriter {
  let db: Database
  private let author: String
  private let timestamp: String
  private var position: RecordID
  private var hash: Data
  private var insertStatements: [RecordTable: Statement] = [:]
  private let ledgerStatement: Statement
  private var knownCurrent: [RecordTable: Set<RecordID>] = [:]

  init(_ db: Database, author: String, timestamp: String) throws {
    self.db = db
    self.author = author
    self.timestamp = timestamp
    let head = try Row.fetchOne(
      db, sql: "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
    position = try head?.stored("seq") ?? 0
    hash = try head?.stored("hash") ?? LedgerEntry.genesis
    ledgerStatement = try db.cachedStatement(
      sql: """
        INSERT INTO ledger (seq, action, record_table, supersedes, at, author, reason, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
  }

  /// Stores a new record and returns its number.
  func add(_ table: RecordTable, _ fields: RecordFields) throws -> RecordID {
    try requireParents(table, fields)
    let id = try appendEntry(.add, table, supersedes: nil, origin: position + 1, fields, nil)
    knownCurrent[table, default: []].insert(id)
    return id
  }

  /// Stores a new record of a type and returns it with its number.
  func add<Record: RegistryRecord>(_ record: Record) throws -> Record {
    var stored = record
    stored.id = try add(Record.table, try record.fields())
    return stored
  }

  /// Stores a new version of a record.
  func correct(
    _ table: RecordTable, origin: RecordID, to fields: RecordFields, reason: String
  ) throws {
    try requireReason(reason, table, origin)
    let version = try currentVersion(table, origin)
    try requireParents(table, fields)
    _ = try appendEntry(.correct, table, supersedes: version, origin: origin, fields, reason)
  }

  /// Withdraws a record together with everything that belongs to it, and counts it by table.
  @discardableResult
  func retract(
    _ table: RecordTable, origin: RecordID, reason: String
  ) throws -> [RecordTable: Int] {
    var counts: [RecordTable: Int] = [:]
    try requireReason(reason, table, origin)
    let version = try currentVersion(table, origin)
    // What was worked out from the recording together with another one goes with it.
    if table == .recording {
      for value in try DerivedValues.ofLinks(recording: origin, db)
      where try hasCurrentVersion(.measurement, value.id) {
        counts.merge(
          try retract(.measurement, origin: value.id, reason: reason), uniquingKeysWith: +)
      }
    }
    for child in table.children {
      let origins = try RecordID.fetchAll(
        db,
        sql: """
          SELECT origin FROM \(child.table.rawValue) c
          WHERE \(child.column) = ? AND \(RecordTable.isCurrent("c")) ORDER BY id
          """, arguments: [origin])
      // A measurement can belong to both a visit and a run: the first path may have taken it.
      for origin in origins where try hasCurrentVersion(child.table, origin) {
        counts.merge(try retract(child.table, origin: origin, reason: reason), uniquingKeysWith: +)
      }
    }
    knownCurrent[table]?.remove(origin)
    _ = try appendEntry(.retract, table, supersedes: version, origin: origin, nil, reason)
    counts[table, default: 0] += 1
    return counts
  }

  /// The row number of a record's current version; throws `notFound` where there is none.
  func currentVersion(_ table: RecordTable, _ origin: RecordID) throws -> RecordID {
    guard let version = try fetchCurrentVersion(table, origin) else {
      throw RegistryError.notFound(table: table.rawValue, key: String(origin))
    }
    return version
  }

  private func hasCurrentVersion(_ table: RecordTable, _ origin: RecordID) throws -> Bool {
    try fetchCurrentVersion(table, origin) != nil
  }

  private func fetchCurrentVersion(_ table: RecordTable, _ origin: RecordID) throws -> RecordID? {
    try db.cachedStatement(
      sql: """
        SELECT id FROM \(table.rawValue) r WHERE origin = ? AND \(RecordTable.isCurrent("r"))
        """
    ).fetchFirst([origin])
  }

  private func requireReason(_ reason: String, _ table: RecordTable, _ id: RecordID) throws {
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw RegistryError.reasonMissing(table: table.rawValue, id: id)
    }
  }

  private func requireParents(_ table: RecordTable, _ fields: RecordFields) throws {
    for parent in table.parents {
      guard let id = fields.integer(parent.column) else { continue }
      if knownCurrent[parent.table]?.contains(id) == true { continue }
      _ = try currentVersion(parent.table, id)
      knownCurrent[parent.table, default: []].insert(id)
    }
  }

  private func appendEntry(
    _ action: LedgerAction, _ table: RecordTable, supersedes: RecordID?, origin: RecordID,
    _ fields: RecordFields?, _ reason: String?
  ) throws -> RecordID {
    let entry = LedgerEntry(
      position: position + 1, action: action, table: table.rawValue, supersedes: supersedes,
      timestamp: timestamp, author: author, reason: reason)
    let entryHash = entry.hash(after: hash, origin: fields == nil ? nil : origin, fields: fields)
    try ledgerStatement.execute(arguments: [
      entry.position, action.rawValue, entry.table, supersedes, timestamp, author, reason,
      entryHash,
    ])
    if let fields { try insertRow(table, id: entry.position, origin: origin, fields) }
    position = entry.position
    hash = entryHash
    return entry.position
  }

  private func insertRow(
    _ table: RecordTable, id: RecordID, origin: RecordID, _ fields: RecordFields
  ) throws {
    let columns = table.columns
    let statement: Statement
    if let cached = insertStatements[table] {
      statement = cached
    } else {
      let places = Array(repeating: "?", count: columns.count + 2).joined(separator: ", ")
      statement = try db.cachedStatement(
        sql: """
          INSERT INTO \(table.rawValue) (id, origin, \(columns.joined(separator: ", ")))
          VALUES (\(places))
          """)
      insertStatements[table] = statement
    }
    let values: [(any DatabaseValueConvertible)?] =
      [id, origin] + columns.map { fields[$0]?.databaseValue }
    try statement.execute(arguments: StatementArguments(values))
  }
}

extension Statement {
  fileprivate func fetchFirst(_ arguments: StatementArguments) throws -> RecordID? {
    try RecordID.fetchOne(self, arguments: arguments)
  }
}

extension FieldValue {
  /// The value as SQLite stores it.
  var databaseValue: DatabaseValue {
    switch self {
    case .integer(let number): number.databaseValue
    case .real(let number): number.databaseValue
    case .text(let text): text.databaseValue
    case .blob(let data): data.databaseValue
    }
  }

  /// The value read from SQLite, or nil for NULL.
  init?(_ value: DatabaseValue) {
    switch value.storage {
    case .null: return nil
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .blob(data)
    }
  }
}

extension RecordFields {
  /// The record columns of a row, whatever else it holds; columns unknown to this version included.
  init(row: Row) {
    var values: [String: FieldValue] = [:]
    for (column, value) in row where column != "id" && column != "origin" {
      if let field = FieldValue(value) { values[column] = field }
    }
    self.init(values)
  }
}
