import Foundation
internal import GRDB

/// A record of any table, its values written as people read them.
public struct StoredRecord: Sendable, Equatable, Codable {
  /// Its number, the same in every version.
  public let id: RecordID
  /// The table that holds it.
  public let table: RecordTable
  /// Values by field; those that are absent are left out.
  public let values: [String: String]
}

/// One version of a record of any table, with who wrote it, when and why.
public struct RecordChange: Sendable, Equatable {
  /// The ledger entry that brought it.
  public let entry: LedgerEntry
  /// Its values; nil for a retraction.
  public let values: [String: String]?
}

/// What a retraction took: the record and what belonged to it.
public struct RetractionReport: Sendable, Equatable, Codable {
  /// The record.
  public let record: StoredRecord
  /// How many records went with it, by table; empty where nothing belonged to it.
  public let dependents: [String: Int]

  /// What was withdrawn, for people.
  public var text: String {
    let others = dependents.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return "\(record.table.rawValue) \(record.id) withdrawn"
      + (others.isEmpty ? "" : ", with \(others.joined(separator: ", "))")
  }
}

/// Turns stored fields into text for people and text into stored fields.
struct RecordText {
  let db: Database

  /// The values of a record by field name.
  func values(_ fields: RecordFields, _ table: RecordTable) throws -> [String: String] {
    var result: [String: String] = [:]
    for field in RecordField.all(of: table) {
      switch field.form {
      case .date: result[field.name] = fields.date(field.column)?.description
      case .number: result[field.name] = fields.real(field.column).map(Self.text)
      case .integer: result[field.name] = fields.int(field.column).map(String.init)
      case .text, .side, .muscle, .choice: result[field.name] = fields.text(field.column)
      case .group(let group):
        result[field.name] = try fields.integer(field.column).flatMap { id in
          try group == .study
            ? CurrentRecords.fetch(Study.self, db, where: "r.origin = ?", [id]).first?.name
            : CurrentRecords.fetch(Site.self, db, where: "r.origin = ?", [id]).first?.name
        }
      case .visit:
        result[field.name] = try fields.integer(field.column).flatMap { id in
          try CurrentRecords.fetch(Visit.self, db, where: "r.origin = ?", [id]).first?.date?
            .description
        }
      case .entry(let isNumber):
        guard let text = fields.text(field.column) else { continue }
        if isNumber {
          for (name, value) in try JSONText.decode([String: Double].self, from: text) {
            result["\(field.name).\(name)"] = Self.text(value)
          }
        } else {
          for (name, value) in try JSONText.decode([String: String].self, from: text) {
            result["\(field.name).\(name)"] = value
          }
        }
      }
    }
    if RecordField.all(of: table).isEmpty {
      for name in [
        "method", "software_version", "seed", "unit_index", "confidence", "code", "text",
        "accepted_by", "accepted_reason",
      ] {
        result[name] = fields.text(name) ?? fields.real(name).map(Self.text)
      }
    }
    return result
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
