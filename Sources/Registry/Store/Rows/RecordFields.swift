import Foundation

/// The number of a record, which stays the same when the record is corrected.
public typealias RecordID = Int64

/// One stored value.
public enum FieldValue: Sendable, Equatable {
  /// A whole number.
  case integer(Int64)
  /// A finite number.
  case real(Double)
  /// Text.
  case text(String)
  /// Bytes.
  case blob(Data)
}

/// The named values of one record; a name without value is absent (SQL NULL).
public struct RecordFields: Sendable, Equatable {
  /// Values by column name.
  public private(set) var values: [String: FieldValue]

  /// Fields with the given values.
  public init(_ values: [String: FieldValue] = [:]) {
    self.values = values
  }

  subscript(name: String) -> FieldValue? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// Stores text without NUL characters, at which SQLite would end it; empty text is absent.
  mutating func set(_ name: String, _ value: String?) {
    let kept = value.map { $0.utf8.contains(0) ? $0.filter { $0 != "\0" } : $0 }
    values[name] = kept.flatMap { $0.isEmpty ? nil : .text($0) }
  }

  mutating func set(_ name: String, _ value: Int?) {
    values[name] = value.map { .integer(Int64($0)) }
  }

  mutating func set(_ name: String, id: RecordID?) {
    values[name] = id.map { .integer($0) }
  }

  mutating func set(_ name: String, _ value: Data?) {
    values[name] = value.map { .blob($0) }
  }

  mutating func set(_ name: String, _ value: CivilDate?) {
    set(name, value?.dayNumber)
  }

  /// Stores a number; throws `RegistryError.invalid` where it is not finite.
  mutating func set(_ name: String, _ value: Double?, table: RecordTable) throws {
    if let value, !value.isFinite {
      throw RegistryError.invalid(
        table: table.rawValue, field: name, found: "\(value)", expected: "a finite number")
    }
    // SQLite keeps no sign on zero; without this the hash of a record could not be recomputed.
    values[name] = value.map { .real($0 == 0 ? 0 : $0) }
  }

  /// Stores a dictionary as JSON with sorted keys; an empty one is absent.
  mutating func set(_ name: String, json value: [String: String]) throws {
    values[name] = value.isEmpty ? nil : .text(try JSONText.encode(value))
  }

  func text(_ name: String) -> String? {
    if case .text(let text)? = values[name] { text } else { nil }
  }

  func integer(_ name: String) -> Int64? {
    if case .integer(let number)? = values[name] { number } else { nil }
  }

  func int(_ name: String) -> Int? {
    integer(name).map { Int($0) }
  }

  func real(_ name: String) -> Double? {
    switch values[name] {
    case .real(let number)?: number
    case .integer(let number)?: Double(number)
    default: nil
    }
  }

  func blob(_ name: String) -> Data? {
    if case .blob(let data)? = values[name] { data } else { nil }
  }

  func date(_ name: String) -> CivilDate? {
    int(name).map { CivilDate(dayNumber: $0) }
  }

  func json(_ name: String) throws -> [String: String] {
    guard let text = text(name) else { return [:] }
    return try JSONText.decode([String: String].self, from: text)
  }

  /// The value of a field that every row has, or an error naming the damaged record.
  func required<Value>(_ name: String, _ value: Value?, _ table: RecordTable) throws -> Value {
    guard let value else {
      throw RegistryError.invalid(
        table: table.rawValue, field: name, found: "absent or of another type",
        expected: "a stored value; check the registry for damage")
    }
    return value
  }
}

/// JSON as text with sorted keys, so that equal values give equal text.
enum JSONText {
  static func encode<Value: Encodable>(_ value: Value) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func isValid(_ text: String) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
