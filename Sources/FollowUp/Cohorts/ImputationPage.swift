import Foundation
import Progression
import Reports

/// What multiple imputation under stated assumptions gives, as outputs show it.
package struct ImputationSummary: Encodable {
  /// Seed of the draws.
  package let seed: UInt64
  /// One result for each rule.
  package let results: [ReferenceImputation.Result]
  /// Whether the delta at which the interval reaches zero was asked for.
  package let showsTippingPoint: Bool

  package init(
    _ results: [ReferenceImputation.Result], seed: UInt64, showsTippingPoint: Bool
  ) {
    self.seed = seed
    self.results = results
    self.showsTippingPoint = showsTippingPoint
  }
}

/// Multiple imputation as rows, words and a section of a page.
package struct ImputationPage {
  package let summary: ImputationSummary
  private let data: CohortTable

  package init(_ summary: ImputationSummary, data: CohortTable) {
    self.summary = summary
    self.data = data
  }

  /// The unit of changes: percent of ln values, else that of the measure.
  package var unit: String { data.isLogarithmic ? "%" : "" }

  /// One row for each rule and arm beside the control, at the last visit.
  package struct Row {
    package let rule: String
    package let arm: String
    package let difference: SlopeText
    package let missing: String
    package let error: String
    package let tippingPoint: String
  }

  /// The results at the last visit.
  package var rows: [Row] {
    summary.results.flatMap { result -> [Row] in
      guard let last = result.visits.last else { return [] }
      return last.differences.enumerated().map { index, pooled in
        let shown = SlopeText(
          pooled.estimate, isLogarithmic: data.isLogarithmic, unit: unit)
        let delta =
          result.delta == 0 ? "" : ", delta \(self.shown(result.delta))"
        return Row(
          rule: result.rule.name + delta, arm: result.arms[index + 1], difference: shown,
          missing: NumberText.percent(pooled.missingShare),
          error: Formatting.fixed(
            data.isLogarithmic ? 100 * pooled.monteCarloError : pooled.monteCarloError,
            shown.decimals + 1),
          tippingPoint: result.tippingPoints[index].map(self.shown) ?? "none")
      }
    }
  }

  private func shown(_ shift: Double) -> String {
    let value = data.isLogarithmic ? Estimate.percent(shift) : shift
    let decimals = max(2, min(8, 2 - Int(log10(max(abs(value), 1e-9)).rounded(.down))))
    return Formatting.signed(value, decimals) + (unit.isEmpty ? "" : " \(unit)")
  }

  /// What was imputed.
  package var accounting: String {
    guard let first = summary.results.first else { return "" }
    let arms = zip(zip(first.arms, first.patients), first.leavers).map {
      "\($1) of \($0.1) in \($0.0)"
    }
    return "Patients without a value from some visit on: \(arms.joined(separator: ", ")). "
      + "\(first.intermittent) values missed in between, imputed from the patient's own arm. "
      + "\(first.imputations) imputations, seed \(summary.seed)"
  }

  /// How to read it, for every output that shows it.
  package static let explanation =
    "Rules for treated patients after their last visit (controls go on as their own arm does): jump to "
    + "reference, their mean is that of the controls; copy reference, they count as controls all along; copy "
    + "increments, they keep what they had gained and change as the controls do. Delta is added to each of those "
    + "values. Analysis of covariance of each completed data set, pooled by Rubin's rules with degrees of "
    + "freedom after Barnard and Rubin. Rubin's error keeps the information that the missing values took away, and "
    + "is larger than the spread of the estimate over repeated trials under the reference rules. Missing: share of "
    + "the variance due to missing values. Seed error: standard error of the estimate over seeds."

  /// What the tipping point is.
  package static let tippingExplanation =
    "Tipping point: the delta at which the 95 % interval of the last visit reaches zero; none where it holds zero "
    + "without any, or where no treated patient left."

  /// The section of a page.
  package var section: ReportSection {
    let time = summary.results.first?.visits.last.map { NumberText.significant($0.time, 3) } ?? ""
    var columns: [ReportTable.Column] = [
      .init("After leaving", isNumeric: false), .init("Arm", isNumeric: false),
      .init("Difference"), .init("95 % interval"), .init("df"), .init("p"), .init("Missing"),
      .init("Seed error"),
    ]
    if summary.showsTippingPoint { columns.append(.init("Tipping point")) }
    return ReportSection(
      id: "imputation", title: "What missing visits may hide",
      paragraphs: ["\(accounting)."],
      tables: [
        ReportTable(
          caption: "Difference at visit \(time)\(unit.isEmpty ? "" : " in \(unit)") by multiple "
            + "imputation",
          columns: columns,
          rows: rows.map { row in
            let shown = row.difference
            let cells = [
              row.rule, row.arm, NumberText.signed(shown.value, shown.decimals),
              "\(NumberText.signed(shown.valueLower, shown.decimals)) to "
                + NumberText.signed(shown.valueUpper, shown.decimals),
              shown.df.map { NumberText.fixed($0, 1) } ?? "–",
              shown.p.map { NumberText.pValue($0, isBare: true) } ?? "–", row.missing, row.error,
            ]
            return summary.showsTippingPoint ? cells + [row.tippingPoint] : cells
          },
          notes: [Self.explanation]
            + (summary.showsTippingPoint ? [Self.tippingExplanation] : []))
      ])
  }
}

extension CohortPage {
  /// Multiple imputation; nil where it was not asked for.
  package var imputation: ImputationPage? {
    summary.imputation.map { ImputationPage($0, data: data) }
  }
}
