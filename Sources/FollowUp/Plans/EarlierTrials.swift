import Foundation
import Progression

/// Control arms of earlier trials as they are written in papers: slopes with standard errors.
package struct EarlierTrials: Sendable {
  /// Slopes with their standard errors, in percent per unit of time or, where values are compared as they
  /// are, in their unit per unit of time.
  package var slopes: [(mean: Double, error: Double)]
  /// What they tell.
  package var quantity = HistoricalPlan.Quantity.slope
  /// Standard deviation of the true slopes between trials in the same unit, where it is known; else `scale`.
  package var betweenTrials: Double?
  /// Scale of the half-normal prior of that standard deviation where it is not known.
  package var scale: Double?
  /// Weight of the vague component that lets a trial's own controls overrule the others, 0 to below 1.
  package var robustWeight = 0.2

  /// Controls with a slope each.
  package init(_ slopes: [(mean: Double, error: Double)]) { self.slopes = slopes }

  /// The first slope that cannot be one in percent: outside -90 to 100, or with an error of 50 and more.
  package var impossiblePercent: (mean: Double, error: Double)? {
    slopes.first { !($0.mean > -90 && $0.mean < 100 && $0.error < 50) }
  }

  /// Whether the deviation between trials can be one in percent: 50 at most.
  package var hasPossibleDeviation: Bool { max(betweenTrials ?? 0, scale ?? 0) <= 50 }

  /// The controls in the unit of the slopes of a model.
  ///
  /// - Parameter isLogarithmic: whether slopes are in percent, and the result in ln units.
  /// - Throws: `FollowUpError` for slopes and deviations that cannot be in percent.
  package func controls(isLogarithmic: Bool) throws -> HistoricalControls {
    guard isLogarithmic else {
      return HistoricalControls(
        slopes.map { HistoricalPrior.Trial(mean: $0.mean, standardError: $0.error) }, of: quantity,
        between: betweenTrials.map { .known($0) } ?? .halfNormal(scale: scale ?? 0),
        robustWeight: robustWeight)
    }
    if let own = impossiblePercent {
      throw FollowUpError(
        .wrongSetting,
        "slope \(own.mean) with error \(own.error) of an earlier trial: expected percent between -90 and "
          + "100, the error above 0 and below 50")
    }
    guard hasPossibleDeviation else {
      throw FollowUpError(
        .wrongSetting, "deviation between earlier trials: expected 0 to 50 percent")
    }
    // A percentage point in ln units, at the mean of the trials.
    let mean = slopes.reduce(0) { $0 + $1.mean } / Double(slopes.count)
    let point = 1 / (100 + mean)
    return HistoricalControls(
      slopes.map {
        HistoricalPrior.Trial(
          mean: log1p($0.mean / 100), standardError: $0.error / (100 + $0.mean))
      }, of: quantity,
      between: betweenTrials.map { .known($0 * point) }
        ?? .halfNormal(scale: (scale ?? 0) * point),
      robustWeight: robustWeight)
  }
}
