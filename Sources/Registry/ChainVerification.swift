import Foundation
internal import GRDB

/// The result of recomputing the hash chain over every record.
public struct ChainReport: Sendable, Equatable {
  /// Number of ledger entries read.
  public var entryCount: Int
  /// The hash of the last entry, 64 hexadecimal digits (zeros for an empty registry).
  public var headHash: String
  /// What does not agree, in the order of the ledger; empty for an intact registry.
  public var findings: [String]
  /// Whether nothing was found.
  public var isIntact: Bool { findings.isEmpty }
}

extension PatientRegistry {
  /// Recomputes every hash and compares it with the stored chain.
  ///
  /// `citation`: one noted earlier (in a report, say); the chain must still hold its entry. Without
  /// one, records cut off at the end, or a chain rewritten as a whole, cannot be noticed: keep
  /// citations or copies of the audit export outside the registry.
  public func verify(citation: DataCitation? = nil) throws -> ChainReport {
    try read { try ChainVerification.run($0, citation: citation) }
  }
}

/// Walks the ledger and the record tables side by side.
enum ChainVerification {
  static func run(_ db: Database, citation: DataCitation? = nil) throws -> ChainReport {
    var findings: [String] = []
    var cursors: [String: RowWalk] = [:]
    for table in RecordTable.allCases {
      cursors[table.rawValue] = try RowWalk(db, table)
    }
    var previous = LedgerEntry.genesis
    var position: RecordID = 0
    var count = 0
    var citedHash: Data?
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM ledger ORDER BY seq")
    while let row = try rows.next() {
      let entry = try LedgerEntry(row: row)
      let stored: Data = row["hash"]
      if entry.position != position + 1 {
        findings.append("entries \(position + 1) to \(entry.position - 1) are missing")
      }
      let record = try cursors[entry.table]?.row(at: entry.position, &findings)
      findings += structuralFindings(entry, record)
      if entry.hash(after: previous, origin: record?.origin, fields: record?.fields) != stored {
        findings.append(
          "entry \(entry.position) (\(entry.action.rawValue) \(entry.table)): "
            + "its content does not give the stored hash")
      }
      if entry.position == citation?.ledgerPosition { citedHash = stored }
      previous = stored
      position = entry.position
      count += 1
    }
    for table in RecordTable.allCases {
      try cursors[table.rawValue]?.finish(&findings)
    }
    if let citation, citation.ledgerPosition > 0,
      citedHash.map(HexText.encode) != citation.ledgerHash
    {
      findings.append(
        "the cited entry \(citation.ledgerPosition) is "
          + (citedHash == nil ? "missing" : "no longer the same"))
    }
    return ChainReport(
      entryCount: count, headHash: HexText.encode(previous), findings: findings)
  }

  private static func structuralFindings(
    _ entry: LedgerEntry, _ record: RowWalk.Found?
  ) -> [String] {
    let name = "entry \(entry.position) (\(entry.action.rawValue) \(entry.table))"
    guard RecordTable(rawValue: entry.table) != nil else { return ["\(name): unknown table"] }
    switch (entry.action, record) {
    case (.retract, .some): return ["\(name): a retraction with a record"]
    case (.add, nil), (.correct, nil): return ["\(name): its record is missing"]
    case (.add, let record?) where record.origin != entry.position:
      return ["\(name): its record claims to be a version of \(record.origin)"]
    default: return []
    }
  }
}

/// Reads one table in the order of its ids, row by row as the ledger asks for them.
private final class RowWalk {
  struct Found {
    var origin: RecordID
    var fields: RecordFields
  }

  private let table: RecordTable
  private let cursor: RowCursor
  private var next: Row?

  init(_ db: Database, _ table: RecordTable) throws {
    self.table = table
    cursor = try Row.fetchCursor(db, sql: "SELECT * FROM \(table.rawValue) ORDER BY id")
    next = try cursor.next()
  }

  /// The row of a ledger position; rows before it have no entry and are reported.
  func row(at position: RecordID, _ findings: inout [String]) throws -> Found? {
    while let row = next, (row["id"] as RecordID) < position { try report(row, &findings) }
    guard let row = next, (row["id"] as RecordID) == position else { return nil }
    let found = Found(origin: row["origin"], fields: RecordFields(row: row))
    next = try cursor.next()
    return found
  }

  /// Reports the rows that are left.
  func finish(_ findings: inout [String]) throws {
    while let row = next { try report(row, &findings) }
  }

  private func report(_ row: Row, _ findings: inout [String]) throws {
    findings.append("\(table.rawValue) \(row["id"] as RecordID): a record without ledger entry")
    next = try cursor.next()
  }
}
