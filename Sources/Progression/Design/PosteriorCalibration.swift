/// Coverage of the patients' 95 % posterior intervals over measures on scales of their own.
public struct PosteriorCalibration: Codable, Sendable, Equatable {
  /// Cohort sizes and cohorts of each.
  public var cohorts: [Int: Int]

  /// Makes a study; by default about 2,400 patients a cell.
  public init(cohorts: [Int: Int] = [6: 400, 12: 200, 20: 120, 40: 60]) {
    self.cohorts = cohorts
  }

  /// A measure with its truth.
  public struct Measure: Sendable {
    /// In words.
    public let name: String
    let simulation: CohortSimulation

    init(
      _ name: String, level: Double, slope: Double, change: Double, sds: [Double]
    ) {
      self.name = name
      simulation = CohortSimulation(
        intercept: level, slope: slope, slopeChange: change, sdIntercept: sds[0], sdSlope: sds[1],
        sdSlopeChange: sds[2], measurementSD: sds[3])
    }
  }

  /// The measures; from the fifth on the change varies between patients by nothing (boundary fits), little, much.
  public static let measures: [Measure] = [
    Measure(
      "ln of counts", level: 4.55, slope: -0.045, change: 0.018, sds: [0.45, 0.03, 0.015, 0.12]),
    Measure("ALSFRS-R", level: 38, slope: -1, change: 0.4, sds: [4, 0.45, 0.25, 1.5]),
    Measure("SVC (%)", level: 80, slope: -2.2, change: 0.8, sds: [15, 1.2, 0.8, 5]),
    Measure("CMAP (mV)", level: 6, slope: -0.25, change: 0.1, sds: [2, 0.15, 0.08, 0.5]),
    Measure(
      "ln of counts, changes alike", level: 4.55, slope: -0.045, change: 0.018,
      sds: [0.45, 0.03, 0, 0.12]),
    Measure(
      "ln of counts, changes vary by .0075", level: 4.55, slope: -0.045, change: 0.018,
      sds: [0.45, 0.03, 0.0075, 0.12]),
    Measure(
      "ln of counts, changes vary by .03", level: 4.55, slope: -0.045, change: 0.018,
      sds: [0.45, 0.03, 0.03, 0.12]),
  ]

  /// One cell.
  public struct Row: Sendable, Codable, Equatable {
    /// The measure.
    public let measure: String
    /// Patients of a cohort.
    public let patients: Int
    /// Share of the patients whose true change of slope the 95 % interval holds.
    public let coverage: Double
    /// Monte Carlo standard error of the coverage, from the shares of the cohorts.
    public let standardError: Double
    /// Share of cohorts whose fit lies on the boundary.
    public let boundaryShare: Double
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    var rows: [Row] = []
    for measure in Self.measures {
      for (patients, replicates) in cohorts.sorted(by: { $0.key < $1.key }) {
        var simulation = measure.simulation
        simulation.patients = patients
        var shares: [Double] = []
        var boundary = 0
        var failures = 0
        for _ in 0..<replicates {
          let truth = simulation.simulate(using: &generator)
          guard
            let fit = try? MixedModel().fit(LongitudinalTable(checked: truth.flatMap(\.rows))),
            let posterior = try? fit.integratedPosterior()
          else {
            failures += 1
            continue
          }
          if fit.isSingular { boundary += 1 }
          let covered = zip(posterior.subjects, truth).count {
            $0.lower <= $1.slopeChange && $1.slopeChange <= $0.upper
          }
          shares.append(Double(covered) / Double(patients))
        }
        let count = Double(max(2, shares.count))
        let mean = shares.reduce(0, +) / count
        let square = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        rows.append(
          Row(
            measure: measure.name, patients: patients, coverage: mean,
            standardError: (square / count).squareRoot(), boundaryShare: Double(boundary) / count,
            failures: failures))
      }
    }
    return rows
  }
}
