import Foundation

/// Which of the units that discharge a decomposition finds.
public enum UnitDetection: String, Sendable, Codable, CaseIterable {
  /// A sample without regard to size, as a needle meets units in its path.
  case anySize = "any-size"
  /// The units with the largest potentials first, as an electrode array separates them.
  case largest
}

/// What finding the largest units first does to a number: their mean is too large, it is too low.
public struct DetectionBias: Sendable, Equatable, Codable {
  /// Largest product of strictness and deviation that is assumed; beyond it the sum says nothing.
  public var strongest: Double = 1.5
  /// Least strictness with which an array finds the largest first: correlation of what decides with
  /// ln(size).
  public var leastStrictness: Double = 0.4
  /// Greatest such strictness.
  public var greatestStrictness: Double = 1
  /// Most that the number is raised: where small units fade away there is no bound to their number.
  public var most: Double = 5

  /// The default settings.
  public init() {}

  /// ln(mean size of the found units / mean size of those that discharge), at least 0.
  ///
  /// Lognormal sizes of which the share `found` is chosen by a score that correlates with ln(size) by
  /// `strictness`; `foundDeviation` is the standard deviation of ln(size) among the found.
  func logBias(found share: Double, strictness: Double, foundDeviation: Double) -> Double {
    guard share < 1, share > 0, strictness > 0, foundDeviation > 0 else { return 0 }
    let limit = NormalScore.quantile(1 - share)
    let hazard = exp(-limit * limit / 2) / (2 * Double.pi).squareRoot() / share
    let lostVariance = hazard * hazard - limit * hazard
    let deviation =
      foundDeviation / max(1 - strictness * strictness * lostVariance, 0.05).squareRoot()
    let shift = min(strictness * deviation, strongest)
    return max(0, log(NormalScore.share(shift - limit) / share))
  }

  /// The number at which `found` units, the largest of those that discharge, explain the rest.
  ///
  /// `count` is CMAP over the mean size, `recruitedShare` the share of units that discharge. The
  /// number decides how many were missed and they decide the number: solved by fixed-point steps,
  /// at most `most` times the `count`.
  func number(
    count: Double, found: Int, recruitedShare: Double, strictness: Double, foundDeviation: Double
  ) -> Double {
    var number = count
    for _ in 0..<30 {
      let share = min(1, Double(found) / max(recruitedShare * number, 1e-9))
      let bias = logBias(found: share, strictness: strictness, foundDeviation: foundDeviation)
      let next = count * exp(min(bias, log(most)))
      if abs(next / number - 1) < 1e-3 { return next }
      number = next
    }
    return number
  }
}
