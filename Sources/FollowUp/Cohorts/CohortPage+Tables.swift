import Progression
import Reports

extension CohortPage {
  /// Fixed effects, variances, sensitivity and each patient alone.
  package var tables: [ReportTable] {
    var result: [ReportTable] = []
    if let fixed = summary.fixed {
      result.append(
        ReportTable(
          caption: "Fixed effects",
          columns: [
            .init("Effect", isNumeric: false), .init("Estimate"), .init("SE"), .init("df"),
            .init("t"), .init("p"),
          ],
          rows: fixed.map {
            [
              $0.name, NumberText.significant($0.estimate, 5), NumberText.significant($0.se, 4),
              $0.df.map { NumberText.fixed($0, 1) } ?? "–",
              $0.t.map { NumberText.fixed($0, 2) } ?? "–",
              $0.p.map { NumberText.pValue($0, isBare: true) } ?? "–",
            ]
          }, notes: effectNotes(fixed)))
    }
    if let components = summary.varianceComponents {
      result.append(
        ReportTable(
          caption: "Variances and covariances of the random effects",
          columns: [
            .init("Between", isNumeric: false), .init("Effect", isNumeric: false),
            .init("Variance or covariance"), .init("SD or correlation"),
          ],
          rows: components.map { component in
            [
              component.grouping,
              [component.effect, component.with].compactMap { $0 }.joined(separator: ", "),
              Self.component(component.value),
              component.standardDeviationOrCorrelation.map(Self.component) ?? "–",
            ]
          }))
    }
    if let historical = summary.historical { result.append(historyTable(historical)) }
    if let sides = summary.sides { result.append(sideTable(sides)) }
    if let counts = summary.counts { result.append(countTable(counts)) }
    if let contrast = summary.responders?.contrast { result.append(responderTable(contrast)) }
    if let residuals = summary.residuals { result.append(residualTable(residuals)) }
    if let sensitivity = summary.sensitivity { result.append(sensitivityTable(sensitivity)) }
    if let dropout = summary.dropout { result.append(dropoutTable(dropout)) }
    if summary.patients.contains(where: { $0.difference != nil }) { result.append(patientTable) }
    return result
  }

  /// A variance with four digits; on its boundary it is zero but for rounding.
  private static func component(_ value: Double) -> String {
    NumberText.significant(abs(value) < 1e-12 ? 0 : value, 4)
  }

  /// What the names of the effects mean, of those that the table holds.
  private func effectNotes(_ fixed: [CohortSummary.FixedEffect]) -> [String] {
    let time = comparison.model?.fit.model.timeName ?? "t"
    let scale = data.isLogarithmic ? "Estimates are of ln values. " : ""
    let meanings = [
      (time, "slope per \(data.timeUnit) before therapy"),
      ("post", "change of the slope from the start of therapy"),
      ("step", "jump of the level at the start of therapy"),
      ("arm", "level of the treated less that of the controls"),
      ("\(time):arm", "slope of the treated less that of the controls before therapy"),
      ("post:arm", "change of the slope of the treated less that of the controls"),
    ].filter { meaning in fixed.contains { $0.name == meaning.0 } }
    let method =
      fixed.first?.method == "kenward-roger" ? "Kenward and Roger" : "Satterthwaite"
    return [
      scale + meanings.map { "\($0.0): \($0.1)" }.joined(separator: "; ") + ".",
      "Degrees of freedom after \(method).",
    ]
      + (summary.slowingOfControls.map {
        [
          "Slowing of the treated against the controls: "
            + ReportWording.withMinusSigns($0.text(of: "the controls' slope after therapy")) + "."
        ]
      } ?? [])
  }

  private func residualTable(_ residuals: ResidualComparison) -> ReportTable {
    ReportTable(
      caption: ReportWording.quantity(
        "Residual structures, \(residuals.effect)", in: data.slopeUnit),
      columns: [
        .init("Residuals", isNumeric: false), .init("Change"), .init("95 % interval"), .init("p"),
        .init("Robust p"), .init("AIC"), .init("Remark", isNumeric: false),
      ],
      rows: residuals.lines.map { line in
        var cells = effectRow(line.name, line.estimate, line.remark)
        cells.insert(
          line.robust.map { NumberText.pValue($0.p, isBare: true) } ?? "–", at: 4)
        cells.insert(line.aic.map { NumberText.fixed($0, 1) } ?? "–", at: 5)
        return cells
      }, markedRows: [residuals.chosen], notes: [ResidualComparison.explanation])
  }

  private func countTable(_ counts: CountComparison) -> ReportTable {
    let unit = "% per \(data.timeUnit)"
    return ReportTable(
      caption: "Models of the counts, \(counts.effect) in \(unit)",
      columns: [
        .init("Family", isNumeric: false), .init("Change"), .init("95 % interval"), .init("p"),
        .init("AIC"), .init("Remark", isNumeric: false),
      ],
      rows: counts.lines.map { line in
        var cells = effectRow(line.family.rawValue, line.estimate, line.remark, isLogarithmic: true)
        cells.insert(line.aic.map { NumberText.fixed($0, 1) } ?? "–", at: 4)
        return cells
      }, markedRows: [counts.chosen],
      notes: ["\(counts.heading). \(CountComparison.explanation)"])
  }

  private func sideTable(_ sides: SideComparison) -> ReportTable {
    ReportTable(
      caption: ReportWording.quantity(
        "Treated against untreated side, change of slope", in: data.slopeUnit),
      columns: [
        .init("What varies between sides", isNumeric: false), .init("Difference"),
        .init("95 % interval"), .init("df"), .init("p"), .init("AIC"), .init("Slowing %"),
        .init("Remark", isNumeric: false),
      ],
      rows: sides.lines.map { line in
        var cells = effectRow(line.name, line.estimate, line.reason ?? "")
        cells.insert(
          line.estimate.map { NumberText.fixed($0.degreesOfFreedom, 1) } ?? "–", at: 3)
        cells.insert(line.aic.map { NumberText.fixed($0, 1) } ?? "–", at: 5)
        cells.insert(line.slowing.map { NumberText.fixed($0.percentSlowing, 0) } ?? "–", at: 6)
        return cells
      }, markedRows: [sides.chosen],
      notes: ["\(sides.patients) patients with both sides. \(SideComparison.explanation)"])
  }

  private func responderTable(_ contrast: ResponderContrast) -> ReportTable {
    ReportTable(
      caption: "Responders by arm",
      columns: [.init("Arm", isNumeric: false), .init("Responders"), .init("Patients")],
      rows: [
        ["treated", "\(contrast.responders)", "\(contrast.treated)"],
        ["controls", "\(contrast.controlResponders)", "\(contrast.controls)"],
      ], notes: ["\(contrast.text). The odds ratio is Firth's, finite where a cell is empty."])
  }

  private func dropoutTable(_ dropout: DropoutSensitivity) -> ReportTable {
    ReportTable(
      caption: ReportWording.quantity("Death and dropout, change of slope", in: data.slopeUnit),
      columns: [
        .init("Analysis", isNumeric: false), .init("Change"), .init("95 % interval"), .init("p"),
        .init("Remark", isNumeric: false),
      ],
      rows: dropout.lines(isLogarithmic: data.isLogarithmic, unit: data.slopeUnit).map {
        effectRow(
          ReportWording.withMinusSigns($0.name), $0.estimate,
          ReportWording.withMinusSigns($0.remark))
      }, notes: ["Made because \(dropout.occasion).", DropoutSensitivity.explanation])
  }

  private func effectRow(
    _ name: String, _ estimate: Estimate?, _ remark: String, isLogarithmic: Bool? = nil
  ) -> [String] {
    let slope = estimate.map {
      SlopeText($0, isLogarithmic: isLogarithmic ?? data.isLogarithmic, unit: data.slopeUnit)
    }
    return [
      name, slope.map { NumberText.signed($0.value, $0.decimals) } ?? "–",
      slope.map {
        "\(NumberText.signed($0.valueLower, $0.decimals)) to "
          + NumberText.signed($0.valueUpper, $0.decimals)
      } ?? "–",
      slope?.p.map { NumberText.pValue($0, isBare: true) } ?? "–", remark,
    ]
  }

  private func sensitivityTable(_ sensitivity: SensitivityAnalysis) -> ReportTable {
    ReportTable(
      caption: ReportWording.quantity(
        "Sensitivity of \(sensitivity.effect), change of slope", in: data.slopeUnit),
      columns: [
        .init("Analysis", isNumeric: false), .init("Change"), .init("95 % interval"), .init("p"),
        .init("Remark", isNumeric: false),
      ],
      rows: sensitivity.lines.map {
        effectRow($0.name, $0.estimate, $0.reason ?? ($0.isSingular ? "boundary fit" : ""))
      })
  }

  private var patientTable: ReportTable {
    let decimals = SlopeText.decimals(summary.patients.map(\.difference))
    func cell(_ slope: SlopeText?) -> String {
      slope.map { NumberText.signed($0.value, decimals) } ?? "–"
    }
    return ReportTable(
      caption: ReportWording.quantity("Each patient alone, slopes", in: data.slopeUnit),
      columns: [
        .init("Patient", isNumeric: false), .init("Visits before"), .init("Visits after"),
        .init("Before"), .init("After"), .init("Difference"), .init("p"), .init("P(slower)"),
      ],
      rows: summary.patients.map { patient in
        let own = posteriors[patient.subject]
        return [
          patient.subject, patient.visitsBefore.map(String.init) ?? "–",
          patient.visitsAfter.map(String.init) ?? "–", cell(patient.before),
          cell(patient.after), cell(patient.difference),
          patient.difference?.p.map { NumberText.pValue($0, isBare: true) } ?? "–",
          own.map { NumberText.fixed($0.probabilityOfSlowing, 2) } ?? "–",
        ]
      }, notes: ["P(slower): posterior probability of a slower decline, by the mixed model."])
  }

  /// The analyses that were made and how, the primary one first.
  package var methods: [String] {
    var result: [String] = []
    if let randomised = comparison.randomised {
      result.append(
        "Randomised arms: \(randomised.formula), by \(randomised.inference)"
          + (randomised.criterion == nil
            ? "."
            : "; tests after Kenward and Roger 1997 with the second derivatives of the covariance.")
          + " Values missing after a visit count as missing at random. Slowing, in percent of the "
          + "control's change, has Fieller's interval.")
    }
    if summary.imputation != nil {
      result.append(
        "Multiple imputation: the model of all visits with an unstructured covariance is drawn from its "
          + "posterior (Jeffreys' prior, data augmentation after Schafer 1997); rules after Carpenter, Roger "
          + "and Kenward 2013.")
    }
    if let model = summary.model {
      let unit = data.isLogarithmic ? "ln(value)" : "the value"
      let change =
        summary.fixed?.contains { $0.name == "post" } ?? false
        ? "a common slope, a change of slope at each patient's own first dose" : "a common slope"
      result.append(
        (comparison.randomised == nil ? "Linear" : "Beside it a linear")
          + " mixed model \(model.randomEffects.rawValue) of \(unit) with \(change), and random "
          + "effects of the patients, fitted by "
          + (model.criterion == .full
            ? "maximum likelihood; tests by Satterthwaite."
            : "REML; tests by Kenward and Roger 1997.")
          + (summary.slowing == nil ? "" : " Slowing has Fieller's interval.")
          + (summary.responders.map {
            " A responder "
              + ReportWording.withMinusSigns(
                $0.criterion.rule(isLogarithmic: data.isLogarithmic, unit: data.slopeUnit)) + "."
          } ?? ""))
    }
    if summary.historical != nil { result.append(HistoryWording.analysis) }
    if summary.sides != nil {
      result.append(
        "Sides: the same model with a level, or a level and a slope, of each side of a patient.")
    }
    if summary.counts != nil {
      result.append(
        "Counts: Poisson and negative binomial mixed models with a log link; family by maximum likelihood, "
          + "tests by restricted likelihood with Kenward and Roger's correction of the linearised model."
      )
    }
    if summary.residuals != nil {
      result.append(
        "Residuals: continuous AR(1) and variances by group beside the plain model, by REML; robust "
          + "errors CR2 over patients.")
    }
    if !summary.patients.isEmpty {
      result.append(
        "\(result.isEmpty ? "Every" : "Beside it every") patient is fitted alone by two joined lines; the "
          + "sign test needs no model of the variation between patients.")
    }
    return result
  }

  /// The model's settings.
  package var parameters: [ReportFact] {
    guard let model = summary.model else { return [] }
    return [
      ReportFact("Random effects", model.randomEffects.rawValue),
      ReportFact(
        "Criterion",
        model.criterion == .full ? "maximum likelihood" : "restricted maximum likelihood"),
      ReportFact(
        "Arm effects",
        model.armEffects == .slopeChange
          ? "change of slope (randomised)"
          : model.armEffects == .all ? "level, slope and change of slope" : "none"),
      ReportFact("Onset lag", "\(Formatting.plain(model.onsetLag)) \(data.timeUnit)s"),
      ReportFact("Measurement error", model.measurementError.rawValue),
      ReportFact("Values", String(summary.values)),
    ]
  }
}
