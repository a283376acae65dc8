internal import GRDB

/// The result of all checks of a registry file.
public struct CheckReport: Sendable, Equatable {
  /// Damage that SQLite finds in the file; empty for a sound one.
  public var integrity: [String]
  /// Records that refer to records that are not there.
  public var foreignKeys: [String]
  /// Tables, indexes, views and append-only triggers that are missing, altered or foreign.
  public var schema: [String]
  /// The hash chain.
  public var chain: ChainReport
  /// Everything found, in words.
  public var findings: [String] { integrity + foreignKeys + schema + chain.findings }
  /// Whether nothing was found.
  public var isSound: Bool { findings.isEmpty }
}

extension PatientRegistry {
  /// Checks file, references, append-only triggers and hash chain.
  ///
  /// `citations`: entries noted earlier (in a report, on a seal), which the chain must still hold.
  public func check(citations: [LedgerCitation] = []) throws -> CheckReport {
    try read { try RegistryCheck.run($0, citations: citations) }
  }
}

/// The checks, on any open registry.
enum RegistryCheck {
  static func run(
    _ db: Database, citations: [LedgerCitation] = []
  ) throws -> CheckReport {
    let integrity = found {
      try Row.fetchAll(db, sql: "PRAGMA integrity_check").map { row in
        (row.maybe(at: 0) as String?) ?? "an unreadable finding"
      }.filter { $0 != "ok" }
    }
    let violations = found {
      try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map { row in
        let table = (row.maybe("table") as String?) ?? "a table"
        let id = (row.maybe("rowid") as RecordID?) ?? 0
        let parent = (row.maybe("parent") as String?) ?? "parent"
        return "\(table) \(id): refers to a \(parent) record that is not there"
      }
    }
    return CheckReport(
      integrity: integrity, foreignKeys: violations, schema: found { try schemaFindings(db) },
      chain: ChainVerification.run(db, citations: citations))
  }

  /// Findings, or why they could not be looked for.
  private static func found(_ body: () throws -> [String]) -> [String] {
    do { return try body() } catch { return ["the file cannot be read: \(error)"] }
  }

  /// Compares the schema with the one the migrations make.
  private static func schemaFindings(_ db: Database) throws -> [String] {
    let reference = try DatabaseQueue()
    try RegistryMigrations.migrator.migrate(reference)
    let expected = try reference.read(objects)
    let found = try objects(db)
    var findings: [String] = []
    for (name, sql) in expected.sorted(by: { $0.key < $1.key }) where found[name] != sql {
      findings.append("schema: \(name) is \(found[name] == nil ? "missing" : "altered")")
    }
    for name in found.keys.sorted() where expected[name] == nil {
      findings.append("schema: \(name) does not belong here")
    }
    return findings
  }

  private static func objects(_ db: Database) throws -> [String: String] {
    let sql = """
      SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
      WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^' AND name NOT LIKE 'grdb^_%' ESCAPE '^'
      """
    let rows = try Row.fetchAll(db, sql: sql)
    return Dictionary(
      try rows.map { (try $0.stored(at: 0) as String, try $0.stored(at: 1) as String) },
      uniquingKeysWith: { $0 + $1 })
  }
}
