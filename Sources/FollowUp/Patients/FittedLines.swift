import Foundation
import Progression
import Reports

/// The lines of a segmented regression for a figure, on the scale of the values.
package struct FittedLines {
  package private(set) var before: TrendLine?
  package private(set) var after: TrendLine?
  package private(set) var extrapolation: TrendLine?

  /// Lines over the range of the visits with pointwise 95 % intervals.
  ///
  /// `zero` is the month of the fit at which the figure's axis has its zero.
  package init(_ fit: SegmentedRegressionFit, times: [Double], zero: Double, isLogarithmic: Bool) {
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: fit.difference.degreesOfFreedom)
    let first = times.min() ?? fit.knot
    let last = times.max() ?? fit.knot
    func shown(_ value: Double) -> Double { isLogarithmic ? exp(value) : value }
    func line(
      _ start: Double, _ end: Double, _ mean: (Double) -> (value: Double, standardError: Double)
    ) -> TrendLine? {
      guard end > start else { return nil }
      let months = (0...24).map { start + (end - start) * Double($0) / 24 }
      let means = months.map(mean)
      return TrendLine(
        months: months.map { $0 - zero }, fit: means.map { shown($0.value) },
        lower: means.map { shown($0.value - quantile * $0.standardError) },
        upper: means.map { shown($0.value + quantile * $0.standardError) })
    }
    before = line(first, min(fit.knot, last)) { fit.fitted(at: $0) }
    after = line(fit.knot, last) { fit.fitted(at: $0) }
    extrapolation = line(fit.knot, last) { fit.extrapolated(at: $0) }
  }
}
