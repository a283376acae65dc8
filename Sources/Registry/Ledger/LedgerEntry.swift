import Foundation
internal import Hashing

/// What an entry of the ledger did.
public enum LedgerAction: String, Sendable, Codable {
  /// A new record.
  case add
  /// A new version of a record.
  case correct
  /// A record withdrawn.
  case retract
}

/// One entry of the ledger: who added, corrected or retracted which record, when and why.
public struct LedgerEntry: Sendable, Equatable {
  /// Place in the chain, from 1 without gaps; also the row number of the record it brought.
  public var position: RecordID
  /// What it did.
  public var action: LedgerAction
  /// The table of the record.
  public var table: String
  /// The entry whose record it replaces or withdraws.
  public var supersedes: RecordID?
  /// When, UTC, ISO 8601 with milliseconds.
  public var timestamp: String
  /// Who.
  public var author: String
  /// Why (corrections and retractions).
  public var reason: String?

  /// The hash that the first entry follows: 32 zero bytes.
  static let genesis = Data(count: 32)

  /// SHA-256 over the previous hash, the entry and the record it brought.
  ///
  /// Each part is a type letter, its length in bytes (64 bits, little-endian) and its bytes;
  /// numbers are 64 bits little-endian (reals as IEEE 754), absent parts a letter alone. Then for
  /// a record its origin and every non-null column in ascending order of the names' UTF-8 bytes,
  /// name before value. Columns that a later schema adds are null in old rows and change nothing.
  func hash(after previous: Data, origin: RecordID?, fields: RecordFields?) -> Data {
    var bytes = CanonicalBytes()
    bytes.append(previous)
    bytes.append(position)
    bytes.append(action.rawValue)
    bytes.append(table)
    bytes.append(supersedes)
    bytes.append(timestamp)
    bytes.append(author)
    bytes.append(reason)
    bytes.append(origin)
    if let fields { bytes.append(fields, order: RecordTable.hashOrder(table)) }
    return Data(SHA256.hash(bytes.bytes))
  }
}

/// An unambiguous byte string of typed values, the input of the registry's hashes.
struct CanonicalBytes {
  private(set) var bytes: [UInt8] = []

  init() {
    bytes.reserveCapacity(512)
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func append(_ value: Data) {
    appendTag("B", count: value.count)
    bytes.append(contentsOf: value)
  }

  mutating func append(_ value: String?) {
    guard let value else { return appendAbsent() }
    appendTag("T", count: value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  mutating func append(_ value: Int64?) {
    guard let value else { return appendAbsent() }
    appendTag("I", count: 8)
    appendLittleEndian(UInt64(bitPattern: value))
  }

  mutating func append(_ value: Double) {
    appendTag("R", count: 8)
    appendLittleEndian(value.bitPattern)
  }

  /// Appends the named values in ascending order of the names' UTF-8 bytes.
  ///
  /// `order`: the usual names in that order; where others occur, all are sorted.
  mutating func append(_ fields: RecordFields, order: [String] = []) {
    var found = 0
    let start = bytes.count
    for name in order {
      guard let value = fields[name] else { continue }
      append(name)
      append(value)
      found += 1
    }
    if found == fields.values.count { return }
    bytes.removeSubrange(start...)
    for (name, value) in fields.values.sorted(by: {
      $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }) {
      append(name)
      append(value)
    }
  }

  private mutating func append(_ value: FieldValue) {
    switch value {
    case .integer(let number): append(number)
    case .real(let number): append(number)
    case .text(let text): append(text)
    case .blob(let blob): append(blob)
    }
  }

  private mutating func appendAbsent() {
    bytes.append(UInt8(ascii: "N"))
  }

  private mutating func appendTag(_ tag: Unicode.Scalar, count: Int) {
    bytes.append(UInt8(ascii: tag))
    appendLittleEndian(UInt64(count))
  }

  private mutating func appendLittleEndian(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
