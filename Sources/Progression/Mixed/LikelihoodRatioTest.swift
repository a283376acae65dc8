/// A likelihood-ratio test of two nested fits to the same rows.
public struct LikelihoodRatioTest: Sendable, Codable, Equatable {
  /// Difference of the criteria, never below zero.
  public let statistic: Double
  /// Difference of the parameter counts.
  public let degreesOfFreedom: Int
  /// p value from the chi-squared distribution of that many degrees of freedom.
  public let p: Double
  /// p value where the smaller model fixes one variance at its boundary of zero.
  ///
  /// The equal mixture of chi-squared with one degree of freedom less and with all of them (Stram and
  /// Lee 1994); nil where the fixed effects differ.
  public let boundaryP: Double?

  /// Compares a larger fit with a smaller one nested in it.
  ///
  /// - Throws: `ProgressionError.invalidTable` for different rows or criteria, no difference in
  ///   parameters, or restricted likelihoods of different fixed effects, which cannot be compared.
  public init(larger: MixedModelFit, smaller: MixedModelFit) throws {
    guard larger.rowCount == smaller.rowCount, larger.subjects == smaller.subjects,
      larger.model.criterion == smaller.model.criterion,
      larger.parameterCount > smaller.parameterCount
    else {
      throw ProgressionError.invalidTable(
        found: "fits of \(larger.rowCount) and \(smaller.rowCount) rows with "
          + "\(larger.parameterCount) and \(smaller.parameterCount) parameters",
        expected: "two fits to the same rows by the same criterion, the larger with more parameters"
      )
    }
    let sameFixed = larger.effectNames == smaller.effectNames
    guard sameFixed || larger.model.criterion == .full else {
      throw ProgressionError.invalidTable(
        found: "restricted likelihoods of different fixed effects",
        expected: "full-likelihood fits (criterion full)")
    }
    statistic = max(0, smaller.criterion - larger.criterion)
    degreesOfFreedom = larger.parameterCount - smaller.parameterCount
    let df = Double(degreesOfFreedom)
    let value = ChiSquared.upperTail(statistic, degreesOfFreedom: df)
    p = value
    if sameFixed {
      let lower =
        df > 1
        ? ChiSquared.upperTail(statistic, degreesOfFreedom: df - 1) : (statistic > 0 ? 0 : 1)
      boundaryP = 0.5 * (lower + value)
    } else {
      boundaryP = nil
    }
  }
}
