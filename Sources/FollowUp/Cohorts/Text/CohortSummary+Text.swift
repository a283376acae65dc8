import Analyses
import Foundation
import Progression
import Reports
import Tables

extension CohortSummary {
  /// The comparison for people.
  ///
  /// - Parameters:
  ///   - randomisedText: randomised arms visit by visit.
  ///   - imputationText: what patients who left would have shown.
  package func text(randomisedText: String? = nil, imputationText: String? = nil) -> String {
    var lines = ["\(measure): \(subjects) patients, \(values) values"]
    if let deaths, let withdrawals, deaths + withdrawals > 0 {
      lines.append(
        "\(deaths) deaths and \(withdrawals) withdrawals; their values are part of the fit")
    }
    if let flow { lines += ["", flow.text, ""] }
    if let posteriorExtent, posterior?.isEmpty == false {
      lines.append("Posterior of single patients: \(posteriorExtent)")
    }
    if let endpoints { lines += ["", endpoints.text] }
    if !patients.isEmpty { lines += [""] + patientLines }
    lines += [""] + modelLines
    if let historical {
      lines += ["", historical.text(isLogarithmic: isLogarithmic, unit: slopeUnit)]
    }
    if let sides { lines += ["", sides.text(isLogarithmic: isLogarithmic, unit: slopeUnit)] }
    if let counts { lines += ["", counts.text(timeUnit: timeUnit)] }
    if let residuals {
      lines += ["", residuals.text(isLogarithmic: isLogarithmic, unit: slopeUnit)]
    }
    if let randomisedText { lines += ["", randomisedText] }
    if let subgroups {
      lines += subgroups.flatMap { ["", $0.text] } + [SubgroupSummary.explanation]
    }
    if let imputationText { lines += ["", imputationText] }
    if randomisedText != nil {
      for estimand in estimands.prefix(max(1, 1 + (imputation?.results.count ?? 0))) {
        lines += ["", estimand.text]
      }
    }
    if let survival {
      lines += ["", "Survival from \(survival.timeZero): \(survival.accounting)"]
      lines += survival.armLines + survival.testLines + survival.warnings
    }
    if !warnings.isEmpty || !notes.isEmpty { lines.append("") }
    lines += warnings.map { "Warning: \($0)" } + notes
    if let data { lines.append("Data: \(data.text)") }
    return lines.joined(separator: "\n")
  }

  private var patientLines: [String] {
    var table = TextTable([
      "Patient", "Visits", "Before", "After", "Difference", "p", "Posterior", "P(slower)",
    ])
    let posteriors = Dictionary(
      uniqueKeysWithValues: (posterior ?? []).map { ($0.subject, $0) })
    let decimals = SlopeText.decimals(patients.map(\.difference))
    for patient in patients {
      let visits = [patient.visitsBefore, patient.visitsAfter].compactMap { $0 }
      let own = posteriors[patient.subject]
      func cell(_ slope: SlopeText?) -> String {
        slope.map { Formatting.signed($0.value, decimals) } ?? "-"
      }
      table.add([
        patient.subject,
        visits.count == 2 ? "\(visits[0])+\(visits[1])" : String(patient.values),
        cell(patient.before), cell(patient.after), cell(patient.difference),
        patient.difference?.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
        own.map { Formatting.signed(shown($0.change), decimals) } ?? "-",
        own.map { Formatting.fixed($0.probabilityOfSlowing, 2) } ?? "-",
      ])
    }
    let title = ReportWording.quantity("Slopes", in: slopeUnit)
    var lines = ["\(title), each patient alone; posterior: by the model", table.text]
    let unfitted = patients.filter { $0.difference == nil }
    for patient in unfitted.prefix(5) {
      lines.append("\(patient.subject): no comparison (\(patient.reason ?? ""))")
    }
    if unfitted.count > 5 { lines.append("and \(unfitted.count - 5) more without comparison") }
    lines.append("")
    if let meanDifference {
      lines.append("Mean difference   \(meanDifference.text(showsP: true))")
    }
    if let signTest {
      lines.append(
        "Sign test         \(signTest.positive) slower, \(signTest.negative) faster, "
          + NumberText.pValue(signTest.p))
    }
    if let signFlipTest {
      lines.append(
        "Sign-flip test    \(NumberText.pValue(signFlipTest.p)) over \(signFlipTest.permutations) "
          + (signFlipTest.isExact ? "patterns (all)" : "patterns (random)"))
    }
    return lines
  }

  private var modelLines: [String] {
    guard let model, let fixed, let criterion, let sigma else {
      return ["Mixed model: not fitted: \(reason ?? "")"]
    }
    let name = model.criterion == .restricted ? "REML" : "-2 ln L"
    var lines = [
      "Mixed model \(model.randomEffects.rawValue): \(name) criterion "
        + "\(Formatting.fixed(criterion, 6)), residual SD \(Formatting.fixed(sigma, 5))"
    ]
    var table = TextTable(["Effect", "Estimate", "SE", "df", "t", "p", "Degrees of freedom"])
    for effect in fixed {
      table.add([
        effect.name, Formatting.fixed(effect.estimate, 6), Formatting.fixed(effect.se, 6),
        Formatting.fixed(effect.df, 2), Formatting.fixed(effect.t, 3),
        effect.p.map { NumberText.pValue($0, isBare: true) } ?? "-", effect.method,
      ])
    }
    lines.append(table.text)
    for component in varianceComponents ?? [] where component.with == nil {
      lines.append(
        "SD of \(component.effect) between levels of \(component.grouping): "
          + Formatting.fixed(component.standardDeviationOrCorrelation, 5))
    }
    if isLogarithmic,
      let change = fixed.first(where: { $0.name == "post:arm" })
        ?? fixed.first(where: { $0.name == "post" }), let df = change.df
    {
      let estimate = Estimate(
        value: change.estimate, standardError: change.se, degreesOfFreedom: df)
      lines.append(
        (change.name == "post" ? "Change of slope   " : "Between the arms  ")
          + SlopeText(estimate, isLogarithmic: true, unit: slopeUnit).text(showsP: true))
    }
    if let slowing {
      lines.append(
        "Slowing           " + slowing.text + (sides == nil ? "" : ", on the untreated side"))
    }
    if let slowingOfControls {
      lines.append("                  " + slowingOfControls.text(of: "the controls' slope after"))
    }
    if let responders {
      let chance = responders.chance.map {
        "; by chance alone \(NumberText.percent($0.posterior, 1)) (two-line rule "
          + "\(NumberText.percent($0.twoLines, 1)))"
      }
      lines.append(
        "Responders        \(responders.responders.count) of \(responders.patients) "
          + "(95 % interval \(NumberText.percent(responders.lower)) to "
          + "\(NumberText.percent(responders.upper)))\(chance ?? "")")
      lines.append(
        "  a responder      "
          + responders.criterion.rule(isLogarithmic: isLogarithmic, unit: slopeUnit))
      if let contrast = responders.contrast { lines.append("  by arm          " + contrast.text) }
    }
    if let sensitivity { lines += ["", sensitivityTable(sensitivity)] }
    if let dropout { lines += ["", dropoutText(dropout)] }
    return lines
  }

  private func dropoutText(_ dropout: DropoutSensitivity) -> String {
    var table = TextTable([
      "Death and dropout", "Change (\(slopeUnit))", "From", "To", "p", "Remark",
    ])
    for line in dropout.lines(isLogarithmic: isLogarithmic, unit: slopeUnit) {
      let slope = line.estimate.map {
        SlopeText($0, isLogarithmic: isLogarithmic, unit: slopeUnit)
      }
      table.add([
        line.name, slope.map { Formatting.signed($0.value, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueLower, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueUpper, $0.decimals) } ?? "-",
        slope?.p.map { NumberText.pValue($0, isBare: true) } ?? "-", line.remark,
      ])
    }
    return table.text + "\nMade because \(dropout.occasion). " + DropoutSensitivity.explanation
  }

  private func sensitivityTable(_ sensitivity: SensitivityAnalysis) -> String {
    var table = TextTable(["Analysis", "Change (\(slopeUnit))", "From", "To", "p", "Remark"])
    for line in sensitivity.lines {
      let slope = line.estimate.map {
        SlopeText($0, isLogarithmic: isLogarithmic, unit: slopeUnit)
      }
      table.add([
        line.name, slope.map { Formatting.signed($0.value, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueLower, $0.decimals) } ?? "-",
        slope.map { Formatting.signed($0.valueUpper, $0.decimals) } ?? "-",
        slope?.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
        line.reason ?? (line.isSingular ? "boundary fit" : ""),
      ])
    }
    return table.text
  }

  /// What one unit of time is called, by the unit of the slopes.
  private var timeUnit: String {
    slopeUnit.range(of: "per ", options: .backwards).map { String(slopeUnit[$0.upperBound...]) }
      ?? "unit of time"
  }

  private func shown(_ slope: Double) -> Double {
    isLogarithmic ? Estimate.percent(slope) : slope
  }
}

extension PatientFlow {
  /// The flow for people, one line a step.
  package var text: String {
    var table = TextTable(["Flow of the patients"] + arms)
    for step in steps { table.add([step.name] + step.patients.map(String.init)) }
    return table.text
  }
}
