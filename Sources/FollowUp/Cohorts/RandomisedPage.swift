import Foundation
import Progression
import Reports

extension ResidualComparison.Line {
  /// The residual structure in numbers, or why it could not be fitted.
  package var remark: String {
    var parts: [String] = []
    if let phi { parts.append("phi \(Formatting.fixed(phi, 2))") }
    if !ratios.isEmpty {
      parts.append("SD ratio \(ratios.map { Formatting.fixed($0, 2) }.joined(separator: ", "))")
    }
    return reason ?? parts.joined(separator: "; ")
  }
}

extension ResidualComparison {
  /// How to read the comparison, for every output that shows it.
  package static let explanation =
    "Mean and random effects are the same in all lines; the structure of the lowest Akaike criterion is "
    + "the one to go by. Robust p: sandwich errors over patients with a small-sample correction, which hold "
    + "whatever the structure. phi is the correlation of residuals one unit of time apart."
}

/// Randomised arms visit by visit as outputs show them.
package struct RandomisedPage {
  package let result: RandomisedArms.Result
  private let data: CohortTable

  package init(_ result: RandomisedArms.Result, data: CohortTable) {
    self.result = result
    self.data = data
  }

  /// The unit of changes: percent of ln values, else that of the measure.
  package var unit: String { data.isLogarithmic ? "%" : "" }

  /// An estimate in that unit.
  package func shown(_ estimate: Estimate) -> SlopeText {
    SlopeText(estimate, isLogarithmic: data.isLogarithmic, unit: unit)
  }

  /// One row for each visit and arm beside the control.
  package struct Row {
    package let visit: String
    package let arm: String
    package let patients: String
    package let control: String
    package let mean: String
    package let difference: SlopeText
    package let slowing: String
  }

  /// Decimals that the errors of the differences need.
  package var decimals: Int {
    SlopeText.decimals(result.visits.flatMap { $0.differences.map(shown) })
  }

  /// The comparison as rows.
  package var rows: [Row] {
    let decimals = decimals
    return result.visits.flatMap { visit in
      visit.differences.indices.map { index in
        let slowing = visit.slowing[index]
        return Row(
          visit: NumberText.significant(visit.time, 3), arm: result.arms[index + 1],
          patients: "\(visit.patients[index + 1])/\(visit.patients[0])",
          control: Formatting.signed(shown(visit.means[0]).value, decimals),
          mean: Formatting.signed(shown(visit.means[index + 1]).value, decimals),
          difference: shown(visit.differences[index]),
          slowing: visit.means[0].value == 0 ? "-" : Formatting.fixed(slowing.percentSlowing, 0))
      }
    }
  }

  /// The section of a page: mean changes with intervals, and the table.
  package var section: ReportSection {
    let control = result.arms.first ?? ""
    let decimals = decimals
    return ReportSection(
      id: "randomised", title: "Randomised arms visit by visit",
      paragraphs: [
        "\(result.formula); \(result.inference). Least-squares means at the mean of the covariates; the "
          + "last visit is the primary one."
      ] + result.remarks.map { "\($0)." },
      figures: [figure.figure(id: "randomised-means")],
      tables: [
        ReportTable(
          caption: "Change from baseline\(unit.isEmpty ? "" : " in \(unit)"), against \(control)",
          columns: [
            .init("Visit"), .init("Arm", isNumeric: false), .init("Patients"),
            .init("Mean of \(control)"), .init("Mean of arm"), .init("Difference"),
            .init("95 % interval"), .init("df"), .init("p"), .init("Slowing %"),
          ],
          rows: rows.map { row in
            [
              row.visit, row.arm, row.patients, row.control, row.mean,
              NumberText.signed(row.difference.value, decimals),
              "\(NumberText.signed(row.difference.valueLower, decimals)) to "
                + NumberText.signed(row.difference.valueUpper, decimals),
              row.difference.df.map { NumberText.fixed($0, 1) } ?? "–",
              row.difference.p.map { NumberText.pValue($0, isBare: true) } ?? "–", row.slowing,
            ]
          },
          notes: ["Slowing: the difference in percent of the control's change, a minus for faster."]
        )
      ])
  }

  private var figure: XYFigure {
    let times = [0] + result.visits.map(\.time)
    func series(_ arm: Int) -> [XYFigure.Series] {
      let estimates = result.visits.map { shown($0.means[arm]) }
      return [
        XYFigure.Series(
          name: "", mark: .ribbon, x: times, y: [0] + estimates.map(\.valueLower),
          upper: [0] + estimates.map(\.valueUpper), colorIndex: arm),
        XYFigure.Series(
          name: "", mark: .line(width: 2), x: times, y: [0] + estimates.map(\.value),
          colorIndex: arm),
        XYFigure.Series(
          name: result.arms[arm], mark: .points(radius: 3.5), x: times,
          y: [0] + estimates.map(\.value), colorIndex: arm),
      ]
    }
    return XYFigure(
      title: "Mean change from baseline",
      caption: "Least-squares means of the arms with their 95 % intervals.",
      xTitle: data.timeUnit.hasPrefix("unit")
        ? "Time from baseline" : "\(data.timeUnit.capitalized)s from baseline",
      yTitle: "Change of \(data.measure)\(unit.isEmpty ? "" : " (\(unit))")",
      series: result.arms.indices.flatMap(series),
      references: [XYFigure.Reference(value: 0, label: "", isVertical: false)])
  }
}

extension CohortPage {
  /// Randomised arms visit by visit; nil where they were not asked for.
  package var randomised: RandomisedPage? {
    comparison.randomised.map { RandomisedPage($0, data: data) }
  }
}
