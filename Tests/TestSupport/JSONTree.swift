import Foundation

/// A JSON value as tests look through it; true and 1 are not the same.
public enum JSONTree: Equatable, Decodable, Sendable {
  /// The null value.
  case null
  /// True or false.
  case bool(Bool)
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONTree])
  /// Members by name.
  case object([String: JSONTree])

  /// Reads any JSON.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if value.decodeNil() {
      self = .null
    } else if let list = try? value.decode([JSONTree].self) {
      self = .array(list)
    } else {
      self = .object(try value.decode([String: JSONTree].self))
    }
  }

  /// The value of a text; throws `DecodingError` where it is no JSON.
  public static func reading(_ text: String) throws -> JSONTree {
    try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
  }

  /// The members of an object; empty for anything else.
  public var members: [String: JSONTree] {
    if case .object(let members) = self { return members }
    return [:]
  }

  /// The entries of a list; empty for anything else.
  public var entries: [JSONTree] {
    if case .array(let entries) = self { return entries }
    return []
  }

  /// The text; nil for anything else.
  public var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The name that JSON Schema has for the type.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
