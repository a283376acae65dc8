import Analyses
import Progression
import Reports

/// The statistical analysis plan of a trial before its first patient, in words.
package struct TrialPlan {
  /// Schedule, variances and level.
  package let plan: StudyPlan
  /// Patients of all arms; one for a single patient.
  package let patients: Int
  /// Whether there are concurrent controls.
  package let hasControls: Bool
  /// Slowing that the power is for, as a share of the slope.
  package let share: Double
  /// What the schedule shows with these patients.
  package let result: StudyPlan.Result
  /// Patients that the wanted power needs; nil where it is not reached.
  package let needed: StudyPlan.Result?
  /// The wanted power.
  package let power: Double
  /// Interim looks; nil for none.
  package let sequential: SequentialPlan?
  /// How looks share the level; nil for none.
  package let design: GroupSequentialDesign?
  /// Controls of earlier trials; nil for none.
  package var historical: HistoricalPlan?
  /// Where the error of a measurement comes from.
  package let errorSource: String

  package init(
    _ plan: StudyPlan, hasControls: Bool, share: Double, result: StudyPlan.Result,
    needed: StudyPlan.Result?, power: Double, sequential: SequentialPlan?,
    design: GroupSequentialDesign?, errorSource: String
  ) {
    self.plan = plan
    patients = result.patients
    self.hasControls = hasControls
    self.share = share
    self.result = result
    self.needed = needed
    self.power = power
    self.sequential = sequential
    self.design = design
    self.errorSource = errorSource
  }

  private var isSingle: Bool { patients == 1 }

  private var question: String {
    isSingle
      ? "change of slope of one patient"
      : hasControls
        ? "difference of the arms in change of slope" : "mean change of slope, without controls"
  }

  /// The plan as a page.
  package func page(command: String?) -> ReportPage {
    ReportPage(
      kind: "Statistical analysis plan", title: isSingle ? "One patient" : "\(patients) patients",
      subtitle: question,
      warnings: hasControls ? [] : [FollowUpWording.association],
      sections: [
        ReportSection(id: "design", title: "Design", paragraphs: designText),
        Estimand.section([estimand]),
        ReportSection(id: "analysis", title: "Primary analysis", paragraphs: analysis),
        ReportSection(
          id: "covariates", title: "Covariates and coding of factors", paragraphs: [covariates]),
        ReportSection(
          id: "missing", title: "Missing values and intercurrent events",
          paragraphs: [PlanWording.missing(.slopes)]
            + (isSingle ? [] : [PlanWording.dropoutRule(isAskedFor: false)])),
        ReportSection(
          id: "size", title: "Number of patients and power", paragraphs: size, tables: [assumptions]
        ),
        looks,
      ] + [history].compactMap { $0 } + [
        ReportSection(
          id: "multiplicity", title: "Several hypotheses", paragraphs: [multiplicity]),
        ReportSection(id: "software", title: "Software", paragraphs: [PlanWording.software]),
      ], provenance: Provenance(version: SoftwareVersion.number, command: command))
  }

  private func list(_ numbers: [Double]) -> String {
    numbers.map(Formatting.plain).joined(separator: ", ")
  }

  private var designText: [String] {
    let treated = plan.assignment(patients).count { $0 }
    return [
      (isSingle
        ? "One patient before and after the start of a therapy"
        : hasControls
          ? "\(patients) patients assigned by chance, \(treated) to the therapy and "
            + "\(patients - treated) to the controls"
            + (plan.allocation == 1 ? "" : " (\(Formatting.plain(plan.allocation)) to 1)")
          : "\(patients) patients before and after the start of a therapy, without controls") + ".",
      "Visits at months \(list(plan.visitTimes)) from the first dose"
        + (hasControls ? ", or from the first placebo," : ",")
        + " \(plan.muscles) muscle\(plan.muscles == 1 ? "" : "s") at each.",
    ]
  }

  private var estimand: Estimand {
    let control = hasControls ? "the controls, whatever else is given" : "the time before it"
    return Estimand(
      analysis: question,
      population: isSingle
        ? "the one patient"
        : hasControls
          ? "all patients with a value, in the arm that they were assigned to"
          : "all patients with a value",
      treatment: "the therapy, against \(control)",
      variable: "slope of the natural logarithm of the value in % per month",
      summary: hasControls
        ? "difference of the arms' mean change of slope after the first dose"
        : isSingle
          ? "change of slope after the first dose" : "mean change of slope after the first dose",
      events: Estimand.plannedEvents)
  }

  private var analysis: [String] {
    if isSingle {
      return [
        "Model: y ~ t + post by least squares, where t is the month and post the month after the first "
          + "dose, else 0; Student's t with \(plan.visitTimes.count - 3) degrees of freedom.",
        level,
      ]
    }
    let model = MixedModel(armEffects: hasControls ? .slopeChange : .none)
    let effects = ["t", "post"] + (hasControls ? ["post:arm"] : [])
    return [
      "y is the natural logarithm of the value. Model: "
        + "\(PlanWording.mixedModel(model, effects: effects)). Tested is "
        + "\(hasControls ? "post:arm" : "post").",
      PlanWording.restricted, PlanWording.independent, level,
    ]
  }

  private var level: String {
    "Two-sided tests at the level of \(Formatting.plain(plan.alpha)); intervals of "
      + "\(NumberText.significant(100 * (1 - plan.alpha), 4)) %. The estimate and its interval are told "
      + "whatever p is."
  }

  private var covariates: String {
    "None in the primary analysis."
      + (hasControls
        ? " The arm is 1 for the treated and 0 for the controls; arms have equal levels and slopes before the "
          + "first dose, as chance assigns them."
        : "")
      + " A covariate or factor that is to enter is named here before the first patient, with its reference "
      + "level."
  }

  private var multiplicity: String {
    PlanWording.oneHypothesis
      + " Where several endpoints are named beforehand: Holm's method within the primary family, the secondary "
      + "family only after every primary hypothesis was rejected."
  }

  // MARK: - Size

  private var size: [String] {
    var result = [
      "With \(isSingle ? "this schedule" : "these patients") the standard error is "
        + "\(NumberText.significant(self.result.standardError, 3)) ln units a month with "
        + "\(Formatting.fixed(self.result.degreesOfFreedom, 1)) degrees of freedom: power "
        + "\(Formatting.fixed(self.result.power, 3)) to show a slowing by "
        + "\(NumberText.percent(share)) of the decline, and 0.80 to show one by "
        + "\(NumberText.percent(self.result.detectableShare)).",
      isSingle
        ? "By least squares at the planned scatter."
        : "By generalised least squares at the planned variances, degrees of freedom after Kenward and Roger, "
          + "noncentral t.",
    ]
    if !isSingle {
      result.append(
        needed.map {
          "A power of \(Formatting.fixed(power, 2)) needs \($0.patients) patients."
        } ?? "A power of \(Formatting.fixed(power, 2)) is not reached with 2000 patients.")
    }
    return result
  }

  private var assumptions: ReportTable {
    func row(_ name: String, _ value: String) -> [String] { [name, value] }
    var rows = [
      row(
        "Decline before therapy",
        "\(Formatting.fixed(-Estimate.percent(plan.slope), 1)) % a month"),
      row(
        "Measurement SD on the ln scale",
        "\(NumberText.significant(plan.measurementSD, 3)) (\(errorSource))"),
    ]
    if !isSingle {
      rows += [
        row("SD of levels between patients", NumberText.significant(plan.sdIntercept, 3)),
        row("SD of slopes between patients", NumberText.significant(plan.sdSlope, 3)),
        row("Correlation of level and slope", NumberText.significant(plan.correlation, 2)),
        row("SD of changes of slope", NumberText.significant(plan.sdSlopeChange, 3)),
        row(
          "Patients who leave before the last visit",
          plan.dropout == 0
            ? "none" : "\(NumberText.percent(plan.dropout)), \(dropoutText), at random"),
      ]
    }
    return ReportTable(
      caption: "Assumptions",
      columns: [.init("Quantity", isNumeric: false), .init("Value", isNumeric: false)], rows: rows)
  }

  private var dropoutText: String {
    switch plan.dropoutPattern {
    case .even: "evenly after the first dose"
    case .early: "half of them in the first quarter of the time after the first dose"
    case .late: "half of them in the last quarter of the time after the first dose"
    }
  }

  // MARK: - Historical controls

  private var history: ReportSection? {
    historical.map { own in
      ReportSection(
        id: "history", title: "Historical controls",
        paragraphs: [
          HistoryWording.prior(own) + ".", HistoryWording.analysis, HistoryWording.explanation,
          "Without history: false slowing \(Formatting.fixed(own.level, 3)), power "
            + "\(Formatting.fixed(own.powerAlone, 3)).",
        ],
        tables: [
          ReportTable(
            caption: "What the trial shows where its controls differ from those of history",
            columns: [
              .init("Controls less history, SDs"), .init("% a month"), .init("False slowing"),
              .init("Power"),
            ],
            rows: (own.lines + [own.worst]).map { line in
              [
                Formatting.signed(line.drift / own.prior.standardDeviation, 1),
                Formatting.signed(Estimate.percent(line.drift), 2),
                Formatting.fixed(line.falseSlowing, 3), Formatting.fixed(line.power, 3),
              ]
            }, notes: ["Last row: the difference with the most false slowings."])
        ])
    }
  }

  // MARK: - Looks

  private var looks: ReportSection {
    guard let sequential, let design else {
      return ReportSection(
        id: "looks", title: "Interim looks",
        paragraphs: ["None: the data are analysed once, when they are complete."])
    }
    let hasFutility = design.hasFutility
    return ReportSection(
      id: "looks", title: "Interim looks",
      paragraphs: [
        "Looks at patients whose visits are complete; the two-sided p value of the primary analysis is "
          + "compared with the bound of the look. \(boundaryText)",
        hasFutility
          ? "The trial may stop where the statistic lies below the futility bound. That bound is non-binding: "
            + "the level holds where it is overruled."
          : "No look stops the trial for futility.",
        "Power \(Formatting.fixed(sequential.power, 3)) instead of "
          + "\(Formatting.fixed(sequential.singlePower, 3)) with one analysis; "
          + (sequential.needed.map {
            "a power of \(Formatting.fixed(power, 2)) with these looks needs \($0.patients) patients."
          } ?? "a power of \(Formatting.fixed(power, 2)) is not reached with 2000 patients."),
      ],
      tables: [
        ReportTable(
          caption: "Bounds of the looks",
          columns: [.init("Look"), .init("Patients"), .init("z"), .init("p"), .init("Level spent")]
            + (hasFutility ? [.init("Futile below z")] : []),
          rows: sequential.looks.enumerated().map { index, look in
            [
              String(index + 1),
              String(Int((look.information * Double(sequential.patients)).rounded())),
              NumberText.fixed(look.critical, 4), NumberText.significant(look.nominalP, 3),
              NumberText.fixed(look.spent, 4),
            ] + (hasFutility ? [look.futility.map { NumberText.fixed($0, 3) } ?? "–"] : [])
          })
      ])
  }

  private var boundaryText: String {
    switch design?.boundary {
    case .obrienFleming: "Bounds of O'Brien and Fleming (1979)."
    case .pocock: "Bounds of Pocock (1977)."
    case .spendingOBrienFleming:
      "Bounds by Lan and DeMets's spending function like O'Brien and Fleming's, whatever the times of the "
        + "looks come to be."
    case .spendingPocock:
      "Bounds by Lan and DeMets's spending function like Pocock's, whatever the times of the looks come to be."
    case nil: ""
    }
  }
}
