import Foundation

/// A JSON value whose objects keep the order of their members.
public enum JSONValue: Sendable, Equatable {
  /// The null value; numbers that are not finite are written as null.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A whole number beyond the signed range.
  case unsigned(UInt64)
  /// A number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in writing order.
  case object([Member])

  /// One member of an object.
  public struct Member: Sendable, Equatable {
    /// The member's name.
    public var name: String
    /// Its value.
    public var value: JSONValue

    /// A member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object of members that have a value; those without are left out.
  static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// A list of numbers.
  static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }

  /// A value from any `Encodable`, with members sorted by name.
  public init(encoding value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    self = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(value))
  }

  /// The value as text; lists of plain values stay on one line, objects are indented.
  public func text() -> String {
    var output = ""
    write(to: &output, indent: 0)
    return output
  }

  /// The value as text without spaces or line breaks.
  func compactText() -> String {
    var output = ""
    write(to: &output, indent: nil)
    return output
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: return false
    default: return true
    }
  }

  private func write(to output: inout String, indent: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .unsigned(let value): output += String(value)
    case .number(let value): output += NumberText.machine(value) ?? "null"
    case .string(let value): Self.write(value, to: &output)
    case .array(let values):
      let isInline = indent == nil || values.allSatisfy(\.isPlain)
      Self.list(
        values, open: "[", close: "]", indent: isInline ? nil : indent,
        separator: indent == nil ? "," : ", ", to: &output
      ) { value, inner, output in
        value.write(to: &output, indent: isInline ? (indent == nil ? nil : 0) : inner)
      }
    case .object(let members):
      Self.list(
        members, open: "{", close: "}", indent: indent, separator: ",", to: &output
      ) { member, inner, output in
        Self.write(member.name, to: &output)
        output += indent == nil ? ":" : ": "
        member.value.write(to: &output, indent: inner)
      }
    }
  }

  private static func list<Item>(
    _ items: [Item], open: String, close: String, indent: Int?, separator: String,
    to output: inout String, write: (Item, Int?, inout String) -> Void
  ) {
    output += open
    for (index, item) in items.enumerated() {
      if let indent {
        output += index == 0 ? "\n" : ",\n"
        output += String(repeating: " ", count: indent + 2)
        write(item, indent + 2, &output)
      } else {
        if index > 0 { output += separator }
        write(item, nil, &output)
      }
    }
    if let indent, !items.isEmpty { output += "\n" + String(repeating: " ", count: indent) }
    output += close
  }

  /// Writes a text with the escapes of RFC 8259, plain ASCII control characters as `\u00XX`.
  static func write(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    output += "\""
  }
}
