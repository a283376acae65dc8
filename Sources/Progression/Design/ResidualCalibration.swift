/// Type I error of the mixed model's variants where errors are correlated, uneven or missing.
public struct ResidualCalibration: Codable, Sendable, Equatable {
  /// Cohort sizes; 12, 20 and 40 by default.
  public var patients: [Int]
  /// Cohorts for each cell.
  public var replicates: Int
  /// Nominal significance level.
  public var alpha: Double

  /// Makes a study.
  public init(patients: [Int] = [12, 20, 40], replicates: Int = 1_000, alpha: Double = 0.05) {
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
    /// Monte Carlo standard error of a share of alpha.
    public let standardError: Double
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    return Self.scenarios.flatMap { scenario in
      patients.map { size in
        var rejected = [0, 0, 0, 0]
        var counts = [0, 0, 0, 0]
        var moved = 0
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
          }
        }
        let total = Double(max(1, replicates - failures))
        return Row(
          scenario: scenario.name, patients: size,
          typeIErrors: zip(rejected, counts).map { Double($0) / Double(max(1, $1)) },
          chosenShare: Double(moved) / total,
          standardError: (alpha * (1 - alpha) / total).squareRoot(), failures: failures)
      }
    }
  }
}
