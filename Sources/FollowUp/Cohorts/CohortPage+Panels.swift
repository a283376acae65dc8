import Foundation
import Progression
import Reports

extension CohortPage {
  /// Patients shown as panels of their own; more would be a page nobody reads.
  private static let panelLimit = 9

  /// Small multiples of single patients, spread over the order of their posterior slowing.
  package var panels: TrendFigure? {
    let rows = Dictionary(
      uniqueKeysWithValues: data.table.subjects.map { ($0.subject, $0.rows) })
    let fitted = (comparison.twoStage?.patients ?? []).filter { $0.fit != nil }
    let ordered = fitted.sorted {
      (posteriors[$0.subject]?.change ?? 0, $1.subject)
        > (posteriors[$1.subject]?.change ?? 0, $0.subject)
    }
    guard !ordered.isEmpty else { return nil }
    let shown = min(Self.panelLimit, ordered.count)
    let chosen = (0..<shown).map { ordered[$0 * (ordered.count - 1) / max(1, shown - 1)] }
    return TrendFigure(
      title: shown < ordered.count
        ? "\(shown) patients from the most to the least slowing" : "Every patient",
      panels: chosen.compactMap { patient in
        guard let fit = patient.fit, let own = rows[patient.subject] else { return nil }
        return panel(patient.subject, fit, own)
      },
      note: posteriors.isEmpty
        ? nil
        : "Slopes, difference and p are of the patient's own values; P(slower) is by the model of "
          + "the cohort, which may disagree.")
  }

  private func panel(
    _ subject: String, _ fit: SegmentedRegressionFit, _ rows: [LongitudinalTable.Row]
  ) -> TrendPanel {
    let zero = rows.first?.therapyTime ?? 0
    let logarithmic = data.isLogarithmic
    func slope(_ estimate: Estimate) -> IntervalEstimate {
      SlopeText(estimate, isLogarithmic: logarithmic, unit: data.slopeUnit).interval
    }
    // With several muscles a line of its own for each would hide the points.
    let lines =
      fit.muscles.count == 1
      ? FittedLines(
        fit, times: rows.map(\.time), zero: zero, isLogarithmic: logarithmic) : nil
    return TrendPanel(
      title: subject, measure: data.measure,
      points: rows.map { row in
        let value = logarithmic ? exp(row.value) : row.value
        return TrendPoint(
          months: row.time - zero, value: value,
          standardError: row.standardError.map { logarithmic ? $0 * value : $0 })
      },
      before: lines?.before, after: lines?.after, extrapolation: lines?.extrapolation,
      therapyMonth: 0,
      comparison: TrendComparison(
        slopeBefore: slope(fit.before), slopeAfter: slope(fit.after),
        difference: slope(fit.difference), pValue: fit.difference.p,
        probabilityOfSlowing: posteriors[subject]?.probabilityOfSlowing,
        slopeUnit: data.slopeUnit),
      isLogarithmic: logarithmic, isIdentifiedCount: data.isIdentifiedCount)
  }
}
