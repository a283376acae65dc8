import Foundation
internal import GRDB

extension PatientRegistry {
  /// Writes the whole ledger with every version of every record as JSON, one entry a line.
  ///
  /// A line holds `seq`, `action`, `table`, `supersedes`, `at`, `author`, `reason`, `hash`
  /// (hexadecimal), `origin` and `record`: values by column, each a pair of its type letter (I
  /// integer, R real, T text, B bytes in base 64) and the value. That is all the hash chain covers,
  /// so that it can be recomputed from this file alone. Pseudonyms and dates are as stored: the
  /// file is for auditors of the site, not for sharing. Returns the number of entries.
  ///
  /// - Throws: `RegistryError.fileExists` rather than overwriting, `.database` where it cannot be
  ///   written.
  @discardableResult
  public func exportAudit(to path: String) throws -> Int {
    try read { db in
      try NewFile.write(to: path) { handle in
        var count = 0
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM ledger ORDER BY seq")
        var block = Data()
        while let row = try rows.next() {
          let line = try AuditLine(ledger: row, db)
          block.append(try AuditLine.encoder.encode(line))
          block.append(UInt8(ascii: "\n"))
          if block.count > 1 << 20 {
            try handle.write(contentsOf: block)
            block.removeAll(keepingCapacity: true)
          }
          count += 1
        }
        try handle.write(contentsOf: block)
        return count
      }
    }
  }
}

/// One line of an audit export.
struct AuditLine: Codable, Equatable {
  var seq: RecordID
  var action: LedgerAction
  var table: String
  var supersedes: RecordID?
  var at: String
  var author: String
  var reason: String?
  var hash: String
  var origin: RecordID?
  var record: [String: AuditValue]?

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  init(ledger row: Row, _ db: Database) throws {
    let entry = try LedgerEntry(row: row)
    seq = entry.position
    action = entry.action
    table = entry.table
    supersedes = entry.supersedes
    at = entry.timestamp
    author = entry.author
    reason = entry.reason
    hash = HexText.encode(try row.stored("hash"))
    guard let table = RecordTable(rawValue: table) else { return }
    let statement = try db.cachedStatement(
      sql: "SELECT * FROM \(table.rawValue) WHERE id = ?")
    guard let stored = try Row.fetchOne(statement, arguments: [seq]) else { return }
    origin = try stored.stored("origin") as RecordID
    record = RecordFields(row: stored).values.mapValues(AuditValue.init)
  }
}

/// A value of an audit export: a pair of type letter and value.
struct AuditValue: Codable, Equatable {
  var field: FieldValue

  init(_ field: FieldValue) {
    self.field = field
  }

  init(from decoder: any Decoder) throws {
    var pair = try decoder.unkeyedContainer()
    switch try pair.decode(String.self) {
    case "I": field = .integer(try pair.decode(Int64.self))
    case "R": field = .real(try pair.decode(Double.self))
    case "T": field = .text(try pair.decode(String.self))
    case "B": field = .blob(try pair.decode(Data.self))
    case let letter:
      throw DecodingError.dataCorruptedError(
        in: pair, debugDescription: "unknown type letter \"\(letter)\"")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var pair = encoder.unkeyedContainer()
    switch field {
    case .integer(let number):
      try pair.encode("I")
      try pair.encode(number)
    case .real(let number):
      try pair.encode("R")
      try pair.encode(number)
    case .text(let text):
      try pair.encode("T")
      try pair.encode(text)
    case .blob(let data):
      try pair.encode("B")
      try pair.encode(data)
    }
  }
}
