import Analyses
import Progression
import Registry
import Signal

/// The mixed model of a cohort with the inference that outputs show.
package struct CohortModel {
  package let fit: MixedModelFit
  /// Nil for a full-likelihood fit.
  package let kenwardRoger: KenwardRoger?
  package let satterthwaite: Satterthwaite
  /// Posterior of every patient with the variances integrated out; nil without therapy.
  package let posterior: IntegratedPosterior?
  package let slowing: FiellerInterval?
  /// The difference of the arms in percent of the controls' slope after therapy; nil without arms.
  package let slowingOfControls: FiellerInterval?
  package let responders: ResponderAnalysis?
  package let sensitivity: SensitivityAnalysis?
  /// Nil unless deaths exceed 10 % or it was asked for.
  package let dropout: DropoutSensitivity?
  /// The leading effect under other residual structures; nil where they were not fitted.
  package let residuals: ResidualComparison?
  /// The arms with controls of earlier trials; nil where there are none.
  package let historical: HistoricalComparison?
  /// Covariate of the treated side, where sides of a patient are compared.
  package let treatedSide: String?
  package let warnings: [String]

  /// What is computed beside the fit.
  package struct Options {
    /// Cohorts for the responder rate by chance; nil for enough, none for no responders.
    package var simulations: Int?
    package var seed: UInt64 = 1
    package var includesSensitivity = false
    /// Whether pattern-mixture and joint analyses are made whatever the share of deaths.
    package var includesDropout = false
    /// Whether patients entered for their fast decline.
    package var wasSelected = false
    /// Randomised arms compared visit by visit; nil for none.
    package var randomisedArms: RandomisedArms?
    /// Imputations of what patients who left would have shown; they need `randomisedArms`.
    package var imputations: [ReferenceImputation] = []
    /// Whether outputs show the delta at which the interval reaches zero.
    package var showsTippingPoint = false
    /// Whether correlated residuals are fitted too.
    package var includesResiduals = false
    /// What the groups are whose residual variances may differ; nil for none.
    package var varianceGroups: String?
    /// Nodes of the quadrature of models of counts; nil for none of them.
    package var countNodes: Int?
    /// Covariate of the treated side, where sides of a patient are compared; nil for none.
    package var treatedSide: String?
    /// Who responds.
    package var responders = ResponderCriterion()
    /// Control arms of earlier trials, in units of the slopes; nil for none.
    package var history: HistoricalControls?

    package init(
      simulations: Int? = nil, seed: UInt64 = 1, includesSensitivity: Bool = false,
      includesDropout: Bool = false, wasSelected: Bool = false
    ) {
      self.simulations = simulations
      self.seed = seed
      self.includesSensitivity = includesSensitivity
      self.includesDropout = includesDropout
      self.wasSelected = wasSelected
    }
  }

  package init(
    _ data: CohortTable, model: MixedModel, options: Options,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let table = data.table
    let fit = try model.fit(table)
    treatedSide = options.treatedSide
    var warnings = fit.boundary + fit.errorRemarks
    self.fit = fit
    kenwardRoger = model.criterion == .restricted ? try fit.kenwardRoger() : nil
    satterthwaite = try fit.satterthwaite()
    let hasChange = fit.effectNames.contains("post")
    let count = fit.subjects.count
    var posterior: IntegratedPosterior?
    if hasChange {
      do {
        posterior = try fit.integratedPosterior(criterion: options.responders)
      } catch let error as ProgressionError {
        warnings.append("no posterior of single patients: \(error.description)")
      }
    }
    self.posterior = posterior
    slowing = hasChange ? Self.slowing(fit, kenwardRoger) : nil
    slowingOfControls = hasChange ? Self.slowingOfControls(fit, kenwardRoger) : nil
    var residuals: ResidualComparison?
    if options.includesResiduals {
      do {
        residuals = try ResidualComparison(
          table, plain: fit,
          groups: options.varianceGroups == nil ? nil : CohortTable.varianceGroup,
          groupName: options.varianceGroups ?? "groups",
          effect: options.treatedSide.map { "post:\($0)" })
      } catch let error as ProgressionError {
        warnings.append("no correlated residuals: \(error.description)")
      }
    }
    self.residuals = residuals
    if let residuals, residuals.chosen > 0 {
      warnings.append(
        "the residuals are not independent with one variance "
          + "(\(residuals.lines[residuals.chosen].name) has the lower Akaike criterion): see the "
          + "comparison of residual structures")
    }
    // The share of 2,000 patients has a standard error of half a percent.
    let simulations = options.simulations ?? min(100, max(1, 2_000 / count))
    if let posterior, simulations > 0 {
      try progress(AnalysisProgress(0, detail: "chance responder rate"))
      var generator = SeededGenerator(seed: options.seed, stream: 1)
      let chance = try? ChanceResponderRate(
        fit, criterion: options.responders, residual: residuals?.chosenFit, cohorts: simulations,
        using: &generator)
      let control = Self.controlArm(table, model)
      let controls = Set(
        model.armEffects == .none
          ? [] : table.rows.filter { $0.arm == control }.map(\.subject))
      responders = ResponderAnalysis(
        posterior, criterion: options.responders, controls: controls, chance: chance)
    } else {
      responders = nil
    }
    var historical: HistoricalComparison?
    if let history = options.history {
      do {
        historical = try HistoricalComparison(
          fit, history: history, controls: Self.controlCount(table, model))
      } catch let error as ProgressionError {
        warnings.append("no comparison with controls of earlier trials: \(error.description)")
      }
    }
    self.historical = historical
    sensitivity =
      hasChange && options.includesSensitivity
      ? SensitivityAnalysis(
        table, model: model, month: data.month, halfDetectionLimit: data.zerosAtHalfTheLimit)
      : nil
    dropout =
      hasChange
      ? DropoutSensitivity(
        table, model: model, attrition: data.attrition, followUp: data.followUp,
        slopeUnit: data.isLogarithmic && data.timeUnit == "month" ? 0.01 : nil,
        isAskedFor: options.includesDropout) : nil
    if hasChange {
      warnings += RegressionToTheMean(fit, wasSelected: options.wasSelected).warnings
    }
    self.warnings = warnings
  }

  /// The effect that answers the question: the difference between arms where there are arms.
  package var leadingEffect: (name: String, estimate: Estimate)? {
    let effects = kenwardRoger?.effects ?? satterthwaite.effects
    let side = treatedSide.map { "post:\($0)" }
    return effects.first { $0.name == side } ?? effects.first { $0.name == "post:arm" }
      ?? effects.first { $0.name == "post" }
  }

  /// The arm that others are compared with, by the rule of the model.
  package static func controlArm(_ table: LongitudinalTable, _ model: MixedModel) -> String? {
    model.control(among: table.arms)
  }

  /// Control patients with a value after their first dose.
  private static func controlCount(_ table: LongitudinalTable, _ model: MixedModel) -> Int {
    let control = controlArm(table, model)
    return Set(
      table.rows.filter { row in
        row.arm == control && row.therapyTime.map { row.time > $0 } ?? false
      }.map(\.subject)
    ).count
  }

  /// The slowing in percent of the slope before: with arms that of the treated against the controls.
  private static func slowing(_ fit: MixedModelFit, _ kr: KenwardRoger?) -> FiellerInterval? {
    let names = fit.effectNames
    guard let slope = names.firstIndex(of: fit.model.timeName),
      let change = names.firstIndex(of: "post:arm") ?? names.firstIndex(of: "post")
    else { return nil }
    // Where arms differ before therapy too, the slope is that of the treated.
    let slopes = [slope] + (names.firstIndex(of: "\(fit.model.timeName):arm").map { [$0] } ?? [])
    return slowing(fit, kr, of: slopes, by: change)
  }

  /// The difference of the arms in percent of what the controls come to after therapy.
  private static func slowingOfControls(
    _ fit: MixedModelFit, _ kr: KenwardRoger?
  ) -> FiellerInterval? {
    let names = fit.effectNames
    guard let slope = names.firstIndex(of: fit.model.timeName),
      let post = names.firstIndex(of: "post"), let change = names.firstIndex(of: "post:arm")
    else { return nil }
    return slowing(fit, kr, of: [slope, post], by: change)
  }

  private static func slowing(
    _ fit: MixedModelFit, _ kr: KenwardRoger?, of slopes: [Int], by change: Int
  ) -> FiellerInterval {
    let covariance = kr?.covariance ?? fit.covariance
    return FiellerInterval(
      slope: slopes.reduce(0) { $0 + fit.coefficients[$1] }, change: fit.coefficients[change],
      slopeVariance: slopes.reduce(0) { sum, i in
        sum + slopes.reduce(0) { $0 + covariance[i][$1] }
      }, changeVariance: covariance[change][change],
      covariance: slopes.reduce(0) { $0 + covariance[$1][change] },
      degreesOfFreedom: kr?.effects[change].estimate.degreesOfFreedom ?? .infinity)
  }
}

/// A cohort compared before and after therapy: patient by patient, and by the mixed model.
package struct CohortComparison {
  package let data: CohortTable
  /// Nil without any therapy.
  package let twoStage: TwoStageComparison?
  package let model: CohortModel?
  /// Why there is no model.
  package let reason: String?
  /// Randomised arms visit by visit; nil where they were not asked for.
  package let randomised: RandomisedArms.Result?
  /// What patients who left would have shown; nil where it was not asked for.
  package let imputation: ImputationSummary?
  /// What each analysis estimates, the primary one first.
  package let estimands: [Estimand]
  /// Models of the counts themselves; nil where they were not asked for.
  package let counts: CountComparison?
  /// The treated side against the other; nil where it was not asked for.
  package let sides: SideComparison?
  /// Survival of the arms, and function and survival together; nil where no death is known.
  package let survival: SurvivalPage?
  /// The primary analysis in words.
  package let primary: String
  /// The effect of the primary analysis in subgroups; empty where none were asked for.
  package let subgroups: [SubgroupSummary]

  package init(
    _ data: CohortTable, model: MixedModel, regression: SegmentedRegression,
    options: CohortModel.Options, isModelRequired: Bool, cohort: CohortSeries? = nil,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.data = data
    if data.table.rows.contains(where: { $0.therapyTime != nil }) {
      var generator = SeededGenerator(seed: options.seed)
      twoStage = TwoStageComparison(data.table, configuration: regression, using: &generator)
    } else {
      twoStage = nil
    }
    randomised = try options.randomisedArms?.fit(data.table)
    var imputed: [ReferenceImputation.Result] = []
    for (index, own) in options.imputations.enumerated() {
      try progress(AnalysisProgress(0, detail: "imputing, \(own.rule.name)"))
      // The same draws for every rule, so that their differences are those of the rules.
      var generator = SeededGenerator(seed: options.seed, stream: 2)
      imputed.append(
        try own.fit(
          data.table, arms: options.randomisedArms ?? RandomisedArms(), using: &generator))
      try progress(
        AnalysisProgress(
          Double(index + 1) / Double(options.imputations.count), detail: "imputed"))
    }
    imputation =
      imputed.isEmpty
      ? nil
      : ImputationSummary(
        imputed, seed: options.seed, showsTippingPoint: options.showsTippingPoint)
    counts = try options.countNodes.map {
      try CountComparison(data.raw, model: model, nodes: $0)
    }
    sides = try options.treatedSide.map {
      try SideComparison(data.table, model: model, treated: $0)
    }
    survival = SurvivalCohort(data).flatMap { cohort in
      guard
        let found = try? SurvivalComparison(
          cohort.patients, covariateNames: cohort.covariateNames, controlArm: model.controlArm)
      else { return nil }
      return SurvivalPage(
        found, summary: SurvivalSummary(found, cohort: cohort, includesScores: false))
    }
    do {
      self.model = try CohortModel(
        data, model: model, options: options, progress: progress)
      reason = nil
    } catch let error as ProgressionError where !isModelRequired {
      self.model = nil
      reason = error.description
    }
    primary = PrimaryAnalysis(options).text(model)
    subgroups = data.subgroups.map {
      SubgroupSummary($0, data: data, model: model, options: options)
    }
    estimands = Estimand.all(
      data, model: model, options: options, cohort: cohort, hasSlopes: self.model != nil,
      hasJointRank: survival?.summary.jointRanks.isEmpty == false)
  }
}
