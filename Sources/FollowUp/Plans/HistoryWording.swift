import Foundation
import Progression
import Reports

/// Sentences about controls of earlier trials.
package enum HistoryWording {
  /// The prior with what it is worth.
  package static func prior(_ plan: HistoricalPlan) -> String {
    let prior = plan.prior
    let what = plan.quantity == .slope ? "slope after the first dose" : "change of slope"
    return "Historical controls: their \(what) "
      + "\(Formatting.signed(Estimate.percent(prior.mean), 2)) % a month, SD for a new trial "
      + "\(Formatting.fixed(Estimate.percent(prior.standardDeviation), 2)); with a vague component of weight "
      + "\(Formatting.plain(prior.robustWeight)) worth \(Formatting.fixed(plan.effectiveSampleSize, 1)) "
      + "control patients (expected local-information-ratio; by its variance "
      + "\(Formatting.fixed(plan.momentSampleSize, 1))) beside the \(plan.controls) of the trial"
  }

  /// How to read the table.
  package static let explanation =
    "Slowing is shown where its posterior probability exceeds 0.975. Where the trial's controls decline more "
    + "slowly than those of history (a positive difference), a false slowing is shown too often: choose "
    + "weight and trials so that the worst case is one that can be accepted, before the first patient."

  /// How the arms are compared.
  package static let analysis =
    "The controls' mean has a robust meta-analytic-predictive prior (Schmidli et al. 2014), the treated arm's a "
    + "flat one. The mixed model's estimates with Kenward and Roger's covariance are taken as normal, widened "
    + "by the ratio of Student's quantile to the normal one."

  /// How to read a comparison with controls of earlier trials.
  package static let comparisonExplanation =
    "Beside the primary analysis, never instead of it: what earlier controls add is not randomised. Where "
    + "this trial's controls differ from them the result is biased until they overrule the history. The prior "
    + "has to be stated before the data are seen."
}

extension HistoricalComparison {
  /// One line of the comparison.
  package struct Line {
    package let name: String
    package let value: Double
    package let lower: Double
    package let upper: Double
    /// p, or a posterior probability, with its name; empty for none.
    package let remark: String
  }

  /// What the figures are of.
  package var title: String {
    quantity == .slope ? "slope after the first dose" : "change of slope"
  }

  /// Controls and difference of the arms without and with history.
  ///
  /// - Parameter isLogarithmic: whether slopes are shown in percent.
  package func lines(isLogarithmic: Bool) -> [Line] {
    func line(_ name: String, _ value: Double, _ lower: Double, _ upper: Double, _ remark: String)
      -> Line
    {
      func shown(_ x: Double) -> Double { isLogarithmic ? Estimate.percent(x) : x }
      return Line(
        name: name, value: shown(value), lower: shown(lower), upper: shown(upper), remark: remark)
    }
    let bound = 1.959963984540054 * prior.standardDeviation
    return [
      line(
        "Controls of this trial", controlAlone.value, controlAlone.lower, controlAlone.upper, ""),
      line(
        "Controls by the earlier trials", prior.mean, prior.mean - bound, prior.mean + bound,
        "without the vague part"),
      line("Controls, both", control.mean, control.lower, control.upper, ""),
      line(
        "Treated less controls, this trial", differenceAlone.value, differenceAlone.lower,
        differenceAlone.upper, NumberText.pValue(differenceAlone.p)),
      line(
        "Treated less controls, both", difference.mean, difference.lower, difference.upper,
        "P(above 0) \(NumberText.fixed(probability, 3))"),
    ]
  }

  /// Decimals that its intervals need.
  package func decimals(isLogarithmic: Bool) -> Int {
    let widths = lines(isLogarithmic: isLogarithmic).map { $0.upper - $0.lower }.filter { $0 > 0 }
    guard let least = widths.min() else { return 2 }
    return min(8, max(2, 1 - Int(log10(least / 4).rounded(.down))))
  }

  /// What the history was worth, and whether the trial contradicts it.
  package var worth: [String] {
    let weight = prior.robustWeight
    return [
      "The earlier controls are worth \(NumberText.fixed(effectiveSampleSize, 1)) control patients before the "
        + "data (expected local-information-ratio) and \(NumberText.fixed(borrowedSampleSize, 1)) after them, "
        + "beside the \(controls) of this trial; weight of the vague component "
        + "\(NumberText.fixed(weight, 2)) before, \(NumberText.fixed(vagueWeight, 2)) after",
      isInConflict
        ? "Prior-data conflict: controls as far from the history as these have \(NumberText.pValue(conflictP)) "
          + "by it (Box 1980); do not rest on the comparison with history"
        : "No prior-data conflict: controls as far from the history as these have "
          + "\(NumberText.pValue(conflictP)) by it (Box 1980)",
    ]
  }
}
