/// Takes numbers from bytes one after the other, never beyond their end.
struct ByteCursor {
  /// How numbers of several bytes lie in a file.
  enum Order: Sendable {
    /// Least significant byte first, IEEE floating point.
    case little
    /// Most significant byte first, IEEE floating point.
    case big
    /// Least significant byte first, VAX F floating point.
    case vax
  }

  /// The bytes end before what is asked for.
  struct End: Error {
    /// Offset of what was asked for.
    let offset: Int
  }

  private let bytes: ArraySlice<UInt8>
  private let order: Order
  /// Bytes taken so far.
  private(set) var offset = 0

  /// Starts at the first byte.
  init(_ bytes: some Sequence<UInt8>, order: Order = .little) {
    self.bytes = Array(bytes)[...]
    self.order = order
  }

  /// Bytes that are left.
  var left: Int { bytes.count - offset }

  /// The next bytes.
  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw End(offset: offset) }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// Goes to an offset from the start.
  mutating func go(to place: Int) throws {
    guard (0...bytes.count).contains(place) else { throw End(offset: place) }
    offset = place
  }

  mutating func byte() throws -> UInt8 {
    let taken = try take(1)
    return taken[taken.startIndex]
  }

  mutating func word() throws -> UInt16 {
    let taken = try take(2)
    let (first, second) = (UInt16(taken[taken.startIndex]), UInt16(taken[taken.startIndex + 1]))
    return order == .big ? first << 8 | second : second << 8 | first
  }

  mutating func int16() throws -> Int { Int(Int16(bitPattern: try word())) }

  mutating func uint32() throws -> UInt32 {
    let taken = try take(4)
    let value = taken.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return order == .big ? value : value.byteSwapped
  }

  mutating func float() throws -> Float { Self.float(try uint32(), order) }

  /// A floating-point number from four bytes read as a whole number in the same order.
  static func float(_ bits: UInt32, _ order: Order) -> Float {
    guard order == .vax else { return Float(bitPattern: bits) }
    // VAX F keeps the word with sign and exponent first and counts exponents from two lower.
    let turned = bits << 16 | bits >> 16
    return turned & 0x7F80_0000 == 0 ? 0 : Float(bitPattern: turned) / 4
  }
}
