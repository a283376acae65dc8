import Analyses
import Progression
import Registry
import Reports

/// What `motorpool survival` prints, and what a comparison of slopes says of survival.
package struct SurvivalSummary: Encodable {
  package struct Ratio: Encodable {
    package let name: String
    package let hazardRatio: Double
    package let lower: Double
    package let upper: Double
    package let logHazardRatio: Double
    package let se: Double
    package let p: Double
  }

  package struct Difference: Encodable {
    package let arm: String
    package let estimate: Double
    package let se: Double
    package let lower: Double
    package let upper: Double
    package let p: Double

    init(_ arm: String, _ source: Estimate) {
      self.arm = arm
      estimate = source.value
      se = source.standardError
      lower = source.lower
      upper = source.upper
      p = source.p
    }
  }

  package struct JointRank: Encodable {
    package let arm: String
    package let control: String
    package let covariates: [String]
    package let meanRank: Double
    package let meanRankOfControls: Double
    package let difference: Difference
    package let df: Double
    package let rankSumP: Double
  }

  package let software = SoftwareVersion.text
  package let measure: String?
  package let patients: Int
  package let eventNames: String
  package let events: [String: Int]
  package let timeUnit: String
  package let timeZero: String
  package let horizon: Double
  package let strata: Int
  package let arms: [SurvivalComparison.Arm]
  package let meanDifferences: [Difference]
  package let logRank: LogRankTest?
  package let hazardRatios: [Ratio]?
  package let jointRanks: [JointRank]
  package let scores: [String: Int]?
  package let warnings: [String]

  /// - Parameter includesScores: whether each patient's score is listed.
  package init(
    _ comparison: SurvivalComparison, cohort: SurvivalCohort, includesScores: Bool = true
  ) {
    measure = cohort.measure
    patients = cohort.patients.count
    eventNames = cohort.eventNames
    events = cohort.events
    timeUnit = cohort.timeUnit
    timeZero = cohort.timeZero
    horizon = comparison.horizon
    strata = comparison.strata
    arms = comparison.arms
    // One patient has no spread that a difference could be held against.
    let isComparable = { (arm: SurvivalComparison.Arm) in arm.patients > 1 }
    meanDifferences = zip(comparison.arms.dropFirst(), comparison.meanDifferences).compactMap {
      isComparable($0) && isComparable(comparison.arms[0]) ? Difference($0.name, $1) : nil
    }
    logRank = comparison.logRank
    hazardRatios = comparison.cox?.effects.map { effect in
      Ratio(
        name: effect.name, hazardRatio: effect.hazardRatio,
        lower: 1 + Estimate.percent(effect.estimate.lower) / 100,
        upper: 1 + Estimate.percent(effect.estimate.upper) / 100,
        logHazardRatio: effect.estimate.value, se: effect.estimate.standardError,
        p: effect.estimate.p)
    }
    jointRanks = comparison.joint.map { joint in
      JointRank(
        arm: joint.arm, control: joint.control, covariates: comparison.covariateNames,
        meanRank: joint.meanRanks[0], meanRankOfControls: joint.meanRanks[1],
        difference: Difference(joint.arm, joint.test.difference),
        df: joint.test.difference.degreesOfFreedom, rankSumP: joint.test.wilcoxonP)
    }
    scores =
      includesScores && comparison.joint.count == 1
      ? Dictionary(
        uniqueKeysWithValues: zip(comparison.joint[0].subjects, comparison.joint[0].scores)) : nil
    let few = comparison.arms.count > 1 ? comparison.arms.filter { $0.patients < 10 } : []
    warnings =
      cohort.remarks + comparison.remarks
      + few.map { arm in
        arm.patients == 1
          ? "arm \(arm.name) has one patient: mean times are not compared with it"
          : "arm \(arm.name) has \(arm.patients) patients: errors of mean times and of hazards hold for "
            + "larger arms"
      }
  }

  /// How to read the joint rank, for every output that shows it.
  package static let jointRankExplanation =
    "Joint rank: every patient is compared with every other, first by who lives longer without an event, "
    + "then by the change from baseline at the last visit that both have; ranks are compared between the "
    + "arms by analysis of covariance."

  /// An interval in running text.
  package static func interval(_ lower: Double, _ upper: Double, _ decimals: Int) -> String {
    "95 % interval \(Formatting.fixed(lower, decimals)) to \(Formatting.fixed(upper, decimals))"
  }

  /// The tests as label and statement, for text and pages.
  package var tests: [(label: String, statement: String)] {
    var result: [(String, String)] = []
    if let logRank {
      result.append(
        (
          "Log-rank test",
          "chi-squared \(Formatting.fixed(logRank.statistic, 2)) on \(logRank.degreesOfFreedom) df, "
            + NumberText.pValue(logRank.p) + (strata > 1 ? ", within \(strata) strata" : "")
        ))
    }
    for ratio in hazardRatios ?? [] {
      result.append(
        (
          "Hazard ratio, \(ratio.name)",
          "\(Formatting.fixed(ratio.hazardRatio, 2)) "
            + "(\(Self.interval(ratio.lower, ratio.upper, 2))), \(NumberText.pValue(ratio.p))"
        ))
    }
    // Without an event before the horizon all means are the horizon itself.
    for difference in meanDifferences where difference.p.isFinite {
      result.append(
        (
          "Mean time, \(difference.arm)",
          "\(Formatting.signed(difference.estimate, 2)) \(timeUnit)s up to \(horizonText) "
            + "(\(Self.interval(difference.lower, difference.upper, 2))), "
            + NumberText.pValue(difference.p)
        ))
    }
    for joint in jointRanks {
      let difference = joint.difference
      result.append(
        (
          "Joint rank, \(joint.arm)",
          "\(Formatting.signed(difference.estimate, 2)) mean rank "
            + "(\(Self.interval(difference.lower, difference.upper, 2))), "
            + "\(NumberText.pValue(difference.p))"
            + (joint.covariates.isEmpty
              ? "" : " adjusted for \(joint.covariates.joined(separator: ", "))")
            + "; rank-sum test \(NumberText.pValue(joint.rankSumP))"
        ))
    }
    return result
  }

  /// The horizon with three digits.
  package var horizonText: String { NumberText.significant(horizon, 3) }

  /// What happened to how many, in words.
  package var accounting: String {
    let total = arms.reduce(0) { $0 + $1.events }
    let parts = events.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      events.count == 1 ? $0 : "\($1) \($0)"
    }
    return "\(patients) patients, \(total) \(total == 1 ? "event" : "events")"
      + (parts.isEmpty || events.count == 1 && parts[0].hasSuffix("event")
        ? "" : " (\(parts.joined(separator: ", ")))")
  }
}
