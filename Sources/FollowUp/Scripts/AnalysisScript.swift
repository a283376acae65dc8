import Analyses
import Foundation
import Progression

/// Data and a script that repeat the primary analysis of a comparison in another program.
package struct AnalysisScript {
  /// The program.
  package enum Language: String, CaseIterable, Sendable {
    /// R with lme4, lmerTest, nlme or glmmTMB.
    case r
    /// SAS with PROC MIXED or PROC GLIMMIX.
    case sas
  }

  /// The values as CSV.
  package let data: String
  /// The script.
  package let text: String

  /// One effect with what was found here.
  struct Target {
    /// The effect as a term of columns.
    let term: String
    let estimate: Estimate
  }

  /// A script for a comparison that was made.
  ///
  /// - Parameters:
  ///   - model: the mixed model that was asked for.
  ///   - dataFile: name of the file that the values are written to, beside the script.
  /// - Throws: `FollowUpError` where the other program has no counterpart of the analysis, or there is
  ///   nothing to repeat.
  package init(
    _ comparison: CohortComparison, model: MixedModel, options: CohortModel.Options,
    language: Language, dataFile: String
  ) throws {
    let source = try ScriptSource(comparison, model: model, options: options)
    let body: [String]
    switch language {
    case .r: body = try RScript(source, dataFile: dataFile).lines
    case .sas: body = try SASScript(source, dataFile: dataFile).lines
    }
    let head = source.head(options, dataFile: dataFile)
    switch language {
    case .r:
      text = (head.map { "# \($0)" } + [""] + body).joined(separator: "\n") + "\n"
    case .sas:
      // A comment of SAS ends at its first semicolon or asterisk with slash.
      let safe = head.map { $0.replacing("*/", with: "* /") }
      text = (["/*"] + safe + ["*/", ""] + body).joined(separator: "\n") + "\n"
    }
    data = source.table.csv
  }
}

/// The primary analysis of a comparison as scripts take it.
struct ScriptSource {
  let primary: PrimaryAnalysis
  /// The mixed model that is fitted; not used by visits.
  let model: MixedModel
  let table: ScriptTable
  /// Fixed effects from that of time on, as terms.
  let effects: [String]
  let targets: [AnalysisScript.Target]
  /// Values that enter.
  let values: Int
  /// What else a reader has to know.
  var remarks: [String] = []
  /// The chosen residual structure, family or visits.
  let detail: Detail

  enum Detail {
    case none
    case residuals(isCorrelated: Bool, hasGroups: Bool)
    case counts(CountModel.Family, degreesOfFreedom: Double)
    case visits(VisitDetail)
  }

  /// Visits and arms of a randomised comparison.
  struct VisitDetail {
    let arms: RandomisedArms
    let count: Int
    /// Columns that tell the arms beside the control.
    let armColumns: [String]
    let covariates: [String]
  }

  init(
    _ comparison: CohortComparison, model: MixedModel, options: CohortModel.Options
  ) throws {
    primary = PrimaryAnalysis(options)
    if case .visits(let arms) = primary {
      let found = try Self.visits(comparison, arms)
      (self.table, self.detail, self.targets) = found
      self.model = model
      effects = []
      values = found.0.columns.first?.cells.count ?? 0
      return
    }
    var own = model
    var names: [String] = []
    var estimate: (name: String, estimate: Estimate)?
    var detail = Detail.none
    var remarks: [String] = []
    var source = comparison.data.table
    switch primary {
    case .sides:
      let side = options.treatedSide ?? ""
      if let sides = comparison.sides {
        own = SideComparison.model(model, treated: side, sideSlopes: sides.chosen == 1)
        estimate = sides.lines[sides.chosen].estimate.map { ("post:\(side)", $0) }
      }
      names = comparison.model?.fit.effectNames ?? []
    case .counts:
      source = comparison.data.raw
      own.measurementError = .ignored
      if let counts = comparison.counts {
        let line = counts.lines[counts.chosen]
        names = line.effects.map(\.name)
        // Restricted likelihood and its test have no counterpart in glmmTMB.
        estimate = line.likelihood.map { (counts.effect, $0) }
        detail = .counts(
          line.family, degreesOfFreedom: line.likelihood?.degreesOfFreedom ?? .infinity)
        if let own = line.estimate {
          remarks.append(
            "the script repeats the fit by maximum likelihood; the test of the comparison is by restricted "
              + "likelihood with Kenward and Roger's error and df: estimate "
              + "\(ScriptTable.text(own.value)), SE \(ScriptTable.text(own.standardError)), df "
              + "\(ScriptTable.text(own.degreesOfFreedom)), p \(ScriptTable.text(own.p))")
        }
        if counts.nodes > 1 {
          remarks.append(
            "here with \(counts.nodes) quadrature nodes for each random effect, the script by Laplace's "
              + "approximation")
        }
      }
    case .residuals, .slopes, .visits:
      names = comparison.model?.fit.effectNames ?? []
      estimate = comparison.model?.leadingEffect
      if case .residuals = primary, let found = comparison.model?.residuals, found.chosen > 0 {
        let line = found.lines[found.chosen]
        detail = .residuals(isCorrelated: line.phi != nil, hasGroups: !line.ratios.isEmpty)
        estimate = line.estimate.map { (found.effect, $0) }
        remarks.append("residual structure of the lowest Akaike criterion: \(line.name)")
      }
    }
    guard let estimate, let first = names.firstIndex(of: model.timeName) else {
      throw FollowUpError(
        "no script: the primary analysis gave no estimate"
          + (comparison.reason.map { " (\($0))" } ?? ""))
    }
    let valueName =
      (comparison.data.isLogarithmic && primary != .counts ? "ln of " : "")
      + comparison.data.measure
    let table = ScriptTable(source, model: own, effects: names, valueName: valueName)
    self.model = own
    self.table = table
    effects = names[first...].map { table.term($0, own) }
    targets = [
      AnalysisScript.Target(term: table.term(estimate.name, own), estimate: estimate.estimate)
    ]
    values = source.rows.count
    self.detail = detail
    self.remarks = remarks
  }

  private static func visits(
    _ comparison: CohortComparison, _ arms: RandomisedArms
  ) throws -> (ScriptTable, Detail, [AnalysisScript.Target]) {
    guard let last = comparison.randomised?.visits.last else {
      throw FollowUpError("no script: the arms were not compared visit by visit")
    }
    let trial = try arms.rows(comparison.data.table)
    let rows = trial.rows
    var table = ScriptTable()
    table.add("id", remark: "patient", isText: true, rows.map(\.subject))
    table.add(
      "y",
      remark: (arms.method == .clda ? "" : "change from baseline of ")
        + (comparison.data.isLogarithmic ? "ln of " : "") + comparison.data.measure,
      rows.map(\.value))
    table.add(
      "visit",
      remark: trial.visits.enumerated().map {
        "\($0.offset + 1) at \(ScriptTable.text($0.element))"
      }
      .joined(separator: ", ") + (arms.method == .clda ? ", 0 is baseline" : ""),
      rows.map { Double($0.visit) })
    let isConstrained = arms.method == .clda
    let columns = trial.arms.enumerated().dropFirst().map { index, arm in
      table.add(
        arm,
        remark: "1 for \(arm), 0 for \(trial.arms[0])" + (isConstrained ? " and at baseline" : ""),
        rows.map { $0.arm == index && !(isConstrained && $0.visit == 0) ? 1 : 0 })
    }
    if !isConstrained {
      table.add("baseline", remark: "less its mean", rows.map { $0.baseline ?? .nan })
    }
    let covariates = trial.covariateNames.enumerated().map { index, name in
      table.add(name, remark: "\(name) less its mean", rows.map { $0.covariates[index] })
    }
    let count = trial.visits.count
    let isSingle = arms.method == .ancova || (count == 1 && !isConstrained)
    let targets = zip(columns, last.differences).map { column, estimate in
      AnalysisScript.Target(
        term: isSingle ? column : "visit\(count):\(column)", estimate: estimate)
    }
    return (
      table,
      .visits(
        VisitDetail(
          arms: arms, count: count, armColumns: Array(columns), covariates: covariates)),
      targets
    )
  }

  /// What stands at the head of a script.
  func head(_ options: CohortModel.Options, dataFile: String) -> [String] {
    var lines = [
      "\(primary.text(model)), as \(SoftwareVersion.full) made it.",
      "The values are in \(dataFile); run the script in the folder of both.",
    ]
    lines += table.remarks
    lines += remarks
    for target in targets {
      let own = target.estimate
      let numbers: [(String, Double)] = [
        ("estimate", own.value), ("standard error", own.standardError),
        ("df", own.degreesOfFreedom), ("p", own.p),
      ]
      lines.append(
        "Found here: \(target.term) "
          + numbers.map { "\($0.0) \(String(format: "%.8g", $0.1))" }.joined(separator: ", "))
    }
    return lines.map { $0.replacing("\n", with: " ") }
  }
}
