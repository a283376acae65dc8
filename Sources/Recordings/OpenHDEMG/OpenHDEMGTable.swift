import Foundation

/// How a number is stored, as numpy spells it: `<f8`, `>i4`, `|u1`, `|b1`.
struct OpenHDEMGNumber: Sendable, Hashable {
  private var letter: Character
  private var isBig: Bool
  /// Bytes of one number.
  var size: Int

  init?(_ text: String) {
    let characters = Array(text)
    guard characters.count == 3, "<>|=".contains(characters[0]),
      let size = characters[2].wholeNumberValue
    else { return nil }
    switch characters[1] {
    case "f": guard size == 4 || size == 8 else { return nil }
    case "i", "u": guard [1, 2, 4, 8].contains(size) else { return nil }
    case "b": guard size == 1 else { return nil }
    default: return nil
    }
    (letter, isBig, self.size) = (characters[1], characters[0] == ">", size)
  }

  /// The number that starts at a byte.
  func value(_ bytes: [UInt8], at offset: Int) -> Double {
    var bits: UInt64 = 0
    for index in 0..<size {
      let byte = UInt64(bytes[offset + (isBig ? size - 1 - index : index)])
      bits |= byte << (8 * UInt64(index))
    }
    switch letter {
    case "f":
      return size == 8
        ? Double(bitPattern: bits)
        : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case "i":
      let shift = UInt64(64 - 8 * size)
      return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
    default: return Double(bits)
    }
  }
}

/// One table of a module.
struct OpenHDEMGTable: Sendable {
  let bytes: FileBytes
  let isPacked: Bool
  let isColumnMajor: Bool
  let rows: Int
  let columns: Int
  let kind: OpenHDEMGNumber

  private static let chunk = 1 << 20

  /// Throws where the file does not hold what the manifest states.
  func check() throws {
    let size = rows * columns * kind.size
    // Deflate makes at most 1032 bytes of one.
    let most = isPacked ? Int.product(bytes.count, 1032, atMost: .max) ?? .max : bytes.count
    guard size <= most else {
      throw RecordingError(
        .truncated, path: bytes.path,
        "found \(bytes.count) bytes, expected \(rows) rows of \(columns) values (\(size) bytes)",
        remedy: "copy the module again from its origin")
    }
  }

  /// Some columns over a range of rows, from an unpacked file.
  func samples(columns wanted: [Int], range: Range<Int>) throws -> [[Float]] {
    if isPacked {
      let all = try unpacked()
      return wanted.map { Array(all[$0][range]) }
    }
    if isColumnMajor {
      return try wanted.map { column in
        let block = try bytes.read(
          at: (column * rows + range.lowerBound) * kind.size, count: range.count * kind.size)
        return (0..<range.count).map { Float(kind.value(block, at: $0 * kind.size)) }
      }
    }
    var result = [[Float]](repeating: [], count: wanted.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    let step = max(1, Self.chunk / (columns * kind.size))
    var row = range.lowerBound
    while row < range.upperBound {
      let next = min(range.upperBound, row + step)
      let block = try bytes.read(
        at: row * columns * kind.size, count: (next - row) * columns * kind.size)
      for (place, column) in wanted.enumerated() {
        for index in 0..<next - row {
          result[place].append(
            Float(kind.value(block, at: (index * columns + column) * kind.size)))
        }
      }
      row = next
    }
    return result
  }

  /// All columns of a packed file; throws `RecordingError` where it ends early.
  func unpacked() throws -> [[Float]] {
    let stream = try ByteStream(bytes)
    var result = [[Float]](repeating: [], count: columns)
    var number = [UInt8](repeating: 0, count: kind.size)
    for index in 0..<rows * columns {
      for byte in number.indices {
        guard let next = try stream.next() else {
          throw RecordingError(
            .truncated, path: bytes.path,
            "holds \(index) values, expected \(rows) rows of \(columns)",
            remedy: "copy the module again from its origin")
        }
        number[byte] = next
      }
      result[isColumnMajor ? index / rows : index % columns].append(
        Float(kind.value(number, at: 0)))
    }
    return result
  }
}
