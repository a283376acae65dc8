/// Fisher's F distribution.
public enum FDistribution {
  /// The probability of a value above `f` with `numerator` and `denominator` degrees of freedom.
  public static func upperTail(_ f: Double, numerator: Double, denominator: Double) -> Double {
    precondition(numerator > 0 && denominator > 0, "degrees of freedom must be positive")
    if f <= 0 { return 1 }
    if denominator.isInfinite {
      return ChiSquared.upperTail(f * numerator, degreesOfFreedom: numerator)
    }
    return IncompleteBeta.regularised(
      denominator / (denominator + numerator * f), denominator / 2, numerator / 2)
  }

  /// The value below which a share `p` lies, by bisection on the distribution function.
  public static func quantile(_ p: Double, numerator: Double, denominator: Double) -> Double {
    precondition(p >= 0 && p < 1, "a probability lies between 0 and 1")
    var lower = 0.0
    var upper = 2.0
    func tail(_ f: Double) -> Double {
      upperTail(f, numerator: numerator, denominator: denominator)
    }
    while tail(upper) > 1 - p && upper < 1e300 { upper *= 2 }
    for _ in 0..<200 {
      let middle = 0.5 * (lower + upper)
      if middle == lower || middle == upper { break }
      if tail(middle) > 1 - p { lower = middle } else { upper = middle }
    }
    return 0.5 * (lower + upper)
  }
}

/// The chi-squared distribution.
public enum ChiSquared {
  /// The probability of a value above `x`.
  public static func upperTail(_ x: Double, degreesOfFreedom df: Double) -> Double {
    precondition(df > 0, "degrees of freedom must be positive")
    return IncompleteGamma.upper(df / 2, max(0, x) / 2)
  }

  /// The value below which a share `p` lies, by bisection on the distribution function.
  public static func quantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    precondition(p >= 0 && p < 1, "a probability lies between 0 and 1")
    if p == 0 { return 0 }
    var lower = 0.0
    var upper = df + 10
    while upperTail(upper, degreesOfFreedom: df) > 1 - p { upper *= 2 }
    for _ in 0..<200 {
      let middle = 0.5 * (lower + upper)
      if middle == lower || middle == upper { break }
      if upperTail(middle, degreesOfFreedom: df) > 1 - p { lower = middle } else { upper = middle }
    }
    return 0.5 * (lower + upper)
  }
}
