/// How a WFDB signal file stores its samples (signal(5), Moody).
enum WFDBFormat: Int, Sendable {
  /// 16-bit, little-endian.
  case format16 = 16
  /// 24-bit, little-endian.
  case format24 = 24
  /// 32-bit, little-endian.
  case format32 = 32
  /// 16-bit, big-endian.
  case format61 = 61
  /// 8-bit offset binary.
  case format80 = 80
  /// 16-bit offset binary, little-endian.
  case format160 = 160
  /// Two 12-bit samples in three bytes.
  case format212 = 212

  /// The digital value that stands for a sample that was not recorded (signal(5)).
  var missingValue: Int32 {
    switch self {
    case .format80: -128
    case .format212: -2048
    case .format16, .format61, .format160: -32_768
    case .format24: -8_388_608
    case .format32: .min
    }
  }

  /// Bytes that a number of samples takes.
  func byteCount(samples: Int) -> Int {
    switch self {
    case .format80: samples
    case .format16, .format61, .format160: 2 * samples
    case .format24: 3 * samples
    case .format32: 4 * samples
    case .format212: (3 * samples + 1) / 2
    }
  }

  /// Samples that a number of bytes holds.
  func sampleCount(bytes: Int) -> Int {
    switch self {
    case .format80: bytes
    case .format16, .format61, .format160: bytes / 2
    case .format24: bytes / 3
    case .format32: bytes / 4
    case .format212: bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0)
    }
  }

  /// Samples `range` of a file whose samples start at `offset`.
  func read(_ bytes: FileBytes, offset: Int, range: Range<Int>) throws -> [Int32] {
    // Pairs of format 212 are read whole.
    let first = self == .format212 ? range.lowerBound / 2 * 2 : range.lowerBound
    let from = offset + byteCount(samples: first)
    let block = try bytes.read(
      at: from, count: offset + byteCount(samples: range.upperBound) - from)
    return (range.lowerBound - first..<range.upperBound - first).map { decode(block, $0) }
  }

  private func decode(_ block: [UInt8], _ index: Int) -> Int32 {
    switch self {
    case .format80:
      return Int32(block[index]) - 128
    case .format16:
      return Int32(
        Int16(bitPattern: UInt16(block[2 * index]) | UInt16(block[2 * index + 1]) << 8))
    case .format61:
      return Int32(
        Int16(bitPattern: UInt16(block[2 * index + 1]) | UInt16(block[2 * index]) << 8))
    case .format160:
      return Int32(UInt16(block[2 * index]) | UInt16(block[2 * index + 1]) << 8) - 32768
    case .format24:
      let at = 3 * index
      let word = UInt32(block[at]) | UInt32(block[at + 1]) << 8 | UInt32(block[at + 2]) << 16
      return Int32(bitPattern: word << 8) >> 8
    case .format32:
      let at = 4 * index
      let low = UInt32(block[at]) | UInt32(block[at + 1]) << 8
      let high = UInt32(block[at + 2]) | UInt32(block[at + 3]) << 8
      return Int32(bitPattern: low | high << 16)
    case .format212:
      // Bytes: low 8 bits of the first; its high 4 bits and, above them, those of the second;
      // low 8 bits of the second.
      let at = index / 2 * 3
      let word =
        index % 2 == 0
        ? UInt32(block[at]) | UInt32(block[at + 1] & 0x0F) << 8
        : UInt32(block[at + 2]) | UInt32(block[at + 1] & 0xF0) << 4
      return Int32(bitPattern: word << 20) >> 20
    }
  }
}
