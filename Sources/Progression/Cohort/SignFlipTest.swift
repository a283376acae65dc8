/// The sign-flip (one-sample permutation) test of a mean of zero.
///
/// Under the hypothesis each patient's value is symmetric about zero, so that its sign may be
/// flipped. Up to 20 values all 2^n sign patterns are counted; beyond, random patterns are drawn and
/// the p value is (hits + 1) / (draws + 1) (Phipson and Smyth 2010).
public struct SignFlipTest: Sendable, Codable, Equatable {
  /// The mean of the values.
  public let mean: Double
  /// The two-sided p value.
  public let p: Double
  /// Sign patterns that were looked at.
  public let permutations: Int
  /// Whether every pattern was counted.
  public let isExact: Bool

  /// Tests values with random patterns from `generator` where there are more than 20.
  public init(
    _ values: [Double], draws: Int = 20_000, using generator: inout some RandomNumberGenerator
  ) {
    precondition(!values.isEmpty && draws > 0, "at least one value and one draw")
    let n = values.count
    let observed = abs(values.reduce(0, +))
    let tolerance = 1e-12 * values.reduce(0) { $0 + abs($1) }
    mean = values.reduce(0, +) / Double(n)
    if n <= 20 {
      // A Gray code flips one sign a step, so that each pattern costs one addition.
      var signed = values.map { -$0 }
      var sum = signed.reduce(0, +)
      var hits = abs(sum) >= observed - tolerance ? 1 : 0
      for step in 1..<max(1 << n, 1) {
        let bit = step.trailingZeroBitCount
        sum -= 2 * signed[bit]
        signed[bit] = -signed[bit]
        if abs(sum) >= observed - tolerance { hits += 1 }
      }
      permutations = 1 << n
      isExact = true
      p = Double(hits) / Double(permutations)
    } else {
      // Sums of eight values under each pattern of their signs: a draw adds n / 8 numbers.
      let groups = (n + 7) / 8
      var sums = [Double](repeating: 0, count: groups * 256)
      for group in 0..<groups {
        for pattern in 0..<256 {
          for k in 0..<min(8, n - 8 * group) {
            let value = values[8 * group + k]
            sums[256 * group + pattern] += pattern >> k & 1 == 1 ? value : -value
          }
        }
      }
      var hits = 0
      for _ in 0..<draws {
        var bits: UInt64 = 0
        var sum = 0.0
        // Two sums, so that an addition need not wait for the one before it.
        var other = 0.0
        for group in stride(from: 0, to: groups - 1, by: 2) {
          if group % 8 == 0 { bits = generator.next() }
          sum += sums[256 * group + Int(bits & 255)]
          other += sums[256 * group + 256 + Int(bits >> 8 & 255)]
          bits >>= 16
        }
        if groups % 2 == 1 {
          if groups % 8 == 1 { bits = generator.next() }
          sum += sums[256 * (groups - 1) + Int(bits & 255)]
        }
        sum += other
        if abs(sum) >= observed - tolerance { hits += 1 }
      }
      permutations = draws
      isExact = false
      p = Double(hits + 1) / Double(draws + 1)
    }
  }
}
