import Progression
import Registry
import Reports

/// What an analysis estimates, in the attributes of ICH E9(R1).
package struct Estimand: Encodable {
  /// An event after the start that changes what a value means or whether there is one.
  package struct Event: Encodable {
    package let event: String
    /// Patients with the event; nil where it is not recorded here.
    package let count: Int?
    /// The strategy of E9(R1).
    package let strategy: String
    /// What the analysis does.
    package let handling: String
  }

  /// The analysis.
  package let analysis: String
  package let population: String
  package let treatment: String
  package let variable: String
  package let summary: String
  package let events: [Event]

  /// The attributes without the events, one line each.
  package var lines: [String] {
    [
      "Population: \(population)", "Treatment: \(treatment)", "Variable: \(variable)",
      "Summary: \(summary)",
    ]
  }

  /// The estimands of the analyses of a cohort that options ask for, the primary one first.
  ///
  /// - Parameters:
  ///   - hasSlopes: whether the mixed model of slopes was fitted, or is planned.
  ///   - hasJointRank: whether arms are compared by joint ranks; nil asks the deaths.
  package static func all(
    _ data: CohortTable, model: MixedModel, options: CohortModel.Options,
    cohort: CohortSeries? = nil, hasSlopes: Bool = true, hasJointRank: Bool? = nil
  ) -> [Estimand] {
    let writer = EstimandWriter(data, model: model, options: options, cohort: cohort)
    var result: [Estimand] = []
    if let arms = options.randomisedArms { result.append(writer.visits(arms.method)) }
    for imputation in options.imputations { result.append(writer.imputed(imputation)) }
    if options.countNodes != nil {
      result.insert(writer.counts(), at: PrimaryAnalysis(options) == .counts ? 0 : result.count)
    }
    if options.treatedSide != nil { result.append(writer.sides()) }
    if hasSlopes { result.append(writer.slopes()) }
    if hasJointRank ?? (data.attrition?.counts["death"] ?? 0 > 0), writer.comparesArms {
      result.append(writer.joint())
    }
    return result
  }

  /// The section of a page.
  package static func section(_ estimands: [Estimand]) -> ReportSection {
    ReportSection(
      id: "estimands", title: "Estimands",
      paragraphs: [
        "After ICH E9(R1): what each analysis estimates, and how events after the start enter."
      ],
      tables: estimands.map { own in
        ReportTable(
          caption: own.analysis,
          columns: [
            .init("Attribute or event", isNumeric: false), .init("Patients"),
            .init("Strategy", isNumeric: false), .init("In words", isNumeric: false),
          ],
          rows: [
            ["Population", "", "", own.population], ["Treatment", "", "", own.treatment],
            ["Variable", "", "", own.variable], ["Summary", "", "", own.summary],
          ]
            + own.events.map {
              [$0.event, $0.count.map(String.init) ?? "–", $0.strategy, $0.handling]
            })
      })
  }
}

extension Estimand {
  fileprivate static let atRandom = (
    "hypothetical",
    "as if nobody had left: missing at random given arm, covariates and the values seen"
  )
  fileprivate static let noDeaths = (
    "hypothetical",
    "as if nobody had died; no value exists after death, so read it beside survival"
  )

  /// The events of a trial that has not begun, for an analysis of slopes.
  package static var plannedEvents: [Event] {
    events(leaving: atRandom, death: noDeaths, counts: (nil, nil, nil))
  }

  /// Events with the strategies that differ between analyses.
  fileprivate static func events(
    leaving: (String, String), death: (String, String),
    counts: (left: Int?, died: Int?, supported: Int?)
  ) -> [Event] {
    [
      Event(
        event: "leaving the study", count: counts.left, strategy: leaving.0, handling: leaving.1),
      Event(
        event: "death or tracheostomy", count: counts.died, strategy: death.0, handling: death.1),
      Event(
        event: "ventilation by mask, gastrostomy", count: counts.supported,
        strategy: "treatment policy", handling: "values count whatever happened"),
      Event(
        event: "end or change of the therapy, other therapies", count: nil,
        strategy: "treatment policy", handling: "values count whatever was given"),
    ]
  }
}

/// Writes the estimands of one cohort.
private struct EstimandWriter {
  let data: CohortTable
  let model: MixedModel
  let options: CohortModel.Options
  let cohort: CohortSeries?

  init(
    _ data: CohortTable, model: MixedModel, options: CohortModel.Options, cohort: CohortSeries?
  ) {
    self.data = data
    self.model = model
    self.options = options
    self.cohort = cohort
  }

  var comparesArms: Bool { model.armEffects != .none || options.randomisedArms != nil }

  private var patients: Int { data.table.subjects.count }

  private var population: String {
    comparesArms
      ? "\(patients) patients with a value, in the arm that they were assigned to"
      : "\(patients) patients with a value"
  }

  private var treatment: String {
    if options.treatedSide != nil {
      return "the treated side against the other side of the patient"
    }
    let arms = data.table.arms
    guard comparesArms, let control = model.control(among: arms) else {
      return "the therapy, against the time before it of the same patients"
    }
    return
      "\(arms.filter { $0 != control }.joined(separator: ", ")) against \(control), whatever else "
      + "is given"
  }

  private var slope: String {
    "slope of \(scale) \(data.slopeUnit.hasPrefix("per ") ? "" : "in ")\(data.slopeUnit)"
  }

  private var scale: String { data.isLogarithmic ? "ln of \(data.measure)" : data.measure }

  private func count(_ kinds: Set<ClinicalEvent.Kind>) -> Int? {
    guard let cohort else { return nil }
    let present = Set(data.table.subjects.map(\.subject))
    let names = Dictionary(uniqueKeysWithValues: cohort.subjects.map { ($0.id, $0.pseudonym) })
    return Set(
      cohort.events.filter {
        kinds.contains($0.kind) && present.contains(names[$0.subject] ?? "")
      }.map(\.subject)
    ).count
  }

  private var left: Int? {
    data.attrition.map { ($0.counts["withdrawal"] ?? 0) + $0.unexplained.count }
  }

  private var deaths: Int? {
    data.attrition.map { ($0.counts["death"] ?? 0) + ($0.counts["tracheostomy"] ?? 0) }
  }

  private func events(
    leaving: (String, String), death: (String, String)
  ) -> [Estimand.Event] {
    Estimand.events(
      leaving: leaving, death: death,
      counts: (left, deaths, count([.nonInvasiveVentilation, .gastrostomy])))
  }

  func visits(_ method: RandomisedArms.Method) -> Estimand {
    let names: [RandomisedArms.Method: String] = [
      .mmrm: "mixed model for repeated measures", .clda: "constrained longitudinal analysis",
      .ancova: "analysis of covariance of each visit",
    ]
    let alone = (
      "hypothetical",
      "only patients with a value at the visit: missing at random given arm, baseline and covariates"
    )
    return Estimand(
      analysis: names[method] ?? method.rawValue, population: population, treatment: treatment,
      variable: "change of \(scale) from baseline to the last planned visit",
      summary: "difference of the arms' means",
      events: events(
        leaving: method == .ancova ? alone : Estimand.atRandom, death: Estimand.noDeaths))
  }

  func imputed(_ imputation: ReferenceImputation) -> Estimand {
    let course: String
    switch imputation.rule {
    case .mar: course = "as if they had gone on like their own arm"
    case .jumpToReference:
      course = "treated patients as if they had lost every gain and gone on like the controls"
    case .copyReference:
      course = "treated patients as if they had been controls from the start"
    case .copyIncrements:
      course = "treated patients as if they had kept their gain and gone on like the controls"
    }
    let shift =
      imputation.delta == 0 ? "" : ", and shifted by delta after leaving"
    let strategy = imputation.rule == .mar ? "hypothetical" : "treatment policy"
    return Estimand(
      analysis: "multiple imputation, \(imputation.rule.name)", population: population,
      treatment: treatment,
      variable: "change of \(scale) from baseline to the last planned visit",
      summary: "difference of the arms' means",
      events: events(
        leaving: (
          strategy, "imputed \(course)\(shift); therapy is taken to end with the last visit"
        ),
        death: ("hypothetical", "imputed in the same way, as if nobody had died")))
  }

  func sides() -> Estimand {
    Estimand(
      analysis: "comparison of sides", population: population, treatment: treatment,
      variable: slope,
      summary: "mean difference of the sides' change of slope after the first dose",
      events: events(leaving: Estimand.atRandom, death: Estimand.noDeaths))
  }

  func slopes() -> Estimand {
    Estimand(
      analysis: "mixed model \(model.randomEffects.rawValue)", population: population,
      treatment: options.treatedSide == nil ? treatment : "the therapy, both sides together",
      variable: slope,
      summary: model.armEffects == .none
        ? "mean change of slope after the first dose"
        : "difference of the arms' mean change of slope after the first dose",
      events: events(leaving: Estimand.atRandom, death: Estimand.noDeaths))
  }

  func counts() -> Estimand {
    Estimand(
      analysis: "mixed model of the counts", population: population, treatment: treatment,
      variable: "rate of change of the expected number of \(data.measure) in % per "
        + "\(data.timeUnit), zeros included",
      summary: model.armEffects == .none
        ? "change of that rate after the first dose"
        : "difference of the arms' change of that rate after the first dose",
      events: events(leaving: Estimand.atRandom, death: Estimand.noDeaths))
  }

  func joint() -> Estimand {
    Estimand(
      analysis: "joint rank of function and survival", population: population,
      treatment: treatment,
      variable:
        "rank by survival, and by the change of \(data.measure) where survival leaves it open",
      summary: "difference of the arms' mean ranks",
      events: events(
        leaving: (
          "while on study", "compared at the last visit that both patients of a pair have"
        ),
        death: ("composite", "an earlier death ranks below any change of the measure")))
  }
}
