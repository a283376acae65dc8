/// The responder rate by chance that a cohort is told, against the share of responders without an effect.
public struct ChanceCalibration: Codable, Sendable, Equatable {
  /// Cohort sizes; 20, 40 and 60 by default.
  public var patients: [Int]
  /// Cohorts for each cell.
  public var replicates: Int
  /// Correlations of errors of neighbouring visits; none, .3 and .6 by default.
  public var correlations: [Double]
  /// The rule that responders are called by.
  public var criterion: ResponderCriterion
  /// Cohorts that each rate by chance is simulated with.
  public var simulations: Int

  /// Makes a study.
  public init(
    patients: [Int] = [20, 40, 60], replicates: Int = 200,
    correlations: [Double] = [0, 0.3, 0.6], criterion: ResponderCriterion = ResponderCriterion(),
    simulations: Int = 20
  ) {
    self.patients = patients
    self.replicates = replicates
    self.correlations = correlations
    self.criterion = criterion
    self.simulations = simulations
  }

  /// One cell of the result.
  public struct Row: Sendable, Codable, Equatable {
    /// Correlation of errors of neighbouring visits.
    public let correlation: Double
    /// Patients of a cohort.
    public let patients: Int
    /// Share of patients called responders although therapy does nothing.
    public let called: Double
    /// Mean rate by chance of the fit with independent residuals.
    public let plain: Double
    /// Mean rate by chance under the residual structure chosen by the Akaike criterion.
    public let chosen: Double
    /// Monte Carlo standard errors of these three, from their scatter over the cohorts.
    public let standardErrors: [Double]
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1 && simulations > 0, "at least two replicates and one simulation")
    var rows: [Row] = []
    for correlation in correlations {
      for size in patients {
        rows.append(cell(correlation, size, using: &generator))
      }
    }
    return rows
  }

  private func cell(
    _ correlation: Double, _ size: Int, using generator: inout some RandomNumberGenerator
  ) -> Row {
    let cohort = CohortSimulation(
      patients: size, slopeChange: 0, residualCorrelation: correlation)
    var shares = [[Double]](repeating: [], count: 3)
    var failures = 0
    for _ in 0..<replicates {
      let table = cohort.table(using: &generator)
      guard let fit = try? MixedModel().fit(table),
        let slopes = try? fit.integratedPosterior(criterion: criterion).subjects,
        let plain = try? ChanceResponderRate(
          fit, criterion: criterion, cohorts: simulations, using: &generator),
        let found = try? ResidualComparison(table, plain: fit)
      else {
        failures += 1
        continue
      }
      var chosen = plain
      if let residual = found.chosenFit {
        guard
          let own = try? ChanceResponderRate(
            fit, criterion: criterion, residual: residual, cohorts: simulations, using: &generator)
        else {
          failures += 1
          continue
        }
        chosen = own
      }
      shares[0].append(Double(slopes.count(where: criterion.isMet)) / Double(slopes.count))
      shares[1].append(plain.posterior)
      shares[2].append(chosen.posterior)
    }
    let total = Double(max(1, replicates - failures))
    let means = shares.map { $0.reduce(0, +) / total }
    let errors = zip(shares, means).map { own, mean in
      own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot() / total
    }
    return Row(
      correlation: correlation, patients: size, called: means[0], plain: means[1],
      chosen: means[2], standardErrors: errors, failures: failures)
  }
}
