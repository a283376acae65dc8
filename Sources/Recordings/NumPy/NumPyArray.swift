import Foundation

/// The header of an array in NumPy's `.npy` form, and its values as numbers.
///
/// Source: NumPy Enhancement Proposal 1, versions 1.0 to 3.0.
struct NumPyArray: Sendable {
  /// How one value is stored.
  enum Element: Sendable, Hashable {
    case float(bytes: Int)
    case signed(bytes: Int)
    case unsigned(bytes: Int)
    /// Characters of four bytes each.
    case text(characters: Int)
    /// Pickled objects of Python.
    case objects

    var count: Int {
      switch self {
      case .float(let bytes), .signed(let bytes), .unsigned(let bytes): bytes
      case .text(let characters): 4 * characters
      case .objects: 0
      }
    }
  }

  /// Bytes of a header that are looked at.
  static let headLimit = 1 << 16

  var element: Element
  var isBigEndian: Bool
  /// Whether the first index runs fastest.
  var isColumnMajor: Bool
  var shape: [Int]
  /// Byte at which the values start.
  var offset: Int

  var valueCount: Int { shape.reduce(1, *) }

  /// Reads a header; nil where the bytes are none, or the values are of a kind that is not read.
  init?(_ head: [UInt8]) {
    guard head.count >= 12, head.starts(with: [0x93] + Array("NUMPY".utf8)),
      (1...3).contains(head[6])
    else { return nil }
    let wide = head[6] > 1
    let length =
      wide
      ? Int(head[8]) | Int(head[9]) << 8 | Int(head[10]) << 16 | Int(head[11]) << 24
      : Int(head[8]) | Int(head[9]) << 8
    offset = (wide ? 12 : 10) + length
    guard offset <= head.count else { return nil }
    let text = String(decoding: head[(wide ? 12 : 10)..<offset], as: UTF8.self)
    guard let descriptor = Self.value("descr", text)?.split(separator: "'").first,
      let order = Self.value("fortran_order", text), let places = Self.value("shape", text),
      let (element, isBigEndian) = Self.element(String(descriptor))
    else { return nil }
    self.element = element
    self.isBigEndian = isBigEndian
    isColumnMajor = order.hasPrefix("True")
    var shape: [Int] = []
    guard places.hasPrefix("("), let end = places.firstIndex(of: ")") else { return nil }
    for part in places[places.index(after: places.startIndex)..<end].split(separator: ",") {
      let digits = String(part).trimmingWhitespace()
      if digits.isEmpty { continue }
      guard let size = Int(digits), size >= 0 else { return nil }
      shape.append(size)
    }
    guard shape.count <= 8 else { return nil }
    var count = 1
    for size in shape {
      guard let product = Int.product(count, size, atMost: 1 << 40) else { return nil }
      count = product
    }
    self.shape = shape
  }

  /// What follows a key of the header's dictionary.
  private static func value(_ key: String, _ text: String) -> String? {
    guard let place = text.range(of: "'\(key)':") else { return nil }
    return String(text[place.upperBound...]).trimmingWhitespace()
  }

  private static func element(_ descriptor: String) -> (Element, Bool)? {
    let order = descriptor.first ?? " "
    let isBigEndian = order == ">"
    let code = "<>|=".contains(order) ? descriptor.dropFirst() : Substring(descriptor)
    guard let kind = code.first else { return nil }
    if kind == "O" { return (.objects, false) }
    guard let size = Int(code.dropFirst()) else { return nil }
    switch (kind, size) {
    case ("f", 4), ("f", 8): return (.float(bytes: size), isBigEndian)
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): return (.signed(bytes: size), isBigEndian)
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8), ("b", 1):
      return (.unsigned(bytes: size), isBigEndian)
    case ("U", 0...(1 << 24)): return (.text(characters: size), isBigEndian)
    default: return nil
    }
  }

  /// Numbers out of stored bytes, as many as these hold.
  func numbers(_ bytes: ArraySlice<UInt8>) -> [Double] {
    let size = element.count
    guard size > 0 else { return [] }
    var result: [Double] = []
    result.reserveCapacity(bytes.count / size)
    var at = bytes.startIndex
    while at + size <= bytes.endIndex {
      var bits: UInt64 = 0
      for index in 0..<size {
        let place = isBigEndian ? size - 1 - index : index
        bits |= UInt64(bytes[at + place]) << (8 * UInt64(index))
      }
      switch element {
      case .float(let count):
        result.append(
          count == 4
            ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
        )
      case .signed(let count):
        let shift = 64 - 8 * UInt64(count)
        result.append(Double(Int64(bitPattern: bits << shift) >> Int64(shift)))
      case .unsigned: result.append(Double(bits))
      case .text, .objects: return []
      }
      at += size
    }
    return result
  }

  /// The text of an array of one; nil where it is none.
  func text(_ bytes: ArraySlice<UInt8>) -> String? {
    guard case .text(let characters) = element, valueCount == 1, bytes.count >= 4 * characters
    else { return nil }
    var scalars = String.UnicodeScalarView()
    for index in 0..<characters {
      let at = bytes.startIndex + 4 * index
      var value: UInt32 = 0
      for byte in 0..<4 {
        value |= UInt32(bytes[at + (isBigEndian ? 3 - byte : byte)]) << (8 * UInt32(byte))
      }
      if value == 0 { break }
      scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
    return String(scalars)
  }
}
