import Foundation
internal import GRDB

/// An entry of the ledger as it was noted outside the registry: on a seal, in a report, by hand.
public struct LedgerCitation: Sendable, Equatable, Codable {
  /// Place of the entry in the chain; nil where only its hash was noted, 0 for an empty registry.
  public var position: RecordID?
  /// Its hash, 64 hexadecimal digits in lower case.
  public var hash: String
  /// Where it was noted, for findings.
  public var source: String

  /// A noted entry.
  public init(position: RecordID?, hash: String, source: String) {
    self.position = position
    self.hash = hash.lowercased()
    self.source = source
  }

  /// What a ledger without entries is cited by.
  static let emptyHash = HexText.encode(LedgerEntry.genesis)

  /// The finding where the chain does not hold the entry; nil where it does.
  ///
  /// `found`: the stored hash at the position, or any equal hash where there is no position.
  func finding(_ found: String?) -> String? {
    if hash == Self.emptyHash, position ?? 0 == 0 { return nil }
    guard let found else {
      return "\(source): entry "
        + (position.map { "\($0) " } ?? "of hash \(hash.prefix(16)) ")
        + "is missing: the ledger was cut off or rewritten"
    }
    return found == hash
      ? nil
      : "\(source): entry \(position ?? 0) is no longer the same: "
        + "the ledger was changed and its hashes worked out again"
  }
}

extension PatientRegistry {
  /// The last entry of the ledger: it fixes everything that is stored.
  public func head() throws -> LedgerCitation {
    try read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
      return LedgerCitation(
        position: try row?.stored("seq") ?? 0,
        hash: HexText.encode(try row?.stored("hash") ?? LedgerEntry.genesis), source: path)
    }
  }
}
