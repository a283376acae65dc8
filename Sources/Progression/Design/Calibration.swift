/// Type I error and interval coverage of the mixed model, measured by simulation.
///
/// Cohorts are drawn from model M3 with known variances; each is fitted and its change of slope
/// tested with Kenward-Roger degrees of freedom. Small SDs of the change of slope make many boundary
/// fits, which are counted.
public struct Calibration: Codable, Sendable, Equatable {
  /// Cohort sizes; 20, 40 and 100 by default.
  public var patients: [Int]
  /// SDs of the change of slope between patients; 0 (a boundary) to .03 by default.
  public var sdSlopeChanges: [Double]
  /// Models that are compared; M3 and M1 by default.
  public var models: [MixedModel.RandomEffects]
  /// Cohorts for each cell.
  public var replicates: Int
  /// The rest of the simulation; patients, change of slope and its SD are set by each cell.
  public var simulation: CohortSimulation
  /// True change of slope where coverage is measured; type I error always uses zero.
  public var slopeChange: Double
  /// Nominal significance level; coverage is held against 1 - alpha.
  public var alpha: Double

  /// Makes a study.
  public init(
    patients: [Int] = [20, 40, 100], sdSlopeChanges: [Double] = [0, 0.0075, 0.015, 0.03],
    models: [MixedModel.RandomEffects] = [.m3, .m1], replicates: Int = 2_000,
    simulation: CohortSimulation = CohortSimulation(), slopeChange: Double = 0.018,
    alpha: Double = 0.05
  ) {
    self.patients = patients
    self.sdSlopeChanges = sdSlopeChanges
    self.models = models
    self.replicates = replicates
    self.simulation = simulation
    self.slopeChange = slopeChange
    self.alpha = alpha
  }

  /// One cell of the result.
  public struct Row: Sendable, Codable, Equatable {
    /// Patients of a cohort.
    public let patients: Int
    /// SD of the change of slope between patients.
    public let sdSlopeChange: Double
    /// The fitted model.
    public let model: MixedModel.RandomEffects
    /// Share of cohorts without an effect whose test was significant.
    public let typeIError: Double
    /// Its Monte Carlo standard error.
    public let typeIErrorSE: Double
    /// Share of intervals that held the true effect.
    public let coverage: Double
    /// Its Monte Carlo standard error.
    public let coverageSE: Double
    /// Share of fits with a variance or correlation on its boundary.
    public let boundaryShare: Double
    /// Mean standard error over the standard deviation of the estimates; 1 is right.
    public let standardErrorRatio: Double
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    var rows: [Row] = []
    for size in patients {
      for sd in sdSlopeChanges {
        var tallies = models.map { _ in Tally() }
        for effect in [0, slopeChange] {
          var cohort = simulation
          cohort.patients = size
          cohort.sdSlopeChange = sd
          cohort.slopeChange = effect
          for _ in 0..<replicates {
            let table = cohort.table(using: &generator)
            for (index, model) in models.enumerated() {
              tallies[index].add(
                table, model: model, truth: effect, isNull: effect == 0, alpha: alpha)
            }
          }
        }
        for (tally, model) in zip(tallies, models) {
          rows.append(tally.row(patients: size, sd: sd, model: model))
        }
      }
    }
    return rows
  }

  private struct Tally {
    private var null = 0
    private var rejected = 0
    private var effect = 0
    private var covered = 0
    private var boundary = 0
    private var failures = 0
    private var errors: [Double] = []
    private var standardErrors: [Double] = []

    mutating func add(
      _ table: LongitudinalTable, model: MixedModel.RandomEffects, truth: Double, isNull: Bool,
      alpha: Double
    ) {
      guard let fit = try? MixedModel(randomEffects: model).fit(table),
        let estimate = try? fit.kenwardRoger().estimate([0, 0, 1], confidenceLevel: 1 - alpha)
      else {
        failures += 1
        return
      }
      if isNull {
        null += 1
        if estimate.p < alpha { rejected += 1 }
      } else {
        effect += 1
        if estimate.lower <= truth && truth <= estimate.upper { covered += 1 }
      }
      if fit.isSingular { boundary += 1 }
      errors.append(estimate.value - truth)
      standardErrors.append(estimate.standardError)
    }

    func row(patients: Int, sd: Double, model: MixedModel.RandomEffects) -> Row {
      let n = Double(max(1, errors.count))
      let mean = errors.reduce(0, +) / n
      let spread = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
      let typeI = Double(rejected) / Double(max(1, null))
      let coverage = Double(covered) / Double(max(1, effect))
      return Row(
        patients: patients, sdSlopeChange: sd, model: model, typeIError: typeI,
        typeIErrorSE: (typeI * (1 - typeI) / Double(max(1, null))).squareRoot(),
        coverage: coverage,
        coverageSE: (coverage * (1 - coverage) / Double(max(1, effect))).squareRoot(),
        boundaryShare: Double(boundary) / n,
        standardErrorRatio: standardErrors.reduce(0, +) / n / spread.squareRoot(),
        failures: failures)
    }
  }
}
