import RealModule

/// Comparison of two arms by their joint ranks.
public struct JointRankTest: Sendable, Codable, Equatable {
  /// Difference of the mean rank, treated less control, by analysis of covariance with a t reference.
  public let difference: Estimate
  /// Two-sided p value of the rank-sum test of the scores (Gehan-Wilcoxon; normal approximation with ties
  /// and continuity correction).
  public let wilcoxonP: Double

  /// Compares the treated with the controls.
  ///
  /// - `isTreated`: the arm of each patient.
  /// - `covariates`: columns of numbers, such as the baseline value.
  /// - Throws: `ProgressionError.notEstimable` where an arm is empty or covariates depend on each other.
  public init(_ joint: JointRank, isTreated: [Bool], covariates: [[Double]] = []) throws {
    let n = joint.scores.count
    precondition(
      isTreated.count == n && covariates.allSatisfy { $0.count == n }, "one value a patient")
    let ranks = joint.ranks
    let columns =
      [[Double](repeating: 1, count: n), isTreated.map { $0 ? 1.0 : 0 }] + covariates
    guard n > columns.count, let fit = LeastSquares(columns: columns, y: ranks) else {
      throw ProgressionError.notEstimable(
        effect: "the difference of the joint ranks",
        reason: "an arm is empty, or the covariates depend on each other")
    }
    let df = Double(fit.residualDegreesOfFreedom)
    let p = columns.count
    difference = Estimate(
      value: fit.coefficients[1],
      standardError: (fit.residualSumOfSquares / df * fit.inverseCross[p + 1]).squareRoot(),
      degreesOfFreedom: df)
    let treated = Double(isTreated.count { $0 })
    let controls = Double(n) - treated
    let sum = zip(ranks, isTreated).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    let u = sum - treated * (treated + 1) / 2 - treated * controls / 2
    var ties = 0.0
    for (_, group) in Dictionary(grouping: joint.scores, by: { $0 }) {
      let t = Double(group.count)
      ties += t * t * t - t
    }
    let total = Double(n)
    let variance =
      treated * controls / 12 * (total + 1 - ties / (total * (total - 1)))
    let corrected = max(0, abs(u) - 0.5)
    wilcoxonP =
      variance > 0
      ? 2 * (1 - NormalDistribution.cumulative(corrected / variance.squareRoot())) : 1
  }
}
