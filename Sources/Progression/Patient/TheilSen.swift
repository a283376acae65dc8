/// The Theil-Sen slope: the median of the slopes of all pairs of visits.
public struct TheilSen: Sendable, Codable, Equatable {
  /// Median of the pairwise slopes, units a month.
  public let slope: Double
  /// Median of value less slope times time.
  public let intercept: Double
  /// Lower end of the interval; nil where the visits are too few for it.
  public let lower: Double?
  /// Upper end of the interval; nil where the visits are too few for it.
  public let upper: Double?
  /// Number of pairs of visits at different times.
  public let pairs: Int
  /// The trend test that goes with it.
  public let trend: MannKendall

  /// Fits values at times (Sen 1968).
  ///
  /// The interval takes the sorted slopes of rank (N - C)/2, rounded down, and (N + C)/2 + 1, rounded
  /// up, with C = z sqrt(Var S), the variance of the Mann-Kendall statistic.
  /// - Throws: `ProgressionError.tooFewVisits` with fewer than two different times.
  public init(times: [Double], values: [Double], confidenceLevel: Double = 0.95) throws {
    precondition(times.count == values.count, "one value for each time")
    var slopes: [Double] = []
    for i in times.indices {
      for j in i + 1..<max(times.count, i + 1) where times[j] != times[i] {
        slopes.append((values[j] - values[i]) / (times[j] - times[i]))
      }
    }
    guard !slopes.isEmpty else {
      throw ProgressionError.tooFewVisits(
        found: "no two visits at different times", expected: "at least two")
    }
    slopes.sort()
    let median = TheilSen.median(slopes)
    slope = median
    intercept = TheilSen.median(zip(times, values).map { $1 - median * $0 }.sorted())
    trend = MannKendall(times: times, values: values)
    let half =
      NormalDistribution.quantile(0.5 + confidenceLevel / 2) * trend.variance.squareRoot()
    let n = Double(slopes.count)
    let first = Int(((n - half) / 2).rounded(.down))
    let last = Int(((n + half) / 2).rounded(.up)) + 1
    lower = first >= 1 ? slopes[first - 1] : nil
    upper = last <= slopes.count ? slopes[last - 1] : nil
    pairs = slopes.count
  }

  static func median(_ sorted: [Double]) -> Double {
    let n = sorted.count
    return n % 2 == 1 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2])
  }
}
