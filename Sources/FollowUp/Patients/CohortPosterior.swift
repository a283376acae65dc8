import Progression
import Registry
import Reports

/// What the cohort in the registry says of one patient's slopes.
///
/// The empirical-Bayes posterior of the mixed model: the patient's own visits, drawn towards the cohort
/// as far as they are uncertain.
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
  /// Whether the uncertainty of the variances is part of it: small cohorts and boundary fits.
  package let integratesVariances: Bool
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
          "\(treated.count) patients with therapy and this measure, \(fewestPatients) are needed"
        )
      }
      let model = MixedModel(
        armEffects: data.comparesArms ? .slopeChange : .none, onsetLag: onsetLag)
      return (try CohortPosterior(series, data, model), nil)
    } catch {
      return (nil, String(describing: error))
    }
  }

  private init(_ series: PatientSeries, _ data: CohortTable, _ model: MixedModel) throws {
    let fit = try model.fit(data.table)
    func missing() -> ProgressionError {
      .notEstimable(effect: "the posterior", reason: "no value of this patient enters the model")
    }
    let count = fit.subjects.count
    let isUncertain =
      count < CohortModel.smallCohort || (fit.isSingular && count <= CohortModel.largeCohort)
    let integrated = isUncertain ? try? fit.integratedPosterior() : nil
    if let integrated {
      guard let own = integrated.subjects.first(where: { $0.subject == series.subject }) else {
        throw missing()
      }
      self.init(
        fit, own.slopes, own.lower...own.upper, own.probabilityOfSlowing,
        own.probabilityOfHalving, data, isIntegrated: true)
    } else {
      guard let own = try fit.subjectSlopes().first(where: { $0.subject == series.subject }) else {
        throw missing()
      }
      self.init(
        fit, own, own.changeInterval(), own.probabilityOfSlowing, own.probability(ofUndoing: 0.5),
        data, isIntegrated: false)
    }
  }

  private init(
    _ fit: MixedModelFit, _ own: SubjectSlopes, _ interval: ClosedRange<Double>, _ slowing: Double,
    _ halving: Double, _ data: CohortTable, isIntegrated: Bool
  ) {
    func shown(_ slope: Double) -> Double {
      data.isLogarithmic ? Estimate.percent(slope) : slope
    }
    let half = NormalDistribution.quantile(0.975) * own.slopeSD
    patients = fit.subjects.count
    model = fit.model.randomEffects.rawValue
    slopeUnit = data.slopeUnit
    slopeBefore = Value(
      value: shown(own.slope), lower: shown(own.slope - half), upper: shown(own.slope + half))
    change = Value(
      value: shown(own.change), lower: shown(interval.lowerBound),
      upper: shown(interval.upperBound))
    probabilityOfSlowing = slowing
    probabilityOfHalving = halving
    integratesVariances = isIntegrated
    isSingular = fit.isSingular
  }
}

extension CohortTable {
  /// Arms are compared where every patient has one and each arm has therapy times as its knots.
  package var comparesArms: Bool {
    let knots = Dictionary(grouping: table.rows, by: \.arm).mapValues { rows in
      rows.contains { $0.therapyTime != nil }
    }
    return knots[nil] == nil && knots.count > 1 && knots.values.allSatisfy { $0 }
  }
}
