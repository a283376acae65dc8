/// Whether a cohort looks selected on its lead-in, and what slowing such a selection fakes.
///
/// Patients chosen because they declined fast on a few visits decline less on the next ones without
/// any therapy; the mixed model does not remove this, as the selection used the very values it fits.
public struct RegressionToTheMean: Sendable, Codable, Equatable {
  /// Patients with a lead-in slope of their own (two visits or more up to therapy).
  public let patients: Int
  /// Observed over expected dispersion of the lead-in slopes; clearly below 1 hints at a selection.
  public let dispersion: Double
  /// Lower-tail p value of that ratio.
  public let dispersionP: Double
  /// Sentences to be shown with the result.
  public let warnings: [String]

  /// Looks at the lead-in slopes of a fitted cohort.
  ///
  /// Expected is the variance of a least-squares slope under the model's own slope variance and
  /// residual variance; the reference is chi-squared.
  /// - `wasSelected`: whether patients entered because of their lead-in values, as the
  ///   protocol says; only the protocol knows for certain.
  public init(_ fit: MixedModelFit, wasSelected: Bool) {
    let design = fit.design
    let slopeVariance =
      fit.varianceComponents.first {
        $0.grouping == "subject" && $0.effect == fit.model.timeName && $0.with == nil
      }?.value ?? 0
    var standard: [(slope: Double, variance: Double)] = []
    for subject in design.subjects.indices {
      let rows = (design.starts[subject]..<design.starts[subject + 1]).filter {
        design.post[$0] == 0
      }
      let times = rows.map { design.times[$0] }
      let values = rows.map { design.residual[$0] }
      guard Set(times).count > 1, design.muscles.isEmpty,
        let line = LeastSquares(
          columns: [[Double](repeating: 1, count: rows.count), times], y: values)
      else { continue }
      standard.append(
        (line.coefficients[1], slopeVariance + fit.sigma * fit.sigma * line.inverseCross[3]))
    }
    patients = standard.count
    if standard.count > 2 {
      let weight = standard.reduce(0) { $0 + 1 / $1.variance }
      let mean = standard.reduce(0) { $0 + $1.slope / $1.variance } / weight
      let statistic = standard.reduce(0) {
        $0 + ($1.slope - mean) * ($1.slope - mean) / $1.variance
      }
      let df = Double(standard.count - 1)
      dispersion = statistic / df
      dispersionP = 1 - ChiSquared.upperTail(statistic, degreesOfFreedom: df)
    } else {
      dispersion = .nan
      dispersionP = .nan
    }
    var warnings: [String] = []
    if wasSelected {
      warnings.append(
        "the cohort was selected on its lead-in: part of any slowing is regression to the mean, in "
          + "the mixed model too; only a control arm selected in the same way removes it")
    } else if dispersionP < 0.01 {
      warnings.append(
        "lead-in slopes vary less than their measurement error predicts "
          + "(ratio \((dispersion * 100).rounded() / 100)): was the cohort selected on them? Then part "
          + "of any slowing is regression to the mean")
    }
    self.warnings = warnings
  }
}

/// The slowing that selection on the lead-in fakes where therapy does nothing.
public struct SelectionBias: Sendable, Codable, Equatable {
  /// Mean estimated change of slope without any effect, ln units a month.
  public let spuriousChange: Double
  /// Monte Carlo standard error of that mean.
  public let standardError: Double
  /// Simulated cohorts.
  public let cohorts: Int

  /// Simulates patients, keeps the share that declined fastest on the lead-in and fits the rest.
  ///
  /// - `simulation`: the cohort; `patients` is the number after selection, the change of slope is
  ///   taken as zero.
  /// - `share`: the share of screened patients that is kept, above 0 and up to 1.
  /// - `model`: the model that is fitted.
  public init(
    _ simulation: CohortSimulation, share: Double, model: MixedModel = MixedModel(),
    cohorts: Int = 200, using generator: inout some RandomNumberGenerator
  ) throws {
    precondition(share > 0 && share <= 1 && cohorts > 1, "a share of patients and two cohorts")
    var pool = simulation
    pool.slopeChange = 0
    pool.sdSlopeChange = 0
    pool.patients = Int((Double(simulation.patients) / share).rounded(.up))
    var estimates: [Double] = []
    for _ in 0..<cohorts {
      let screened = pool.simulate(using: &generator).compactMap { patient in
        SelectionBias.leadInSlope(patient.rows).map { ($0, patient.rows) }
      }
      let kept = screened.sorted { $0.0 < $1.0 }.prefix(simulation.patients)
      let fit = try model.fit(LongitudinalTable(checked: kept.flatMap(\.1)))
      guard let post = fit.effectNames.firstIndex(of: "post") else {
        throw ProgressionError.notEstimable(
          effect: "the change of slope", reason: "the model has no term for it")
      }
      estimates.append(fit.coefficients[post])
    }
    let n = Double(cohorts)
    let mean = estimates.reduce(0, +) / n
    let squares = estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    spuriousChange = mean
    standardError = (squares / (n - 1) / n).squareRoot()
    self.cohorts = cohorts
  }

  private static func leadInSlope(_ rows: [LongitudinalTable.Row]) -> Double? {
    let lead = rows.filter { $0.time <= ($0.therapyTime ?? .infinity) }
    guard lead.count > 1 else { return nil }
    let ones = [Double](repeating: 1, count: lead.count)
    return LeastSquares(columns: [ones, lead.map(\.time)], y: lead.map(\.value))?.coefficients[1]
  }
}
