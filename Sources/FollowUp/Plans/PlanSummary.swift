import Analyses
import Foundation
import Progression
import UnitNumber

/// What is asked of a schedule of visits before the first patient is measured.
package struct PlanQuestion {
  /// Schedule and variances.
  package var plan: StudyPlan
  /// Patients of the cohort, both arms together; nil for one patient alone.
  package var patients: Int?
  /// Whether there are concurrent controls.
  package var hasControls = false
  /// True slowing in percent of the decline; nil for 100 of one patient and 50 of a cohort.
  package var slowingPercent: Double?
  /// Power that the number of patients is wanted for.
  package var power = 0.8
  /// Interim looks; nil for none.
  package var design: GroupSequentialDesign?
  /// Controls of earlier trials, slopes of ln(value); nil for none.
  package var history: HistoricalControls?
  /// How a method varies between visits; nil where the error is stated.
  package var variation: RetestVariation?
  /// Recordings of the method at each visit.
  package var recordingsPerVisit = 1

  /// A question with the defaults.
  package init(_ plan: StudyPlan) { self.plan = plan }
}

/// What a schedule of visits can show.
package struct PlanSummary: Encodable {
  package let software = SoftwareVersion.text
  package let plan: StudyPlan
  package let singleSlowingPercent: Double
  package let single: StudyPlan.Result
  /// With 0, 1, 2 and 3 further monthly run-in visits.
  package let runIn: [StudyPlan.Result]
  package let cohortSlowingPercent: Double
  package let hasControls: Bool
  package let cohort: StudyPlan.Result?
  package let needed: StudyPlan.Result?
  package let power: Double
  /// With interim looks.
  package let sequential: SequentialPlan?
  /// With controls of earlier trials; nil for none.
  package let historical: HistoricalPlan?
  /// Of two visits, and of the means before and after the first dose; empty without a method.
  package let detectable: [SmallestDetectableChange]
  private let design: GroupSequentialDesign?

  private enum CodingKeys: String, CodingKey {
    case software, plan, singleSlowingPercent, single, runIn, cohortSlowingPercent, hasControls
    case cohort, needed, power, sequential, historical, detectable
  }

  /// Answers a question.
  ///
  /// - Parameter progress: what it throws ends the work.
  /// - Throws: `ProgressionError` for a schedule that shows nothing or a value out of range,
  ///   `UnitNumberError` for a change that cannot be told; what `progress` throws.
  package init(
    _ question: PlanQuestion, progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    let plan = question.plan
    self.plan = plan
    design = question.design
    hasControls = question.hasControls
    power = question.power
    singleSlowingPercent = question.slowingPercent ?? 100
    cohortSlowingPercent = question.slowingPercent ?? 50
    let share = cohortSlowingPercent / 100
    try progress(AnalysisProgress(0))
    single = try plan.singlePatient(share: singleSlowingPercent / 100)
    runIn = try plan.runInGain(upTo: 3, share: singleSlowingPercent / 100)
    func part(_ first: Double, _ last: Double, _ detail: String) -> (Double) throws -> Void {
      { try progress(AnalysisProgress(first + (last - first) * $0, detail: detail)) }
    }
    if let patients = question.patients {
      cohort = try plan.cohort(patients: patients, controls: hasControls, share: share)
      needed = try plan.patientsNeeded(
        power: power, controls: hasControls, share: share, progress: part(0.1, 0.3, "patients"))
      sequential = try question.design.map {
        try plan.sequential(
          $0, patients: patients, controls: question.hasControls, share: share,
          power: question.power, progress: part(0.3, 0.5, "interim looks"))
      }
      historical = try question.history.map {
        try plan.historical(
          $0.trials, of: $0.quantity, between: $0.between, robustWeight: $0.robustWeight,
          patients: patients, share: share, progress: part(0.5, 1, "earlier controls"))
      }
    } else {
      (cohort, needed, sequential, historical) = (nil, nil, nil, nil)
    }
    detectable = try Self.detectable(question)
  }

  /// Changes of one visit each, and of the means of all visits before and after the first dose.
  private static func detectable(_ question: PlanQuestion) throws -> [SmallestDetectableChange] {
    guard let variation = question.variation else { return [] }
    let times = question.plan.visitTimes
    let before = times.count { $0 <= 0 }
    return try [(1, 1), (before, times.count - before)].filter { $0.0 > 0 && $0.1 > 0 }.map {
      try SmallestDetectableChange(
        variation, recordingsPerVisit: question.recordingsPerVisit, before: $0.0, after: $0.1,
        patients: question.patients)
    }
  }

  /// The statistical analysis plan of this trial.
  ///
  /// - Parameter errorSource: where the error of a measurement comes from.
  package func document(errorSource: String) -> TrialPlan {
    var result = TrialPlan(
      plan, hasControls: hasControls,
      share: (cohort == nil ? singleSlowingPercent : cohortSlowingPercent) / 100,
      result: cohort ?? single, needed: needed, power: power, sequential: sequential,
      design: design, errorSource: errorSource)
    result.historical = historical
    return result
  }
}
