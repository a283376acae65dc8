import RealModule

/// Estimates of several completed data sets as one (Rubin 1987), with the degrees of freedom of Barnard and
/// Rubin 1999.
public struct RubinPooling: Sendable, Codable, Equatable {
  /// The mean estimate with the total error and a t interval.
  public let estimate: Estimate
  /// Mean variance of the completed data sets.
  public let within: Double
  /// Variance of the estimates between data sets.
  public let between: Double
  /// Share of the total variance that is due to what is missing, (1 + 1/M) B / T.
  public let missingShare: Double
  /// Monte Carlo standard error of the estimate: that of another seed.
  public let monteCarloError: Double

  /// Pools.
  ///
  /// - `values`: one estimate for each data set, two or more.
  /// - `variances`: their squared standard errors.
  /// - `degreesOfFreedom`: of one complete data set; infinite for none to be corrected for.
  public init(values: [Double], variances: [Double], degreesOfFreedom complete: Double) {
    precondition(
      values.count > 1 && values.count == variances.count, "two data sets or more, each with both")
    let m = Double(values.count)
    let mean = values.reduce(0, +) / m
    within = variances.reduce(0, +) / m
    between = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (m - 1)
    let added = (1 + 1 / m) * between
    let total = within + added
    let share = total > 0 ? added / total : 0
    missingShare = share
    monteCarloError = (between / m).squareRoot()
    let plain = share > 0 ? (m - 1) / (share * share) : Double.infinity
    let observed =
      complete.isFinite
      ? (complete + 1) / (complete + 3) * complete * (1 - share) : Double.infinity
    let df = 1 / ((plain.isFinite ? 1 / plain : 0) + (observed.isFinite ? 1 / observed : 0))
    estimate = Estimate(
      value: mean, standardError: total.squareRoot(), degreesOfFreedom: df)
  }
}
