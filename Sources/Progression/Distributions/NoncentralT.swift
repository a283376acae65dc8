import RealModule

/// Power of a two-sided t test.
public enum NoncentralT {
  /// P(|T| > t(1 - alpha/2)) for a noncentral t with the given shift.
  ///
  /// By Simpson integration over the distribution of the estimated SD; about eight digits.
  /// - `noncentrality`: true effect / standard error.
  public static func power(
    noncentrality: Double, degreesOfFreedom df: Double, alpha: Double = 0.05
  ) -> Double {
    precondition(df > 0 && alpha > 0 && alpha < 1, "df > 0 and 0 < alpha < 1")
    let critical = StudentT.quantile(1 - alpha / 2, degreesOfFreedom: df)
    func beyond(_ w: Double) -> Double {
      NormalDistribution.cumulative(noncentrality - critical * w)
        + NormalDistribution.cumulative(-noncentrality - critical * w)
    }
    if df.isInfinite { return beyond(1) }
    // W = sqrt(chi2/df): density 2 (df/2)^(df/2) / Gamma(df/2) w^(df-1) exp(-df w^2 / 2).
    let front =
      Double.log(2) + df / 2 * Double.log(df / 2) - Double.logGamma(df / 2)
    let spread = 9 / (2 * df).squareRoot()
    let low = max(0, 1 - spread)
    let high = 1 + spread
    guard df < 2 else {
      return integral(from: low, to: high) { w in
        w > 0 ? Double.exp(front + (df - 1) * Double.log(w) - df * w * w / 2) * beyond(w) : 0
      }
    }
    // The density has no bound at 0 below one degree of freedom; over u = w^(df/2) all is smooth.
    return integral(from: 0, to: Double.pow(high, df / 2)) { u in
      let w = Double.pow(u, 2 / df)
      return Double.exp(front - df * w * w / 2) * 2 / df * u * beyond(w)
    }
  }

  /// Simpson's rule with 2,000 steps.
  private static func integral(
    from low: Double, to high: Double, _ value: (Double) -> Double
  ) -> Double {
    let steps = 2_000
    let h = (high - low) / Double(steps)
    return (0...steps).reduce(0) { sum, i in
      let weight = i == 0 || i == steps ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0)
      return sum + weight * value(low + Double(i) * h)
    } * h / 3
  }
}
