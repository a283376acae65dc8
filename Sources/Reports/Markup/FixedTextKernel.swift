import Foundation

/// Numbers with fixed decimals as the C library writes them, without a formatter of Foundation.
///
/// Tables of thousands of patients spend most of their time in formats otherwise.
enum FixedTextKernel {
  private static let powers = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]

  /// The number with so many decimals; the same digits as the format `%.Nf` of C.
  static func text(_ value: Double, _ decimals: Int) -> String {
    quickText(value, decimals) ?? formatted(value, decimals)
  }

  /// The same by whole numbers; nil where the rounding is too close to call, and for large numbers.
  static func quickText(_ value: Double, _ decimals: Int) -> String? {
    guard powers.indices.contains(decimals) else { return nil }
    let scaled = abs(value) * powers[decimals]
    // The product is off by 1e-7 at most: a rest further from one half rounds as the exact number does.
    guard scaled < 1e9 else { return nil }
    let whole = scaled.rounded(.down)
    guard abs(scaled - whole - 0.5) > 1e-6 else { return nil }
    var rest = UInt64(whole) + (scaled - whole > 0.5 ? 1 : 0)
    // Digits from the last to the first: up to ten, a point, a sign.
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
      var place = 16
      var written = 0
      while written <= decimals || rest > 0 {
        if written == decimals, decimals > 0 {
          place -= 1
          buffer[place] = UInt8(ascii: ".")
        }
        place -= 1
        buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
        written += 1
      }
      if value.sign == .minus {
        place -= 1
        buffer[place] = UInt8(ascii: "-")
      }
      return String(decoding: buffer[place..<16], as: UTF8.self)
    }
  }

  private static func formatted(_ value: Double, _ decimals: Int) -> String {
    // The largest number has 309 digits before the point.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 340 + max(0, decimals)) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      let count = withVaList([Int32(max(0, decimals)), value]) {
        vsnprintf(start, buffer.count, "%.*f", $0)
      }
      guard count > 0, Int(count) < buffer.count else { return "" }
      return String(
        decoding: UnsafeRawBufferPointer(start: start, count: Int(count)), as: UTF8.self)
    }
  }
}
