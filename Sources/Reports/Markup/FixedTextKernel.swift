import Foundation

/// Numbers with fixed decimals as the C library writes them, without a formatter of Foundation.
///
/// Tables of thousands of patients spend most of their time in formats otherwise.
enum FixedTextKernel {
  /// The number with so many decimals; the same digits as the format `%.Nf` of C.
  static func text(_ value: Double, _ decimals: Int) -> String {
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
