import Progression
import Signal

/// The mixed model of a cohort with the inference that outputs show.
struct CohortModel {
  let fit: MixedModelFit
  /// Nil for a full-likelihood fit.
  let kenwardRoger: KenwardRoger?
  let satterthwaite: Satterthwaite
  /// Posterior of every patient; empty without therapy.
  let posterior: [SubjectSlopes]
  /// The posterior with the variances integrated out, for boundary fits and small cohorts.
  let integrated: IntegratedPosterior?
  let slowing: FiellerInterval?
  let responders: ResponderAnalysis?
  let sensitivity: SensitivityAnalysis?
  let warnings: [String]

  /// What is computed beside the fit.
  struct Options {
    /// Cohorts for the responder rate by chance; nil for enough, none for no responders.
    var simulations: Int?
    var seed: UInt64 = 1
    var includesSensitivity = false
    /// Whether patients entered for their fast decline.
    var wasSelected = false
  }

  /// Patients below which the variances are integrated out.
  static let smallCohort = 20
  /// Patients beyond which integration costs much and changes nothing.
  private static let largeCohort = 200

  init(
    _ table: LongitudinalTable, model: MixedModel, options: Options,
    meter: ProgressMeter? = nil
  ) throws {
    let fit = try model.fit(table)
    var warnings = fit.boundary
    self.fit = fit
    kenwardRoger = model.criterion == .restricted ? try fit.kenwardRoger() : nil
    satterthwaite = try fit.satterthwaite()
    let hasChange = fit.effectNames.contains("post")
    posterior = hasChange ? try fit.subjectSlopes() : []
    let count = fit.subjects.count
    let isUncertain = count < Self.smallCohort || (fit.isSingular && count <= Self.largeCohort)
    if hasChange && isUncertain {
      do {
        integrated = try fit.integratedPosterior()
      } catch let error as ProgressionError {
        integrated = nil
        warnings.append("variances are taken as known for single patients: \(error.description)")
      }
    } else {
      integrated = nil
    }
    slowing = hasChange ? Self.slowing(fit, kenwardRoger) : nil
    // The share of 8,000 patients has a standard error of half a percent.
    let simulations = options.simulations ?? min(200, max(1, 8_000 / count))
    if hasChange && simulations > 0 {
      meter?.update(0, detail: "chance responder rate")
      var generator = SeededGenerator(seed: options.seed, stream: 1)
      let chance = try? ChanceResponderRate(fit, cohorts: simulations, using: &generator)
      meter?.finish()
      let controls = Set(
        model.armEffects == .none
          ? [] : table.rows.filter { $0.arm == Self.controlArm(table, model) }.map(\.subject))
      responders = ResponderAnalysis(posterior, controls: controls, chance: chance)
    } else {
      responders = nil
    }
    sensitivity =
      hasChange && options.includesSensitivity
      ? SensitivityAnalysis(table, model: model) : nil
    if hasChange {
      warnings += RegressionToTheMean(fit, wasSelected: options.wasSelected).warnings
    }
    self.warnings = warnings
  }

  /// The effect that answers the question: the difference between arms where there are arms.
  var leadingEffect: (name: String, estimate: Estimate)? {
    let effects = kenwardRoger?.effects ?? satterthwaite.effects
    return effects.first { $0.name == "post:arm" } ?? effects.first { $0.name == "post" }
  }

  /// The arm that others are compared with, by the rule of the model.
  static func controlArm(_ table: LongitudinalTable, _ model: MixedModel) -> String? {
    let levels = Set(table.rows.compactMap(\.arm)).sorted()
    let usual = ["control", "placebo", "0"]
    return model.controlArm ?? levels.first { usual.contains($0.lowercased()) } ?? levels.first
  }

  private static func slowing(_ fit: MixedModelFit, _ kr: KenwardRoger?) -> FiellerInterval? {
    guard let slope = fit.effectNames.firstIndex(of: fit.model.timeName),
      let change = fit.effectNames.firstIndex(of: "post")
    else { return nil }
    let covariance = kr?.covariance ?? fit.covariance
    let effects = kr?.effects
    return FiellerInterval(
      slope: fit.coefficients[slope], change: fit.coefficients[change],
      slopeVariance: covariance[slope][slope], changeVariance: covariance[change][change],
      covariance: covariance[slope][change],
      degreesOfFreedom: effects?[change].estimate.degreesOfFreedom ?? .infinity)
  }
}

/// A cohort compared before and after therapy: patient by patient, and by the mixed model.
struct CohortComparison {
  let data: CohortTable
  /// Nil without any therapy.
  let twoStage: TwoStageComparison?
  let model: CohortModel?
  /// Why there is no model.
  let reason: String?

  init(
    _ data: CohortTable, model: MixedModel, regression: SegmentedRegression,
    options: CohortModel.Options, isModelRequired: Bool, meter: ProgressMeter? = nil
  ) throws {
    self.data = data
    if data.table.rows.contains(where: { $0.therapyTime != nil }) {
      var generator = SeededGenerator(seed: options.seed)
      twoStage = TwoStageComparison(data.table, configuration: regression, using: &generator)
    } else {
      twoStage = nil
    }
    do {
      self.model = try CohortModel(
        data.table, model: model, options: options, meter: meter)
      reason = nil
    } catch let error as ProgressionError where !isModelRequired {
      self.model = nil
      reason = error.description
    }
  }
}
