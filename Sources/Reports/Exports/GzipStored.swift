import Foundation

/// The gzip container with stored blocks (RFC 1952 and RFC 1951, 3.2.4): valid gzip, not smaller.
enum GzipStored {
  /// Wraps bytes; the header carries no time, so that equal content gives equal files.
  static func wrap(_ bytes: [UInt8]) -> Data {
    let largestBlock = 65_535
    let blocks = max(1, (bytes.count + largestBlock - 1) / largestBlock)
    var output = Data(capacity: bytes.count + 5 * blocks + 18)
    output.append(contentsOf: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
    for block in 0..<blocks {
      let start = block * largestBlock
      let end = min(bytes.count, start + largestBlock)
      let count = UInt16(end - start)
      output.append(block == blocks - 1 ? 1 : 0)
      append(count, to: &output)
      append(~count, to: &output)
      output.append(contentsOf: bytes[start..<end])
    }
    append(crc32(bytes), to: &output)
    append(UInt32(truncatingIfNeeded: bytes.count), to: &output)
    return output
  }

  /// The checksum of RFC 1952, section 8.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ (value >> 8)
    }
    return ~value
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  private static func append(_ value: some FixedWidthInteger, to output: inout Data) {
    withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) }
  }
}
