import Foundation
import Signal

/// What the units that a contraction does not recruit do to a number from those that it does.
///
/// Small units are recruited first (Henneman's size principle), so that the recruited ones are smaller
/// than all and the number comes out too high, the more so the weaker the contraction (McNeil et al.
/// 2005). How much is not seen in one contraction: neither the share of units that it recruits nor
/// how strictly size follows recruitment, nor by which law sizes spread. All are drawn over what is
/// known of muscles, and the interval holds the result.
public struct RecruitmentBias: Sendable, Equatable, Codable {
  /// Lowest force, as a share of maximum, at which a muscle has recruited all of its units.
  ///
  /// About 0.5 in hand muscles (Kukulka and Clamann 1981).
  public var lowestLimit: Double = 0.4
  /// Highest such force; about 0.9 in large muscles.
  public var highestLimit: Double = 0.9
  /// Ratio of the largest to the smallest recruitment threshold.
  public var thresholdRange: Double = 30
  /// Share of the draws in which size rises exponentially with recruitment.
  ///
  /// Fuglevand et al. 1993, eq. 13; in the others sizes are lognormal and follow recruitment more or
  /// less.
  public var strictShare: Double = 1 / 3.0
  /// Least share of the variance of ln(size) that strict order explains.
  public var leastExplained: Double = 0.8
  /// Most that sizes differ by in strict order, largest over smallest.
  public var largestSizeRange: Double = 50
  /// Standard deviation of ln(size) that is expected before any unit is seen.
  public var expectedDeviation: Double = 0.5
  /// How many units that expectation is worth.
  public var expectedUnits: Double = 4
  /// Weakest force, as a share of maximum, that is assumed where the force is not stated.
  public var weakestForce: Double = 0.1

  /// The default settings.
  public init() {}

  /// The share of the units that a force recruits, where all are recruited at `limit`.
  ///
  /// Thresholds are spread exponentially (Fuglevand et al. 1993, eq. 1).
  func recruitedShare(force: Double, limit: Double) -> Double {
    min(1, max(0.05, 1 + log(max(force, 1e-6) / limit) / log(thresholdRange)))
  }

  /// ln(mean size of all units / mean size of the recruited ones), at least 0.
  ///
  /// Lognormal sizes whose logarithms correlate with the normal scores of the recruitment order.
  /// `recruitedDeviation` is the standard deviation of ln(size) among the recruited units, which is
  /// smaller than among all.
  static func logBias(share: Double, correlation: Double, recruitedDeviation: Double) -> Double {
    guard share < 1, correlation > 0, recruitedDeviation > 0 else { return 0 }
    let limit = NormalScore.quantile(share)
    let hazard = exp(-limit * limit / 2) / (2 * Double.pi).squareRoot() / share
    let lostVariance = limit * hazard + hazard * hazard
    let deviation =
      recruitedDeviation / max(1 - correlation * correlation * lostVariance, 0.05).squareRoot()
    return max(0, log(share / NormalScore.share(limit - correlation * deviation)))
  }

  /// ln(mean size of all units / mean size of the recruited ones) where ln(size) rises with the rank.
  ///
  /// `explained` is the share of the variance of ln(size) that the rank explains; what it leaves is
  /// the same among all units and drops out.
  func strictLogBias(share: Double, explained: Double, recruitedDeviation: Double) -> Double {
    guard share < 1, explained > 0, recruitedDeviation > 0 else { return 0 }
    // A uniform ln(size) of range r has the standard deviation r / sqrt(12).
    let rise = min(
      (12 * explained).squareRoot() * recruitedDeviation / share, log(max(largestSizeRange, 1)))
    func logMean(_ range: Double) -> Double { range < 1e-6 ? 0 : log((exp(range) - 1) / range) }
    return max(0, logMean(rise) - logMean(rise * share))
  }

  /// The standard deviation of ln(size) among the recruited as few units leave it open.
  ///
  /// The variance is drawn from the scaled inverse chi-square distribution that the expectation and
  /// the variance of `units` units give together.
  func drawDeviation(
    _ recruitedDeviation: Double, units: Int, _ random: inout SeededGenerator
  ) -> Double {
    let freedom = max(units - 1, 0)
    let sum =
      expectedUnits * expectedDeviation * expectedDeviation
      + Double(freedom) * recruitedDeviation * recruitedDeviation
    let number = freedom + max(Int(expectedUnits.rounded()), 1)
    let square = (0..<number).reduce(0.0) { total, _ in
      let normal = random.normal()
      return total + normal * normal
    }
    return (sum / max(square, 1e-9)).squareRoot()
  }

  /// Draws the share of recruited units and the bias at `forcePercent` (nil: not stated).
  ///
  /// `recruitedDeviation` is that of `units` units.
  func draw(
    forcePercent: Double?, recruitedDeviation: Double, units: Int,
    _ random: inout SeededGenerator
  ) -> (share: Double, logBias: Double) {
    let force = forcePercent.map { $0 / 100 } ?? random.uniform(weakestForce, 1)
    let limit = random.uniform(lowestLimit, highestLimit)
    let share = recruitedShare(force: force, limit: limit)
    let deviation = drawDeviation(recruitedDeviation, units: units, &random)
    if random.uniform() < strictShare {
      return (
        share,
        strictLogBias(
          share: share, explained: random.uniform(leastExplained, 1),
          recruitedDeviation: deviation)
      )
    }
    return (
      share,
      Self.logBias(share: share, correlation: random.uniform(), recruitedDeviation: deviation)
    )
  }

  /// The 5 and 95 % quantiles of how many times too high a number is.
  func factor90(
    forcePercent: Double?, recruitedDeviation: Double, units: Int, seed: UInt64
  ) -> [Double] {
    var random = SeededGenerator(seed: seed, stream: 2)
    let draws = (0..<1000).map { _ in
      exp(
        draw(
          forcePercent: forcePercent, recruitedDeviation: recruitedDeviation, units: units, &random
        ).logBias)
    }.sorted()
    return [
      OrderStatistics.quantile(sorted: draws, 0.05), OrderStatistics.quantile(sorted: draws, 0.95),
    ]
  }
}
