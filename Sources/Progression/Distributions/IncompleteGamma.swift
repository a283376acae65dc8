import RealModule

/// The regularised incomplete gamma functions.
enum IncompleteGamma {
  /// Q(a, x), the upper tail, for a > 0 and x >= 0.
  ///
  /// Series (DLMF 8.7.1) below a + 1, continued fraction (DLMF 8.9.2, modified Lentz) above, so that
  /// small tails keep their relative accuracy.
  static func upper(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0, "the incomplete gamma function needs a > 0 and x >= 0")
    if x == 0 { return 1 }
    if x.isInfinite { return 0 }
    let front = Double.exp(a * Double.log(x) - x - Double.logGamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var denominator = a
      for _ in 0..<100_000 {
        denominator += 1
        term *= x / denominator
        sum += term
        if term < sum * 1e-17 { break }
      }
      return 1 - front * sum
    }
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var value = d
    for step in 1...100_000 {
      let i = Double(step)
      let numerator = -i * (i - a)
      b += 2
      d = numerator * d + b
      if abs(d) < tiny { d = tiny }
      c = b + numerator / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let change = d * c
      value *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return front * value
  }
}
