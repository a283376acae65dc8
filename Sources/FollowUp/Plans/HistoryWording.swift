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
}
