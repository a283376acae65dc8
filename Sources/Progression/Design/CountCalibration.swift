import RealModule

/// Type I error of models of small counts: of their logarithms, and of the counts themselves.
public struct CountCalibration: Codable, Sendable, Equatable {
  /// Cohort sizes; 12, 20 and 40 by default.
  public var patients: [Int]
  /// Cohorts for each cell.
  public var replicates: Int
  /// Nominal significance level.
  public var alpha: Double
  /// Mean count at month 0; 13 by default, so that counts lie near ten over the visits.
  public var mean: Double
  /// SDs of ln of the mean beside a patient's own course, 0 for Poisson's scatter alone; 0 and .25 by
  /// default.
  public var scatters: [Double]

  /// Makes a study.
  public init(
    patients: [Int] = [12, 20, 40], replicates: Int = 1_000, alpha: Double = 0.05,
    mean: Double = 13, scatters: [Double] = [0, 0.25]
  ) {
    self.patients = patients
    self.replicates = replicates
    self.alpha = alpha
    self.mean = mean
    self.scatters = scatters
  }

  /// One cell of the result.
  public struct Row: Sendable, Codable, Equatable {
    /// SD of ln of the mean beside the patient's own course.
    public let scatter: Double
    /// Patients of a cohort.
    public let patients: Int
    /// Shares of significant cohorts: ln of the counts, the residual structure chosen for them, the family
    /// of counts chosen.
    public let typeIErrors: [Double]
    /// Mean standard error of the change of slope over the SD of its estimates, for the same three.
    public let errorRatios: [Double]
    /// Share of cohorts in which the negative binomial was chosen.
    public let negativeBinomialShare: Double
    /// Monte Carlo standard error of a share of alpha.
    public let standardError: Double
    /// Cohorts that could not be fitted.
    public let failures: Int
  }

  /// Runs every cell; the same generator gives the same table.
  public func run(using generator: inout some RandomNumberGenerator) -> [Row] {
    precondition(replicates > 1 && mean > 0, "at least two replicates of a positive mean")
    var rows: [Row] = []
    for scatter in scatters {
      for size in patients {
        rows.append(cell(scatter, size, using: &generator))
      }
    }
    return rows
  }

  /// Counts of one cohort without a change of slope.
  ///
  /// Level and slopes vary between patients with SDs of .3, .02 and .01 on the ln scale.
  public func table(
    scatter: Double, patients: Int, using generator: inout some RandomNumberGenerator
  ) -> LongitudinalTable {
    let courses = CohortSimulation(
      patients: patients, intercept: Double.log(mean), slopeChange: 0, sdIntercept: 0.3,
      sdSlope: 0.02, sdSlopeChange: 0.01, measurementSD: scatter)
    let rows = courses.table(using: &generator).rows.map { row in
      var row = row
      row.value = Double(generator.nextPoisson(Double.exp(row.value)))
      return row
    }
    return LongitudinalTable(checked: rows)
  }

  private func cell(
    _ scatter: Double, _ size: Int, using generator: inout some RandomNumberGenerator
  ) -> Row {
    var rejected = [0, 0, 0]
    var values = [[Double]](repeating: [], count: 3)
    var errors = values
    var negative = 0
    var failures = 0
    for _ in 0..<replicates {
      let table = table(scatter: scatter, patients: size, using: &generator)
      guard let logarithmic = try? table.logTransformed().table,
        let plain = try? MixedModel().fit(logarithmic),
        let exact = try? plain.kenwardRoger().estimate([0, 0, 1]),
        let residuals = try? ResidualComparison(logarithmic, plain: plain),
        let counts = try? CountComparison(table, model: MixedModel()),
        let own = counts.lines[counts.chosen].estimate
      else {
        failures += 1
        continue
      }
      if counts.chosen > 0 { negative += 1 }
      let structured =
        residuals.chosen == 0 ? exact : residuals.lines[residuals.chosen].estimate ?? exact
      for (k, estimate) in [exact, structured, own].enumerated() {
        if estimate.p < alpha { rejected[k] += 1 }
        values[k].append(estimate.value)
        errors[k].append(estimate.standardError)
      }
    }
    let total = Double(max(1, replicates - failures))
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / total }
    return Row(
      scatter: scatter, patients: size, typeIErrors: rejected.map { Double($0) / total },
      errorRatios: zip(values, errors).map { own, errors in
        let centre = mean(own)
        return mean(errors) / mean(own.map { ($0 - centre) * ($0 - centre) }).squareRoot()
      },
      negativeBinomialShare: Double(negative) / total,
      standardError: (alpha * (1 - alpha) / total).squareRoot(), failures: failures)
  }
}

extension RandomNumberGenerator {
  /// A Poisson number by inversion, for means up to some hundreds.
  mutating func nextPoisson(_ mean: Double) -> Int {
    precondition(mean >= 0 && mean < 500, "a mean that inversion serves")
    let u = nextUniform()
    var count = 0
    var share = Double.exp(-mean)
    var sum = share
    while u > sum && count < 5_000 {
      count += 1
      share *= mean / Double(count)
      sum += share
    }
    return count
  }
}
