import Foundation

/// Whether an estimate has changed between two visits by more than its error.
///
/// Both errors are taken as independent on the logarithmic scale; normal where they are known, and
/// Student's t where they were measured on few people, so that a call on a person who was not among
/// them keeps its rate (predictive t). A change is an
/// association with time, not the effect of a treatment.
public struct VisitComparison: Sendable, Equatable, Codable {
  /// Change from the first to the second visit, percent.
  public var changePercent: Double
  /// 90 % interval of the change, percent.
  public var interval90Percent: [Double]
  /// Probability that the change exceeds the error: 1 less the two-sided p value of no change.
  ///
  /// On a stable muscle it is uniform between 0 and 1: above 0.95 in 5 % of the comparisons.
  public var probabilityExceedsError: Double
  /// Probability that the true value has fallen, with no knowledge beforehand.
  public var probabilityOfDecrease: Double

  /// Compares two values with their standard errors of the natural logarithm.
  ///
  /// `degreesOfFreedom` tells on how many people less their parameters the errors rest; nil for
  /// errors that are known. Errors that each visit's own repetitions tell have `repetitions` less one
  /// degree of freedom each, put together after Welch and Satterthwaite.
  ///
  /// - Throws: `UnitNumberError` where a value is not above 0 or an error is negative or not
  ///   finite.
  public init(
    first: Double, firstLogError: Double, second: Double, secondLogError: Double,
    degreesOfFreedom: Int? = nil, repetitions: (first: Int?, second: Int?) = (nil, nil)
  ) throws {
    for (value, error) in [(first, firstLogError), (second, secondLogError)] {
      guard value.isFinite, value > 0, error.isFinite, error >= 0 else {
        throw UnitNumberError(
          .unusableData, source: "visit comparison",
          found: "value \(value) with log error \(error)",
          expected: "a value above 0 with a finite error")
      }
    }
    let change = log(second / first)
    let error = (firstLogError * firstLogError + secondLogError * secondLogError).squareRoot()
    changePercent = 100 * (exp(change) - 1)
    let ownFreedom = Self.freedom(
      [(firstLogError, repetitions.first), (secondLogError, repetitions.second)])
    let freedom = degreesOfFreedom.map(Double.init) ?? ownFreedom
    let limit: Double =
      freedom.map { StudentScore.limit(0.9, degreesOfFreedom: $0) } ?? 1.645
    interval90Percent = [-limit, limit].map { (deviations: Double) -> Double in
      100 * (exp(change + deviations * error) - 1)
    }
    if error > 0, let freedom {
      let within = StudentScore.within(abs(change / error), degreesOfFreedom: freedom)
      probabilityExceedsError = within
      probabilityOfDecrease = change < 0 ? 0.5 + within / 2 : 0.5 - within / 2
    } else if error > 0 {
      probabilityExceedsError = erf(abs(change / error) / 2.0.squareRoot())
      probabilityOfDecrease = 0.5 * erfc(change / error / 2.0.squareRoot())
    } else {
      probabilityExceedsError = change == 0 ? 0 : 1
      probabilityOfDecrease = change < 0 ? 1 : change > 0 ? 0 : 0.5
    }
  }

  /// Degrees of freedom of the difference of two values whose errors rest on repetitions; nil where
  /// both errors are known.
  ///
  /// No more than twice those of the visit with fewer: its error, found small by chance, would otherwise
  /// leave the other's degrees of freedom to stand for both.
  private static func freedom(_ visits: [(error: Double, repetitions: Int?)]) -> Double? {
    let variance = visits.reduce(0) { $0 + $1.error * $1.error }
    let spread = visits.reduce(0.0) { sum, visit in
      guard let count = visit.repetitions, count > 1 else { return sum }
      let square = visit.error * visit.error
      return sum + square * square / Double(count - 1)
    }
    // From some hundreds on it is the normal reference.
    guard spread > 0, variance * variance < 1_000 * spread else { return nil }
    let fewest = visits.compactMap(\.repetitions).filter { $0 > 1 }.min() ?? 2
    return max(1, min(variance * variance / spread, 2 * Double(fewest - 1)))
  }
}
