/// A good file changed in many ways, one after the other.
///
/// Bytes are changed, cut, repeated, removed, and digits replaced by large numbers; each kind of damage
/// repeats with its seed.
public struct DamagedBytes {
  private let good: [UInt8]
  private var bits: Bits

  /// Damage to a content.
  public init(_ good: [UInt8], seed: UInt64) {
    self.good = good
    bits = Bits(state: 0x9E37_79B9_7F4A_7C15 ^ seed)
  }

  /// A small generator of its own, so that cases repeat.
  private struct Bits: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  /// The next damaged content.
  public mutating func next() -> [UInt8] {
    var bytes = good
    for _ in 0..<Int.random(in: 1...5, using: &bits) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &bits)
      switch Int.random(in: 0..<7, using: &bits) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &bits)
      case 1: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &bits)
      case 2: bytes.removeLast(min(bytes.count, Int.random(in: 0...bytes.count, using: &bits)))
      case 3:
        let end = min(bytes.count, at + Int.random(in: 1...64, using: &bits))
        bytes.removeSubrange(at..<end)
      case 4:
        let end = min(bytes.count, at + Int.random(in: 1...64, using: &bits))
        bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 5:
        // A digit near here becomes a number that nothing can hold.
        if let digit = bytes[at...].prefix(2000).firstIndex(where: { (48...57).contains($0) }) {
          let numbers = ["99999999999999999999", "-1", "0", "1e308", "nan", "4294967295", "65536"]
          let text = numbers[Int.random(in: 0..<numbers.count, using: &bits)]
          bytes.replaceSubrange(digit...digit, with: Array(text.utf8))
        }
      default:
        let end = min(bytes.count, at + 8)
        for index in at..<end { bytes[index] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &bits)! }
      }
    }
    return bytes
  }
}
