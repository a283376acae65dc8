import Foundation

/// JSON of any `Encodable`, the same bytes as Foundation's encoder with sorted members and indentation.
///
/// Cohorts of thousands of patients have a million numbers: here they go from the value to the text
/// without a dictionary for each object. Numbers that are not finite become the texts "inf", "-inf" and
/// "nan"; dates are ISO 8601.
struct PlainJSONEncoder {
  /// The bytes of a value.
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let part = try JSONPart.of(value)
    var writer = JSONWriter()
    writer.write(part, indent: 0)
    return writer.bytes
  }
}

/// A value on its way to the text.
enum JSONPart {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case single(Float)
  case string(String)
  /// Text that is JSON already.
  case text(String)
  case node(JSONNode)

  static func of<T: Encodable>(_ value: T) throws -> JSONPart {
    if T.self == Double.self, let number = value as? Double { return .number(number) }
    if T.self == String.self, let string = value as? String { return .string(string) }
    if T.self == Date.self || T.self == URL.self || T.self == Data.self || T.self == Decimal.self {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.withoutEscapingSlashes]
      encoder.dateEncodingStrategy = .iso8601
      return .text(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
    let node = JSONNode()
    try value.encode(to: node)
    return .node(node)
  }
}

/// An object, a list or a single value, filled through the containers of `Codable`.
final class JSONNode: Encoder {
  enum Form {
    case nothing, object, list, single
  }

  /// A member of an object; in lists the name is empty.
  struct Member {
    let name: String
    let part: JSONPart
  }

  private(set) var form = Form.nothing
  private(set) var members: [Member] = []
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    become(.object)
    return KeyedEncodingContainer(JSONMembers<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    become(.list)
    return JSONItems(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    become(.single)
    return JSONItems(node: self)
  }

  private func become(_ form: Form) {
    precondition(self.form == .nothing || self.form == form, "one kind of container for a value")
    guard self.form == .nothing else { return }
    self.form = form
    if form == .object { members.reserveCapacity(12) }
  }

  func add(_ name: String, _ part: JSONPart) { members.append(Member(name: name, part: part)) }

  func add(_ part: JSONPart) { members.append(Member(name: "", part: part)) }
}

/// Members of an object.
private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil(forKey key: Key) { node.add(key.stringValue, .null) }
  mutating func encode(_ value: Bool, forKey key: Key) { node.add(key.stringValue, .bool(value)) }
  mutating func encode(_ value: Double, forKey key: Key) {
    node.add(key.stringValue, .number(value))
  }
  mutating func encode(_ value: String, forKey key: Key) {
    node.add(key.stringValue, .string(value))
  }
  mutating func encode(_ value: Int, forKey key: Key) {
    node.add(key.stringValue, .integer(Int64(value)))
  }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    node.add(key.stringValue, try .of(value))
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    nested(key).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nested(key).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    let own = JSONNode()
    node.add("super", .node(own))
    return own
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

  private func nested(_ key: Key) -> JSONNode {
    let own = JSONNode()
    node.add(key.stringValue, .node(own))
    return own
  }
}

/// Items of a list, or a single value.
private struct JSONItems: UnkeyedEncodingContainer, SingleValueEncodingContainer {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }
  var count: Int { node.members.count }

  mutating func encodeNil() { node.add(.null) }
  mutating func encode(_ value: Bool) { node.add(.bool(value)) }
  mutating func encode(_ value: String) { node.add(.string(value)) }
  mutating func encode(_ value: Double) { node.add(.number(value)) }
  mutating func encode(_ value: Float) { node.add(.single(value)) }
  mutating func encode(_ value: Int) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: Int8) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: Int16) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: Int32) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: Int64) { node.add(.integer(value)) }
  mutating func encode(_ value: UInt) { node.add(.text(String(value))) }
  mutating func encode(_ value: UInt8) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: UInt16) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: UInt32) { node.add(.integer(Int64(value))) }
  mutating func encode(_ value: UInt64) { node.add(.text(String(value))) }
  mutating func encode<T: Encodable>(_ value: T) throws { node.add(try .of(value)) }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    nested().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    nested().unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { nested() }

  private func nested() -> JSONNode {
    let own = JSONNode()
    node.add(.node(own))
    return own
  }
}
