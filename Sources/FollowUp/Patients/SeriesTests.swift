import Foundation
import Progression
import Reports
import UnitNumber

/// What else is asked of one series beside the two joined lines.
package struct SeriesTests: Encodable {
  /// What two visits have to differ by before the difference exceeds the measurement error.
  package struct DetectableChange: Encodable {
    /// SD of one measurement on the scale of the fit.
    package let measurementSD: Double
    /// Where that SD comes from.
    package let source: String
    /// The fall that is detectable, in percent or in the measure's unit.
    package let fall: Double
    package let unit: String
    /// First to last visit, in SDs of such a difference.
    package let reliableChangeIndex: Double
  }

  /// The change of slope with errors that allow for what ordinary least squares does not.
  package struct RobustDifference: Encodable {
    package let method: String
    package let difference: SlopeText
  }

  package let theilSen: TheilSen?
  package let theilSenBefore: TheilSen?
  package let theilSenAfter: TheilSen?
  package let tauU: TauU?
  package let detectableChange: DetectableChange?
  /// Newey-West, HC3 and continuous AR(1), from 20 visits on.
  package let serialCorrelation: [RobustDifference]
  /// Why there are none.
  package let serialCorrelationReason: String?

  package init(_ series: PatientSeries) {
    let rows = series.rows
    func line(_ rows: [LongitudinalTable.Row]) -> TheilSen? {
      try? TheilSen(times: rows.map(\.time), values: rows.map(\.value))
    }
    theilSen = line(rows)
    let knot = series.therapyMonth
    theilSenBefore = knot.flatMap { knot in line(rows.filter { $0.time <= knot }) }
    theilSenAfter = knot.flatMap { knot in line(rows.filter { $0.time > knot }) }
    tauU = knot.flatMap {
      try? TauU(times: rows.map(\.time), values: rows.map(\.value), therapyTime: $0)
    }
    detectableChange = Self.detectableChange(series)
    (serialCorrelation, serialCorrelationReason) = Self.serialCorrelation(series)
  }

  private static func detectableChange(_ series: PatientSeries) -> DetectableChange? {
    let errors = series.rows.compactMap(\.standardError)
    let sd: Double
    let source: String
    var freedom = Double.infinity
    let square = errors.reduce(0) { $0 + $1 * $1 } / Double(max(errors.count, 1))
    let own = max(series.reproducibility?.standardDeviation ?? 0, square.squareRoot())
    if series.isLogarithmic,
      let known = RetestVariation.betweenVisits(of: series.kind, muscle: series.muscle)
    {
      // Neither repetitions nor the errors of recordings hold electrodes placed anew: the error is
      // that of a comparison of two visits.
      sd = known.logError(square.squareRoot())
      source = "between visits: \(known.source)"
      freedom = known.degreesOfFreedom.map(Double.init) ?? .infinity
    } else if let fit = series.fit, fit.residualSD > own {
      sd = fit.residualSD
      source = "the scatter about this patient's lines"
      freedom = fit.difference.degreesOfFreedom
    } else if let replicates = series.reproducibility {
      sd = replicates.standardDeviation
      source = "repetitions of a visit, without electrodes placed anew"
      freedom = Double(replicates.degreesOfFreedom)
    } else if !errors.isEmpty, errors.count == series.rows.count {
      sd = square.squareRoot()
      source = "the recordings' own standard errors, without electrodes placed anew"
    } else {
      return nil
    }
    guard sd > 0, let first = series.rows.min(by: { $0.time < $1.time }),
      let last = series.rows.max(by: { $0.time < $1.time }), last.time > first.time
    else { return nil }
    let change = Reproducibility.minimalDetectableChange(
      standardDeviation: sd, degreesOfFreedom: freedom)
    return DetectableChange(
      measurementSD: sd, source: source,
      fall: series.isLogarithmic ? Reproducibility.percentFall(change) : change,
      unit: series.isLogarithmic ? "%" : series.kind.unit,
      reliableChangeIndex: (last.value - first.value) / (2.0.squareRoot() * sd))
  }

  private static func serialCorrelation(
    _ series: PatientSeries
  ) -> ([RobustDifference], String?) {
    guard let fit = series.fit else { return ([], series.reason) }
    let rows = series.rows.sorted { $0.time < $1.time }
    let times = rows.map(\.time)
    let values = rows.map(\.value)
    func shown(_ method: String, _ estimate: Estimate) -> RobustDifference {
      RobustDifference(
        method: method,
        difference: SlopeText(
          estimate, isLogarithmic: series.isLogarithmic, unit: series.slopeUnit))
    }
    func own(_ errors: [Double]) -> Estimate {
      Estimate(
        value: fit.difference.value, standardError: errors[2],
        degreesOfFreedom: fit.difference.degreesOfFreedom)
    }
    do {
      var result = [
        shown(
          "Newey-West",
          own(
            try Autocorrelation.neweyWest(
              times: times, logValues: values, therapyTime: fit.knot))),
        shown(
          "HC3",
          own(
            try Autocorrelation.heteroscedasticityConsistent(
              times: times, logValues: values, therapyTime: fit.knot))),
      ]
      let serial = try? ContinuousAutoregression(
        times: times, logValues: values, therapyTime: fit.knot)
      if let serial {
        result.append(
          shown("AR(1), phi \(Formatting.fixed(serial.phi, 2)) a month", serial.difference))
      }
      return (result, nil)
    } catch {
      return (
        [],
        "offered from \(Autocorrelation.minimumVisits) visits on: below, they find changes that are "
          + "not there far too often"
      )
    }
  }
}
