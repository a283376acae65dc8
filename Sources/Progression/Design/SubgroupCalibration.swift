/// Type I error of the test of an interaction, and coverage of the effects, in subgroups that do not differ.
public struct SubgroupCalibration: Codable, Sendable, Equatable {
  /// Cohort sizes; 24, 40 and 80 by default.
  public var patients: [Int]
  /// Cohorts for each cell.
  public var replicates: Int
  /// Nominal significance level.
  public var alpha: Double

  /// Makes a study.
  public init(patients: [Int] = [24, 40, 80], replicates: Int = 1_000, alpha: Double = 0.05) {
    self.patients = patients
    self.replicates = replicates
    self.alpha = alpha
  }

  /// One cell of the result.
  public struct Row: Sendable, Codable, Equatable {
    /// The analysis in words.
    public let analysis: String
    /// Subgroups.
    public let groups: Int
    /// Patients of a cohort.
    public let patients: Int
    /// Share of cohorts whose interaction was significant.
    public let typeIError: Double
    /// Share of the subgroups' 95 % intervals that hold the true effect.
    public let coverage: Double
    /// Monte Carlo standard error of a share of alpha.
    public let standardError: Double
    /// Cohorts that could not be compared.
    public let failures: Int
  }

  private enum Analysis: String, CaseIterable {
    case arms = "difference of the arms in change of slope"
    case change = "change of slope, one arm"
    case visits = "arms at the last visit, MMRM"
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1, "at least two replicates")
    var result: [Row] = []
    for analysis in Analysis.allCases {
      for groups in [2, 3] {
        for size in patients where analysis != .visits || size > 24 {
          result.append(row(analysis, groups: groups, size: size, using: &generator))
        }
      }
    }
    return result
  }

  private func row(
    _ analysis: Analysis, groups: Int, size: Int, using generator: inout some RandomNumberGenerator
  ) -> Row {
    var cohort = CohortSimulation(patients: size, hasControls: analysis != .change)
    if analysis == .visits {
      cohort.visitTimes = [0, 3, 6, 9, 12]
      cohort.visitJitter = 0
      cohort.therapyTimes = [0]
    }
    let truth = analysis == .visits ? cohort.slopeChange * 12 : cohort.slopeChange
    var rejected = 0
    var covered = 0
    var intervals = 0
    var failures = 0
    for _ in 0..<replicates {
      let table = cohort.table(using: &generator)
      var labels: [String: String] = [:]
      for (index, own) in table.subjects.enumerated() {
        // Both arms fill every subgroup alike.
        let place = cohort.hasControls ? index / 2 : index
        labels[own.subject] = "\(place % groups)"
      }
      let found =
        analysis == .visits
        ? try? SubgroupComparison(
          table, attribute: "label", labels: labels, randomised: RandomisedArms(.mmrm))
        : try? SubgroupComparison(
          table, attribute: "label", labels: labels,
          model: MixedModel(armEffects: cohort.hasControls ? .slopeChange : .none))
      guard let found else {
        failures += 1
        continue
      }
      if found.interaction.p < alpha { rejected += 1 }
      for estimate in found.groups.flatMap(\.estimates) {
        intervals += 1
        if estimate.lower <= truth && truth <= estimate.upper { covered += 1 }
      }
    }
    let total = Double(max(1, replicates - failures))
    return Row(
      analysis: analysis.rawValue, groups: groups, patients: size,
      typeIError: Double(rejected) / total,
      coverage: Double(covered) / Double(max(1, intervals)),
      standardError: (alpha * (1 - alpha) / total).squareRoot(), failures: failures)
  }
}
