/// Type I error of the mixed model's variants where errors are correlated, uneven or missing.
public struct ResidualCalibration: Codable, Sendable, Equatable {
  /// Cohort sizes; 12, 20 and 40 by default.
  public var patients: [Int]
  /// Cohorts for each cell.
  public var replicates: Int
  /// Nominal significance level.
  public var alpha: Double
  /// Place of the one scenario to run; nil for all.
  public var onlyScenario: Int?

  /// Makes a study.
  public init(
    patients: [Int] = [12, 20, 40], replicates: Int = 1_000, alpha: Double = 0.05,
    onlyScenario: Int? = nil
  ) {
    precondition(onlyScenario.map(Self.scenarios.indices.contains) ?? true, "one of the scenarios")
    self.onlyScenario = onlyScenario
    self.patients = patients
    self.replicates = replicates
    self.alpha = alpha
  }

  /// One way of making the errors.
  public struct Scenario: Sendable {
    /// In words.
    public let name: String
    let simulation: CohortSimulation
  }

  /// The scenarios.
  public static let scenarios: [Scenario] = [
    Scenario(name: "independent", simulation: CohortSimulation(slopeChange: 0)),
    Scenario(
      name: "AR(1) .3", simulation: CohortSimulation(slopeChange: 0, residualCorrelation: 0.3)),
    Scenario(
      name: "AR(1) .3, SD x 1.8 at every third visit, 15 % missing",
      simulation: CohortSimulation(
        slopeChange: 0, residualCorrelation: 0.3, unevenSD: 1.8, missingShare: 0.15)),
  ]

  /// One cell of the result.
  public struct Row: Sendable, Codable, Equatable {
    /// How the errors were made.
    public let scenario: String
    /// Patients of a cohort.
    public let patients: Int
    /// Shares of significant cohorts: plain fit, its robust error, AR(1) always, the chosen structure.
    public let typeIErrors: [Double]
    /// Share of cohorts in which the chosen structure was not the plain one.
    public let chosenShare: Double
    /// Mean standard error of the chosen structure over the SD of its estimates.
    public let errorRatio: Double
    /// Monte Carlo standard error of a share of alpha.
    public let standardError: Double
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    let chosen = onlyScenario.map { [Self.scenarios[$0]] } ?? Self.scenarios
    return chosen.flatMap { scenario in
      patients.map { size in
        var rejected = [0, 0, 0, 0]
        var counts = [0, 0, 0, 0]
        var moved = 0
        var (errors, sum, squares) = (0.0, 0.0, 0.0)
        var failures = 0
        var cohort = scenario.simulation
        cohort.patients = size
        for _ in 0..<replicates {
          let table = cohort.table(using: &generator)
          guard let plain = try? MixedModel().fit(table),
            let exact = try? plain.kenwardRoger().estimate([0, 0, 1]),
            let found = try? ResidualComparison(
              table, plain: plain, groups: cohort.unevenSD == 1 ? nil : "place")
          else {
            failures += 1
            continue
          }
          if found.chosen > 0 { moved += 1 }
          let estimates = [
            exact, found.lines[0].robust, found.lines[1].estimate ?? exact,
            found.chosen == 0 ? exact : found.lines[found.chosen].estimate,
          ]
          for (k, estimate) in estimates.enumerated() {
            guard let estimate else { continue }
            counts[k] += 1
            if estimate.p < alpha { rejected[k] += 1 }
            guard k == 3 else { continue }
            errors += estimate.standardError
            sum += estimate.value
            squares += estimate.value * estimate.value
          }
        }
        let total = Double(max(1, replicates - failures))
        return Row(
          scenario: scenario.name, patients: size,
          typeIErrors: zip(rejected, counts).map { Double($0) / Double(max(1, $1)) },
          chosenShare: Double(moved) / total,
          errorRatio: errors / total
            / max(1e-300, squares / total - sum / total * sum / total).squareRoot(),
          standardError: (alpha * (1 - alpha) / total).squareRoot(), failures: failures)
      }
    }
  }
}
