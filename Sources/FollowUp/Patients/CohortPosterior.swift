import Analyses
import Progression
import Registry
import Reports

/// What the cohort in the registry says of one patient's slopes.
///
/// The posterior of the mixed model with its variances integrated out: the patient's own visits, drawn
/// towards the cohort as far as they are uncertain.
package struct CohortPosterior: Encodable {
  /// Patients with therapy below which nothing is borrowed from others.
  package static let fewestPatients = 6

  /// A mean with its 95 % interval, in percent or the measure's unit a month.
  package struct Value: Encodable {
    package let value: Double
    package let lower: Double
    package let upper: Double
  }

  /// Patients of the model, this one included.
  package let patients: Int
  package let model: String
  package let slopeUnit: String
  package let slopeBefore: Value
  package let change: Value
  package let probabilityOfSlowing: Double
  /// P(the change undoes at least half of the slope before).
  package let probabilityOfHalving: Double
  /// Which variances are integrated out.
  package let extent: String
  package let isSingular: Bool

  /// The posterior of a series, or why there is none.
  package static func of(
    _ series: PatientSeries, registry: PatientRegistry, therapy: String?, onsetLag: Double
  ) -> (CohortPosterior?, String?) {
    guard series.therapy != nil else { return (nil, "no therapy date") }
    do {
      var cohort = try registry.cohortSeries(
        MeasurementFilter(kinds: [series.kind], muscle: series.muscle, side: series.side))
      cohort.points.removeAll { $0.muscle != series.muscle || $0.side != series.side }
      let data = try CohortTable(cohort, kind: series.kind, therapy: therapy)
      let treated = Set(data.table.rows.filter { $0.therapyTime != nil }.map(\.subject))
      guard treated.count >= fewestPatients else {
        return (
          nil,
          "\(treated.count) \(treated.count == 1 ? "patient" : "patients") with therapy and this measure, "
            + "\(fewestPatients) are needed"
        )
      }
      let model = MixedModel(
        armEffects: data.comparesArms ? .slopeChange : .none, onsetLag: onsetLag)
      return (try CohortPosterior(series, data, model), nil)
    } catch {
      return (nil, String(describing: error))
    }
  }

  /// What the cohort says of each of several series.
  ///
  /// - Throws: what `progress` throws.
  package static func all(
    _ shown: [PatientSeries], registry: PatientRegistry, therapy: String?, onsetLag: Double,
    progress: AnalysisProgressHandler = { _ in }
  ) throws -> [(CohortPosterior?, String?)] {
    try shown.enumerated().map { index, series in
      try progress(
        AnalysisProgress(Double(index) / Double(shown.count), detail: "cohort", pass: 1))
      return of(series, registry: registry, therapy: therapy, onsetLag: onsetLag)
    }
  }

  private init(_ series: PatientSeries, _ data: CohortTable, _ model: MixedModel) throws {
    let fit = try model.fit(data.table)
    let posterior = try fit.integratedPosterior()
    guard let own = posterior.subjects.first(where: { $0.subject == series.subject }) else {
      throw ProgressionError.notEstimable(
        effect: "the posterior", reason: "no value of this patient enters the model")
    }
    func shown(_ slope: Double) -> Double {
      data.isLogarithmic ? Estimate.percent(slope) : slope
    }
    patients = fit.subjects.count
    self.model = fit.model.randomEffects.rawValue
    slopeUnit = data.slopeUnit
    slopeBefore = Value(
      value: shown(own.slopes.slope), lower: shown(own.slopeLower), upper: shown(own.slopeUpper))
    change = Value(
      value: shown(own.slopes.change), lower: shown(own.lower), upper: shown(own.upper))
    probabilityOfSlowing = own.probabilityOfSlowing
    probabilityOfHalving = own.probabilityOfHalving
    extent = posterior.extent
    isSingular = fit.isSingular
  }
}

extension CohortTable {
  /// Arms are compared where every patient has one and each arm has therapy times as its knots.
  package var comparesArms: Bool {
    let first = table.subjects.compactMap(\.rows.first)
    let knots = Dictionary(grouping: first, by: \.arm).mapValues { rows in
      rows.contains { $0.therapyTime != nil }
    }
    return knots[nil] == nil && knots.count > 1 && knots.values.allSatisfy { $0 }
  }
}
