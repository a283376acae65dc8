import Progression
import Registry
import Reports

/// One series with its comparison before and after therapy, as `motorpool trend` prints it.
package struct SeriesSummary: Encodable {
  package struct Value: Encodable {
    package let date: String
    package let month: Double
    package let value: Double
    package let standardError: Double?
    package let replicate: Int
    package let quality: String
    package let exclusion: String?
  }

  package struct Comparison: Encodable {
    package let before: SlopeText
    package let after: SlopeText
    package let difference: SlopeText
    package let knownErrorDifference: SlopeText?
    package let minimumDetectableDifference: Double
    package let residualSD: Double
    package let visitsBefore: Int
    package let visitsAfter: Int
    package let durbinWatson: Double?
  }

  package let measure: String
  package let name: String
  package let unit: String
  package let scale: String
  package let muscle: String?
  package let side: String?
  package let slopeUnit: String
  package let estimatesUnitNumber: Bool
  package let caveat: String
  package let values: [Value]
  package let comparison: Comparison?
  package let reason: String?
  package let secondary: SeriesTests
  /// What the cohort says of this patient; nil where it was not asked or there is none.
  package let cohort: CohortPosterior?
  /// Why there is none.
  package let cohortReason: String?
  package let warnings: [String]

  package init(
    _ series: PatientSeries, cohort: (posterior: CohortPosterior?, reason: String?) = (nil, nil)
  ) {
    self.cohort = cohort.posterior
    cohortReason = cohort.reason
    let kind = series.kind
    measure = kind.id
    name = kind.displayName
    unit = kind.unit
    scale = kind.scale.rawValue
    muscle = series.muscle
    side = series.side?.rawValue
    slopeUnit = series.slopeUnit
    estimatesUnitNumber = kind.estimatesUnitNumber
    caveat = kind.caveat
    let zero = series.therapyMonth ?? 0
    values = series.points.map {
      Value(
        date: $0.point.date.description, month: $0.month - zero, value: $0.point.value,
        standardError: $0.point.standardError, replicate: $0.point.replicate,
        quality: $0.point.quality.rawValue, exclusion: $0.exclusion)
    }
    reason = series.reason
    func slope(_ estimate: Estimate) -> SlopeText {
      SlopeText(estimate, isLogarithmic: series.isLogarithmic, unit: series.slopeUnit)
    }
    comparison = series.fit.map { fit in
      Comparison(
        before: slope(fit.before), after: slope(fit.after), difference: slope(fit.difference),
        knownErrorDifference: fit.knownError.map(slope),
        minimumDetectableDifference: series.isLogarithmic
          ? Estimate.percent(fit.minimumDetectableSlopeChange) : fit.minimumDetectableSlopeChange,
        residualSD: fit.residualSD, visitsBefore: fit.visitsBefore,
        visitsAfter: fit.visitsAfter, durbinWatson: fit.durbinWatson)
    }
    secondary = SeriesTests(series)
    warnings = (series.fit?.warnings ?? []) + series.remarks
  }

  /// Name and place on one line.
  package var title: String {
    name + [muscle, side].compactMap { $0 }.map { ", \($0)" }.joined()
  }
}
