import Analyses
import Progression
import Reports

/// The statistical analysis plan of a comparison in words, made from the options that carry it out.
package struct CohortPlan {
  private let comparison: CohortComparison
  private let model: MixedModel
  private let options: CohortModel.Options
  private let endpoints: EndpointComparison?
  private let dataHash: String?

  /// A plan of a comparison that was made.
  ///
  /// - Parameters:
  ///   - model: the mixed model that was asked for.
  ///   - endpoints: endpoints named beforehand; nil for one.
  ///   - dataHash: what a report cites for data of a registry.
  package init(
    _ comparison: CohortComparison, model: MixedModel, options: CohortModel.Options,
    endpoints: EndpointComparison? = nil, dataHash: String? = nil
  ) {
    self.comparison = comparison
    self.model = model
    self.options = options
    self.endpoints = endpoints
    self.dataHash = dataHash
  }

  private var data: CohortTable { comparison.data }
  private var primary: PrimaryAnalysis { PrimaryAnalysis(options) }

  /// The plan as a page.
  package func page(command: String?, inputs: [InputFile] = []) -> ReportPage {
    ReportPage(
      kind: "Statistical analysis plan", title: data.measure,
      subtitle: primary.text(model),
      sections: [
        ReportSection(id: "purpose", title: "Purpose", paragraphs: [Self.purpose]),
        Estimand.section(comparison.estimands),
        ReportSection(id: "values", title: "Values and times", paragraphs: values),
        ReportSection(id: "analysis", title: "Primary analysis", paragraphs: analysis),
        ReportSection(
          id: "covariates", title: "Covariates and coding of factors", paragraphs: covariates),
        ReportSection(
          id: "missing", title: "Missing values and intercurrent events", paragraphs: missing),
        ReportSection(
          id: "multiplicity", title: "Several hypotheses", paragraphs: multiplicity),
        ReportSection(id: "looks", title: "Interim looks", paragraphs: [PlanWording.noLooks]),
        ReportSection(id: "further", title: "Supportive analyses", paragraphs: further),
        ReportSection(id: "software", title: "Software", paragraphs: software),
      ],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command, seed: options.seed, inputs: inputs,
        dataHash: dataHash))
  }

  private static let purpose =
    "This plan states how the values are compared. The command that carries the comparison out wrote it "
    + "from its own options, so that plan and analysis cannot differ. Dated before anybody saw the data by "
    + "arm it is a plan made beforehand; later it is a record of what was done."

  // MARK: - Values

  private var values: [String] {
    let hasTherapy = data.table.rows.contains { $0.therapyTime != nil }
    var result = [
      data.isLogarithmic
        ? "Analysed is the natural logarithm of \(data.measure); slopes are told as 100 (exp(b) - 1) in "
          + "\(data.slopeUnit). A value of zero has no logarithm: it is left out and counted."
        : "\(data.measure) is analysed on its own scale.",
      "Time is in \(unitText)"
        + (hasTherapy
          ? ", the start of the therapy being each patient's own"
            + (model.onsetLag > 0
              ? "; the effect begins \(Formatting.plain(model.onsetLag)) later" : "")
          : "") + ".",
    ]
    switch model.measurementError {
    case .ignored: break
    case .additive:
      result.append("The values' standard errors are known and add to the residual variance.")
    case .weights:
      result.append("Values weigh as the inverse of their squared standard errors.")
    }
    if model.muscles && options.treatedSide == nil {
      result.append("Each muscle has a level of its own, and a random level and slope.")
    }
    return result + (data.remarks.isEmpty ? [] : ["In these data: \(list(data.remarks))."])
  }

  private var unitText: String {
    data.timeUnit.hasPrefix("unit") ? "the unit of the table" : "\(data.timeUnit)s"
  }

  private func list(_ sentences: [String]) -> String { sentences.joined(separator: "; ") }

  // MARK: - Primary analysis

  private var analysis: [String] {
    var result = ["Question: \(primary.text(model))."]
    switch primary {
    case .visits(let arms): result += visits(arms)
    case .sides:
      result.append(
        "Model: \(PlanWording.mixedModel(sideModel, effects: sideEffects)). \(PlanWording.sides)")
      result.append(PlanWording.restricted)
    case .counts:
      result.append(
        "Model of the counts, zeros included: \(formula), with a log link. \(PlanWording.counts)")
    case .residuals:
      result.append("Model: \(formula). " + PlanWording.restricted)
      result.append(PlanWording.residualRule(groups: options.varianceGroups))
    case .slopes:
      result.append(
        "Model: \(formula). "
          + (model.criterion == .full ? PlanWording.full : PlanWording.restricted))
      result.append(PlanWording.independent)
    }
    return result + [PlanWording.level]
  }

  private var formula: String {
    guard let effects = comparison.model?.fit.effectNames else {
      return "mixed model \(model.randomEffects.rawValue)"
    }
    return PlanWording.mixedModel(model, effects: effects)
  }

  private var sideModel: MixedModel {
    SideComparison.model(model, treated: options.treatedSide ?? "", sideSlopes: true)
  }

  private var sideEffects: [String] {
    comparison.model?.fit.effectNames
      ?? [model.timeName, "post", "post:\(options.treatedSide ?? "")"]
  }

  private func visits(_ arms: RandomisedArms) -> [String] {
    var result: [String] = []
    if let found = comparison.randomised {
      result.append("Model: \(found.formula). Fitted by \(found.inference).")
      result.append(
        "Visits after baseline at \(found.visits.map { NumberText.significant($0.time, 3) }.joined(separator: ", "))"
          + " \(data.timeUnit.hasPrefix("unit") ? "units of the table" : data.timeUnit + "s"); the last "
          + "is the primary one. Baseline is the last value before the start.")
    }
    if arms.method != .ancova {
      result.append(PlanWording.visitCovariance(arms.covariance))
    }
    return result
  }

  // MARK: - Covariates

  private var covariates: [String] {
    var result: [String] = []
    let arms = data.table.arms
    let comparesArms = model.armEffects != .none || options.randomisedArms != nil
    if comparesArms, let control = model.control(among: arms) {
      let others = arms.filter { $0 != control }
      result.append(
        "Arm: \(control) is the reference (0); \(others.joined(separator: ", ")) "
          + (others.count == 1 ? "is 1." : "have an indicator each."))
    }
    for (name, effects) in data.effectNames.sorted(by: { $0.key < $1.key }) {
      let coding = data.remarks.first { $0.hasPrefix("\(name) is a factor") }
      let places = model.covariates.filter { own in
        effects.contains { own == $0 || own.hasSuffix(":\($0)") }
      }
      let ways = Set(places.map { $0.split(separator: ":").count > 1 ? "interaction" : "main" })
      result.append(
        "\(coding ?? "\(name) is a number and enters as a straight line"); "
          + (ways.contains("interaction")
            ? "effects \(places.joined(separator: ", "))" : "a main effect") + ".")
    }
    if let arms = options.randomisedArms {
      if arms.method != .clda {
        result.append(
          "The value at baseline is a covariate"
            + (arms.method == .mmrm ? " with a coefficient of its own at each visit." : "."))
      }
      if arms.includesPreSlope {
        result.append("The least-squares slope of the visits before the start is a covariate.")
      }
    }
    return result.isEmpty ? ["No covariates."] : result
  }

  // MARK: - Missing values

  private var missing: [String] {
    var result = [PlanWording.missing(primary)]
    for own in options.imputations {
      result.append(
        "Multiple imputation, \(own.rule.name): \(own.imputations) completed data sets"
          + (own.delta == 0
            ? ""
            : ", values after leaving shifted by \(NumberText.significant(own.delta, 4))"
              + (data.isLogarithmic ? " on the ln scale" : ""))
          + ".")
    }
    if !options.imputations.isEmpty { result.append(ImputationPage.explanation) }
    if options.showsTippingPoint { result.append(ImputationPage.tippingExplanation) }
    result.append(PlanWording.dropoutRule(isAskedFor: options.includesDropout))
    return result
  }

  // MARK: - Several hypotheses

  private var multiplicity: [String] {
    guard let endpoints else { return [PlanWording.oneHypothesis] }
    func names(_ family: String) -> String {
      endpoints.endpoints.filter { $0.family == family }.map(\.test.name).joined(separator: ", ")
    }
    let secondary = names("secondary")
    return [
      "Primary endpoints: \(names("primary"))."
        + (secondary.isEmpty ? "" : " Secondary endpoints: \(secondary)."),
      endpoints.explanation,
    ]
  }

  // MARK: - Supportive analyses

  private var further: [String] {
    var result = [PlanWording.supportive]
    if primary != .slopes, comparison.model != nil { result.append("Mixed model: \(formula).") }
    if comparison.twoStage != nil { result.append(PlanWording.twoStage) }
    if comparison.model?.responders != nil {
      result.append(PlanWording.responders(options.responders, data))
    }
    if primary != .residuals, options.includesResiduals {
      result.append(PlanWording.residualRule(groups: options.varianceGroups))
    }
    if primary != .counts, options.countNodes != nil { result.append(PlanWording.counts) }
    if options.includesSensitivity { result.append(PlanWording.sensitivity) }
    if comparison.survival != nil { result.append(PlanWording.survival) }
    if let historical = comparison.model?.historical {
      let trials = options.history?.trials.count ?? 0
      result.append(
        "Controls of earlier trials (\(trials)), \(historical.title): weight of the vague component "
          + "\(Formatting.plain(historical.prior.robustWeight)). \(HistoryWording.analysis) "
          + HistoryWording.comparisonExplanation)
    }
    if !data.subgroups.isEmpty {
      result.append(
        "The effect of the primary analysis in subgroups by "
          + "\(data.subgroups.map(\.attribute).joined(separator: ", ")), by one model with the interaction "
          + "and its F test. \(SubgroupSummary.explanation)")
    }
    return result
  }

  private var software: [String] {
    [
      PlanWording.software,
      "Random numbers (permutations, simulated cohorts, imputations) come from seed \(options.seed).",
    ]
  }
}
