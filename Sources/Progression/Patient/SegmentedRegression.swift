import RealModule

/// Segmented regression of one patient's ln(value) on time, with the therapy date as the knot.
///
/// y = b0 + b1 t + b2 (t - T)+ + e by least squares; with several muscles each has an intercept of
/// its own and the slopes are common. b1 is the slope before therapy, b1 + b2 the slope after and b2
/// their difference. Time is in months, so that slopes are ln units a month.
public struct SegmentedRegression: Codable, Sendable, Equatable {
  /// Confidence level of every interval; .95 by default.
  public var confidenceLevel: Double
  /// Months between the first dose and the start of its effect; the knot is moved by it.
  public var onsetLag: Double
  /// Visits on each side of the knot below which a warning is given; 3 by default.
  public var recommendedVisits: Int

  /// Makes a configuration.
  public init(confidenceLevel: Double = 0.95, onsetLag: Double = 0, recommendedVisits: Int = 3) {
    self.confidenceLevel = confidenceLevel
    self.onsetLag = onsetLag
    self.recommendedVisits = recommendedVisits
  }

  /// Fits one patient's visits.
  ///
  /// - Parameters:
  ///   - times: months, in any order.
  ///   - logValues: ln(value), one for each time.
  ///   - therapyTime: the month of the first dose on the same time axis.
  ///   - muscles: the muscle of each value where several are pooled.
  ///   - standardErrors: the standard error of each ln(value) where it is known; gives `knownError`.
  ///   - errorDegreesOfFreedom: degrees of freedom of those standard errors, where they come from a few
  ///     repetitions; infinite where they count as exact.
  /// - Throws: `ProgressionError.tooFewVisits` with fewer values than coefficients plus one, and
  ///   `.notEstimable` where the times do not determine both slopes.
  public func fit(
    times: [Double], logValues: [Double], therapyTime: Double, muscles: [String]? = nil,
    standardErrors: [Double]? = nil, errorDegreesOfFreedom: Double = .infinity
  ) throws -> SegmentedRegressionFit {
    precondition(times.count == logValues.count, "one value for each time")
    precondition(muscles.map { $0.count == times.count } ?? true, "one muscle for each time")
    precondition(
      standardErrors.map { $0.count == times.count } ?? true, "one standard error for each time")
    let knot = therapyTime + onsetLag
    let labels = muscles ?? [String](repeating: "", count: times.count)
    let isOne = labels.dropFirst().allSatisfy { $0 == labels[0] }
    let names = isOne ? Array(labels.prefix(1)) : Array(Set(labels)).sorted()
    let before = Set(times.filter { $0 <= knot }).count
    let after = Set(times.filter { $0 > knot }).count
    let count = times.count
    let parameters = names.count + 2
    guard count > parameters else {
      throw ProgressionError.tooFewVisits(
        found: "\(count) values (\(before) visits before, \(after) after therapy)",
        expected: "at least \(parameters + 1) values, at least 2 visits before and 1 after therapy")
    }
    let post = times.map { max(0, $0 - knot) }
    guard after > 0 else {
      throw ProgressionError.tooFewVisits(
        found: "no visit after the start of therapy (month \(knot))",
        expected: "at least 1 visit after it")
    }
    let columns =
      (isOne
        ? [[Double](repeating: 1, count: count)]
        : names.map { name in labels.map { $0 == name ? 1.0 : 0.0 } }) + [times, post]
    guard let ols = LeastSquares(columns: columns, y: logValues) else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope",
        reason:
          "the \(before) visits up to therapy and \(after) after it do not determine two slopes"
      )
    }
    return SegmentedRegressionFit(
      configuration: self, ols: ols, columns: columns, times: times, logValues: logValues,
      knot: knot, muscles: names, visitsBefore: before, visitsAfter: after,
      standardErrors: standardErrors, errorDegreesOfFreedom: errorDegreesOfFreedom)
  }
}
