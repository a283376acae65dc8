import RealModule

/// The binomial distribution.
public enum BinomialDistribution {
  /// The probability of exactly `count` successes in `trials` trials of probability `p`.
  public static func probability(_ count: Int, trials: Int, p: Double) -> Double {
    if count < 0 || count > trials { return 0 }
    if p <= 0 { return count == 0 ? 1 : 0 }
    if p >= 1 { return count == trials ? 1 : 0 }
    let n = Double(trials)
    let k = Double(count)
    let logChoose =
      Double.logGamma(n + 1) - Double.logGamma(k + 1) - Double.logGamma(n - k + 1)
    return Double.exp(logChoose + k * Double.log(p) + (n - k) * Double.log(onePlus: -p))
  }

  /// The Wilson score interval of a proportion (Wilson 1927).
  public static func wilsonInterval(
    successes: Int, trials: Int, confidenceLevel: Double = 0.95
  ) -> ClosedRange<Double> {
    precondition(trials > 0 && successes >= 0 && successes <= trials, "0 <= successes <= trials")
    let n = Double(trials)
    let share = Double(successes) / n
    let z = NormalDistribution.quantile(0.5 + confidenceLevel / 2)
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half =
      z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, centre - half)...min(1, centre + half)
  }
}
