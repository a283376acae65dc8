import RealModule

/// Student's t distribution with any positive number of degrees of freedom.
public enum StudentT {
  /// The two-sided p value of a t statistic; an infinite `degreesOfFreedom` is the normal limit.
  public static func twoSided(_ t: Double, degreesOfFreedom df: Double) -> Double {
    precondition(df > 0, "degrees of freedom must be positive")
    if t.isNaN { return .nan }
    if df.isInfinite { return NormalDistribution.twoSided(t) }
    return IncompleteBeta.regularised(df / (df + t * t), df / 2, 0.5)
  }

  /// The probability of a value at or below `t`.
  public static func cumulative(_ t: Double, degreesOfFreedom df: Double) -> Double {
    let half = 0.5 * twoSided(t, degreesOfFreedom: df)
    return t < 0 ? half : 1 - half
  }

  /// The density at `t`.
  public static func density(_ t: Double, degreesOfFreedom df: Double) -> Double {
    if df.isInfinite { return NormalDistribution.density(t) }
    let front =
      Double.logGamma((df + 1) / 2) - Double.logGamma(df / 2) - 0.5 * Double.log(df * Double.pi)
    return Double.exp(front - (df + 1) / 2 * Double.log(onePlus: t * t / df))
  }

  /// The share below the upper end of a 95 % interval.
  private static let usual = 0.5 + 0.95 / 2
  /// Quantiles of that share for whole degrees of freedom from 1 on, as cohorts of like visits ask for
  /// the same one thousands of times.
  private static let known = (1...60).map { computed(usual, degreesOfFreedom: Double($0)) }

  /// The value below which a share `p` lies.
  public static func quantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    if p == usual, df >= 1, df <= 60, df == df.rounded() { return known[Int(df) - 1] }
    return computed(p, degreesOfFreedom: df)
  }

  /// Newton steps on the distribution function inside a bracket that halves when a step leaves it.
  private static func computed(_ p: Double, degreesOfFreedom df: Double) -> Double {
    precondition(p >= 0 && p <= 1, "a probability lies between 0 and 1")
    precondition(df > 0, "degrees of freedom must be positive")
    if df.isInfinite { return NormalDistribution.quantile(p) }
    if p == 0.5 { return 0 }
    if p < 0.5 { return -computed(1 - p, degreesOfFreedom: df) }
    if p == 1 { return .infinity }
    let tail = 2 * (1 - p)
    var lower = 0.0
    var upper = max(2, 2 * NormalDistribution.quantile(p))
    while twoSided(upper, degreesOfFreedom: df) > tail && upper < 1e300 {
      lower = upper
      upper *= 4
    }
    var t = min(max(NormalDistribution.quantile(p), lower), upper)
    for _ in 0..<200 {
      let excess = twoSided(t, degreesOfFreedom: df) - tail
      if excess > 0 { lower = t } else { upper = t }
      var next = t + excess / (2 * density(t, degreesOfFreedom: df))
      if !(next > lower && next < upper) { next = 0.5 * (lower + upper) }
      if abs(next - t) <= 1e-15 * abs(next) { return next }
      t = next
    }
    return t
  }
}
