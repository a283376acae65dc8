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
    let citations = citation.map {
      LedgerCitation(position: $0.ledgerPosition, hash: $0.ledgerHash, source: "citation")
    }
    return try verify(citations: [citations].compactMap { $0 })
  }

  /// Recomputes every hash; the chain must still hold each of the entries noted earlier.
  public func verify(citations: [LedgerCitation]) throws -> ChainReport {
    try read { ChainVerification.run($0, citations: citations) }
  }
}

/// Walks the ledger and the record tables side by side.
enum ChainVerification {
  /// Findings beyond this number are counted, not told.
  private static let mostFindings = 200

  static func run(_ db: Database, citations: [LedgerCitation] = []) -> ChainReport {
    var walk = Walk(citations)
    do {
      try walk.go(db)
    } catch {
      walk.findings.append("the ledger cannot be read beyond entry \(walk.position): \(error)")
    }
    for citation in citations {
      let found: String?
      if let position = citation.position {
        found = walk.cited[position]
      } else {
        found = walk.seen.contains(citation.hash) ? citation.hash : nil
      }
      if let finding = citation.finding(found) { walk.findings.append(finding) }
    }
    let more = walk.findings.count - mostFindings
    return ChainReport(
      entryCount: walk.count, headHash: HexText.encode(walk.previous),
      findings: Array(walk.findings.prefix(mostFindings))
        + (more > 0 ? ["and \(more) more findings"] : []))
  }

  private struct Walk {
    var findings: [String] = []
    var previous = LedgerEntry.genesis
    var position: RecordID = 0
    var count = 0
    /// Hashes at the positions that citations name.
    var cited: [RecordID: String] = [:]
    /// Those of the hashes cited without position that were met.
    var seen: Set<String> = []
    private let positions: Set<RecordID>
    private let hashes: Set<String>

    init(_ citations: [LedgerCitation]) {
      positions = Set(citations.compactMap(\.position))
      hashes = Set(citations.filter { $0.position == nil }.map(\.hash))
    }

    mutating func go(_ db: Database) throws {
      var cursors: [String: RowWalk] = [:]
      for table in RecordTable.allCases {
        do {
          cursors[table.rawValue] = try RowWalk(db, table)
        } catch {
          findings.append("\(table.rawValue): its records cannot be read: \(error)")
        }
      }
      let erased = (try? Erasure.positions(db)) ?? []
      let rows = try Row.fetchCursor(db, sql: "SELECT * FROM ledger ORDER BY seq")
      while let row = try rows.next() {
        guard let entry = try? LedgerEntry(row: row), let stored: Data = row.maybe("hash"),
          entry.position > position
        else {
          findings.append("the entry after \(position) is unreadable")
          count += 1
          continue
        }
        if entry.position - 1 != position {
          findings.append("entries \(position + 1) to \(entry.position - 1) are missing")
        }
        let record = cursors[entry.table]?.row(at: entry.position, &findings)
        if record == nil, erased.contains(entry.position) {
          // What it held is gone on purpose; its hash stands for it in the chain.
          note(entry.position, stored)
          previous = stored
          position = entry.position
          count += 1
          continue
        }
        findings += structuralFindings(entry, record)
        if entry.hash(after: previous, origin: record?.origin, fields: record?.fields) != stored {
          findings.append(
            "entry \(entry.position) (\(entry.action.rawValue) \(entry.table)): "
              + "its content does not give the stored hash")
        }
        note(entry.position, stored)
        previous = stored
        position = entry.position
        count += 1
      }
      for table in RecordTable.allCases { cursors[table.rawValue]?.finish(&findings) }
    }

    private mutating func note(_ position: RecordID, _ hash: Data) {
      if positions.contains(position) { cited[position] = HexText.encode(hash) }
      if hashes.isEmpty { return }
      let text = HexText.encode(hash)
      if hashes.contains(text) { seen.insert(text) }
    }
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
  private var next: (id: RecordID, row: Row)?
  private var failure: String?

  init(_ db: Database, _ table: RecordTable) throws {
    self.table = table
    cursor = try Row.fetchCursor(db, sql: "SELECT * FROM \(table.rawValue) ORDER BY id")
    advance()
  }

  /// The row of a ledger position; rows before it have no entry and are reported.
  func row(at position: RecordID, _ findings: inout [String]) -> Found? {
    while let found = next, found.id < position { report(found.id, &findings) }
    guard let found = next, found.id == position else { return nil }
    defer { advance() }
    guard let origin: RecordID = found.row.maybe("origin") else {
      findings.append("\(table.rawValue) \(found.id): unreadable")
      return nil
    }
    return Found(origin: origin, fields: RecordFields(row: found.row))
  }

  /// Reports the rows that are left, and whether all could be read.
  func finish(_ findings: inout [String]) {
    while let found = next { report(found.id, &findings) }
    if let failure { findings.append("\(table.rawValue): cannot be read further: \(failure)") }
  }

  private func report(_ id: RecordID, _ findings: inout [String]) {
    findings.append("\(table.rawValue) \(id): a record without ledger entry")
    advance()
  }

  private func advance() {
    next = nil
    do {
      while let row = try cursor.next() {
        // Ids ascend, so that a row without one cannot be told from one that is missing.
        guard let id: RecordID = row.maybe("id") else { continue }
        next = (id, row)
        return
      }
    } catch {
      failure = "\(error)"
    }
  }
}
