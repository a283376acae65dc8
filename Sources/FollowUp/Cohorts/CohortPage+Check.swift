import Foundation
import Progression
import Reports

extension CohortPage {
  /// Rows and patients that a figure shows; larger tables are thinned evenly.
  private static let shownPoints = 4_000

  /// Residuals, their quantiles and each patient's influence; nil without a model.
  var modelCheck: ReportSection? {
    guard let fit = comparison.model?.fit else { return nil }
    let diagnostics = fit.residualDiagnostics()
    let rows = Self.thinned(diagnostics.rows)
    guard rows.count > 2 else { return nil }
    let unit = data.isLogarithmic ? "ln \(data.measure)" : data.measure
    let scatter = XYFigure(
      title: "Residuals against fitted values",
      caption:
        "Values less the fit with each patient's own effects, over their standard deviation. A funnel "
        + "or a bend speaks against the model.",
      xTitle: "Fitted \(unit)", yTitle: "Standardised residual",
      series: [
        XYFigure.Series(
          name: "", mark: .points(radius: 1.8), x: rows.map(\.fitted), y: rows.map(\.standardised))
      ],
      references: [XYFigure.Reference(value: 0, label: "", isVertical: false)], plotHeight: 200)
    let sorted = diagnostics.rows.map(\.standardised).sorted()
    let count = Double(sorted.count)
    let quantiles = Self.thinned(
      sorted.enumerated().map {
        (
          expected: NormalDistribution.quantile((Double($0.offset) + 0.5) / count),
          value: $0.element
        )
      })
    let ends = [quantiles[0].expected, quantiles[quantiles.count - 1].expected]
    let quantileFigure = XYFigure(
      title: "Quantiles of the residuals",
      caption: "Ordered residuals against those of a normal distribution; the line is equality. "
        + "Jarque-Bera test of normality \(NumberText.pValue(diagnostics.normalityP)).",
      xTitle: "Normal quantile", yTitle: "Standardised residual",
      series: [
        XYFigure.Series(
          name: "", mark: .dashedLine(width: 1.2), x: ends, y: ends, colorIndex: 1),
        XYFigure.Series(
          name: "", mark: .points(radius: 1.8), x: quantiles.map(\.expected),
          y: quantiles.map(\.value), colorIndex: 0),
      ], plotHeight: 200)
    return ReportSection(
      id: "check", title: "Model check",
      figures: [scatter.figure(id: "residuals"), quantileFigure.figure(id: "quantiles")]
        + [influence(diagnostics, fit)?.figure(id: "influence")].compactMap { $0 },
      tables: [outliers(diagnostics)].compactMap { $0 })
  }

  private func influence(_ diagnostics: ResidualDiagnostics, _ fit: MixedModelFit) -> XYFigure? {
    guard let name = comparison.model?.leadingEffect?.name,
      let place = fit.effectNames.firstIndex(of: name)
    else { return nil }
    let changes = diagnostics.influence.map { ($0.subject, $0.standardisedChanges[place]) }
      .sorted { (abs($1.1), $0.0) < (abs($0.1), $1.0) }
    let shown = Self.thinned(changes)
    guard shown.count > 2 else { return nil }
    let largest = changes.prefix(3).map { "\($0.0) (\(NumberText.signed($0.1, 2)))" }
    return XYFigure(
      title: "Influence of single patients",
      caption:
        "Change of \(name) without the patient, in its standard errors, from the largest to the "
        + "smallest; variances are kept. Largest: \(largest.joined(separator: ", ")).",
      xTitle: "Patients in order", yTitle: "Change (standard errors)",
      series: [
        XYFigure.Series(
          name: "", mark: .bars(width: 0.8), x: shown.indices.map { Double($0 + 1) },
          y: shown.map(\.1))
      ], plotHeight: 160)
  }

  private func outliers(_ diagnostics: ResidualDiagnostics) -> ReportTable? {
    guard !diagnostics.outliers.isEmpty else { return nil }
    return ReportTable(
      caption: "Values far from the model",
      columns: [
        .init("Patient", isNumeric: false), .init("\(data.timeUnit.capitalized)"), .init("Value"),
        .init("Fitted"), .init("Standardised residual"),
      ],
      rows: diagnostics.outliers.prefix(20).map { row in
        let own = data.table.rows[row.row - 1]
        return [
          row.subject, NumberText.fixed(own.time, 1), NumberText.significant(value(own.value), 4),
          NumberText.significant(value(row.fitted), 4), NumberText.signed(row.standardised, 1),
        ]
      }, notes: ["Beyond the 5 % point of the largest of all residuals; none was left out."])
  }

  private static func thinned<Element>(_ values: [Element]) -> [Element] {
    guard values.count > shownPoints else { return values }
    return (0..<shownPoints).map { values[$0 * (values.count - 1) / (shownPoints - 1)] }
  }
}
