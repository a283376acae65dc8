/// Writes parts as indented JSON, members sorted by name.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  /// The last object of so many members at such a depth.
  private var shapes: [Shape?] = []

  /// What objects of the same members share: thousands of patients are written alike.
  private struct Shape {
    let names: [String]
    let indent: Int
    /// Places of the members in writing order.
    let order: [Int]
    /// What stands before each value: the end of the line before, the name and a colon.
    let heads: [[UInt8]]
  }

  mutating func write(_ part: JSONPart, indent: Int) {
    switch part {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .number(let value): write(value)
    case .string(let value): Self.write(value, to: &bytes)
    case .text(let value): bytes += value.utf8
    case .single(let value): write(value)
    case .node(let node): write(node, indent: indent)
    }
  }

  private mutating func write(_ node: JSONNode, indent: Int) {
    switch node.form {
    case .single: write(node.members.last?.part ?? .null, indent: indent)
    case .list:
      let line = Self.line(indent + 2)
      bytes.append(UInt8(ascii: "["))
      var isFirst = true
      for member in node.members {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes += line
        write(member.part, indent: indent + 2)
      }
      close("]", isEmpty: isFirst, indent: indent)
    case .object, .nothing:
      let members = node.members
      let shape = shape(members, indent: indent)
      bytes.append(UInt8(ascii: "{"))
      for (place, head) in zip(shape.order, shape.heads) {
        bytes += head
        write(members[place].part, indent: indent + 2)
      }
      close("}", isEmpty: members.isEmpty, indent: indent)
    }
  }

  private mutating func close(_ sign: Unicode.Scalar, isEmpty: Bool, indent: Int) {
    if isEmpty { bytes.append(0x0A) }
    bytes += Self.line(indent)
    bytes.append(UInt8(ascii: sign))
  }

  /// A line end and the blanks of the next line.
  private static func line(_ indent: Int) -> [UInt8] {
    [0x0A] + [UInt8](repeating: 0x20, count: indent)
  }

  /// Order and names of an object; of members of one name the last stays.
  private mutating func shape(_ members: [JSONNode.Member], indent: Int) -> Shape {
    while shapes.count <= members.count { shapes.append(nil) }
    if let known = shapes[members.count], known.indent == indent,
      zip(known.names, members).allSatisfy({ $0 == $1.name })
    {
      return known
    }
    let names = members.map(\.name)
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() { places[name] = place }
    let sorted = places.sorted { $0.key < $1.key }
    let heads = sorted.enumerated().map { index, own -> [UInt8] in
      var head: [UInt8] = (index > 0 ? [UInt8(ascii: ",")] : []) + Self.line(indent + 2)
      Self.write(own.key, to: &head)
      return head + " : ".utf8
    }
    let shape = Shape(names: names, indent: indent, order: sorted.map(\.value), heads: heads)
    shapes[members.count] = shape
    return shape
  }

  private mutating func write(_ value: some BinaryFloatingPoint & LosslessStringConvertible) {
    guard value.isFinite else {
      Self.write(value.isNaN ? "nan" : value > 0 ? "inf" : "-inf", to: &bytes)
      return
    }
    Self.write(value.description, number: &bytes)
  }

  /// A number as Swift writes it, without the decimal of a whole one.
  static func write(_ text: String, number bytes: inout [UInt8]) {
    bytes += text.utf8
    if text.utf8.count > 2, bytes[bytes.count - 1] == UInt8(ascii: "0"),
      bytes[bytes.count - 2] == UInt8(ascii: ".")
    {
      bytes.removeLast(2)
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      bytes += text.utf8
    } else {
      for byte in text.utf8 { escape(byte, to: &bytes) }
    }
    bytes.append(0x22)
  }

  private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case 0x22: bytes += "\\\"".utf8
    case 0x5C: bytes += "\\\\".utf8
    case 0x08: bytes += "\\b".utf8
    case 0x0C: bytes += "\\f".utf8
    case 0x0A: bytes += "\\n".utf8
    case 0x0D: bytes += "\\r".utf8
    case 0x09: bytes += "\\t".utf8
    case 0..<0x20:
      bytes += "\\u00".utf8
      bytes.append(0x30 + (byte >> 4))
      bytes.append(byte & 15 < 10 ? 0x30 + (byte & 15) : 0x57 + (byte & 15))
    default: bytes.append(byte)
    }
  }
}
