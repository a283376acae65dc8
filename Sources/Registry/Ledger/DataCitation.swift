import Foundation
internal import GRDB
internal import Hashing

/// What a report cites so that its data can be found again and shown to be unchanged.
public struct DataCitation: Sendable, Equatable, Codable {
  /// Number of values that went in.
  public var count: Int
  /// SHA-256 over the values, 64 hexadecimal digits: equal values give an equal hash.
  public var dataHash: String
  /// The last entry of the ledger when the data were read.
  public var ledgerPosition: RecordID
  /// The hash of that entry, which fixes everything stored until then; 64 hexadecimal digits.
  public var ledgerHash: String

  /// One line for a report.
  public var text: String {
    "\(count) values, data hash \(dataHash.prefix(16)), registry entry \(ledgerPosition) "
      + "(\(ledgerHash.prefix(16)))"
  }

  /// The citation of points read in the same transaction.
  init(points: [MeasurementPoint], _ db: Database) throws {
    count = points.count
    dataHash = DataCitation.hash(of: points)
    let head = try Row.fetchOne(db, sql: "SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")
    ledgerPosition = try head?.stored("seq") ?? 0
    ledgerHash = HexText.encode(try head?.stored("hash") ?? LedgerEntry.genesis)
  }

  /// SHA-256 over subject, visit, day, kind, value, error and circumstances of points, in their
  /// order, as 64 hexadecimal digits.
  public static func hash(of points: [MeasurementPoint]) -> String {
    let hasher = SHA256()
    var bytes = CanonicalBytes()
    for point in points {
      bytes.removeAll()
      for number in [
        point.id, point.subject, point.visit, Int64(point.day), Int64(point.replicate),
      ] {
        bytes.append(number)
      }
      bytes.append(point.kind.id)
      bytes.append(point.value)
      bytes.append(point.standardError ?? -1)
      let texts = [
        point.censoring?.rawValue, point.quality.rawValue, point.muscle, point.side?.rawValue,
      ]
      for text in texts { bytes.append(text) }
      if !point.conditions.isEmpty {
        for (name, value) in point.conditions.sorted(by: { $0.key < $1.key }) {
          bytes.append(name)
          bytes.append(value)
        }
      }
      hasher.update(bytes.bytes)
    }
    return hasher.finished().hexadecimal
  }
}

/// Bytes as lower-case hexadecimal text.
enum HexText {
  static func encode(_ data: Data) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * data.count)
    for byte in data {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
