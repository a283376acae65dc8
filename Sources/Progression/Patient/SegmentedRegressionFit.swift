import RealModule

/// The segmented regression of one patient: slopes, their difference and what can be detected.
public struct SegmentedRegressionFit: Sendable, Codable, Equatable {
  /// The configuration that was used.
  public let configuration: SegmentedRegression
  /// The muscles, each with an intercept of its own (one empty name without muscles).
  public let muscles: [String]
  /// ln(value) at time 0, one for each muscle.
  public let intercepts: [Estimate]
  /// The slope before therapy, ln units a month.
  public let before: Estimate
  /// The slope after therapy, ln units a month.
  public let after: Estimate
  /// Slope after less slope before; positive is a slowing of a decline.
  public let difference: Estimate
  /// Residual standard deviation on the ln scale.
  public let residualSD: Double
  /// Distinct visits up to the knot.
  public let visitsBefore: Int
  /// Distinct visits after the knot.
  public let visitsAfter: Int
  /// The month of the knot.
  public let knot: Double
  /// Residuals on the ln scale, in the order of the input.
  public let residuals: [Double]
  /// The smallest true change of slope that this schedule detects with 80 % power at 5 %.
  public let minimumDetectableSlopeChange: Double
  /// The test with the known measurement errors, where they were given.
  public let knownError: Estimate?
  /// Durbin-Watson statistic of the residuals in order of time (one muscle only).
  public let durbinWatson: Double?
  /// Reasons for caution, one sentence each.
  public let warnings: [String]
  /// (X'X)^-1 of the intercepts, time and post columns, row-major.
  let inverseCross: [Double]

  init(
    configuration: SegmentedRegression, ols: LeastSquares, columns: [[Double]], times: [Double],
    logValues: [Double], knot: Double, muscles: [String], visitsBefore: Int, visitsAfter: Int,
    standardErrors: [Double]?, errorDegreesOfFreedom: Double
  ) {
    let p = columns.count
    let df = Double(ols.residualDegreesOfFreedom)
    let sd = (ols.residualSumOfSquares / df).squareRoot()
    let (time, post) = (p - 2, p - 1)
    let level = configuration.confidenceLevel
    func estimate(_ value: Double, _ variance: Double) -> Estimate {
      Estimate(
        value: value, standardError: sd * variance.squareRoot(), degreesOfFreedom: df,
        confidenceLevel: level)
    }
    let c = ols.inverseCross
    self.configuration = configuration
    self.muscles = muscles
    intercepts = (0..<p - 2).map { estimate(ols.coefficients[$0], c[$0 * p + $0]) }
    before = estimate(ols.coefficients[time], c[time * p + time])
    after = estimate(
      ols.coefficients[time] + ols.coefficients[post],
      c[time * p + time] + 2 * c[time * p + post] + c[post * p + post])
    difference = estimate(ols.coefficients[post], c[post * p + post])
    residualSD = sd
    inverseCross = c
    residuals = ols.residuals
    self.visitsBefore = visitsBefore
    self.visitsAfter = visitsAfter
    self.knot = knot
    minimumDetectableSlopeChange =
      MinimumDetectableSlopeChange.factor * sd * c[post * p + post].squareRoot()
    if let errors = standardErrors, errors.allSatisfy({ $0 > 0 && $0.isFinite }),
      let weighted = LeastSquares(
        columns: columns, y: logValues, weights: errors.map { 1 / ($0 * $0) })
    {
      knownError = Estimate(
        value: weighted.coefficients[post],
        standardError: weighted.inverseCross[post * p + post].squareRoot(),
        degreesOfFreedom: errorDegreesOfFreedom, confidenceLevel: level)
    } else {
      knownError = nil
    }
    let order = times.indices.sorted { times[$0] < times[$1] }
    durbinWatson =
      muscles.count == 1
      ? Autocorrelation.durbinWatson(order.map { ols.residuals[$0] }) : nil
    warnings = SegmentedRegressionFit.warnings(
      configuration, before: visitsBefore, after: visitsAfter, df: df, times: times, knot: knot)
  }

  private static func warnings(
    _ configuration: SegmentedRegression, before: Int, after: Int, df: Double, times: [Double],
    knot: Double
  ) -> [String] {
    var result: [String] = []
    let wanted = configuration.recommendedVisits
    if before < 2 {
      result.append(
        "\(before) visit up to the start of therapy: the slope before therapy rests on the visits "
          + "after it")
    } else if before < wanted {
      result.append(
        "\(before) visits up to the start of therapy, fewer than \(wanted): the slope before therapy "
          + "is uncertain")
    }
    if after < wanted {
      result.append(
        "\(after) visit\(after == 1 ? "" : "s") after the start of therapy, fewer than \(wanted): the "
          + "slope after therapy is uncertain")
    }
    if df < 3 {
      result.append(
        "\(Int(df)) degree\(df == 1 ? "" : "s") of freedom for the scatter: interval and p value are "
          + "very uncertain")
    }
    let span = (times.max() ?? knot) - knot
    if span < 3 {
      result.append(
        "only \((span * 10).rounded() / 10) months of observation after therapy started")
    }
    return result
  }

  /// The fitted ln(value) at a time, with the standard error of the fitted mean.
  public func fitted(at month: Double, muscle: Int = 0) -> (value: Double, standardError: Double) {
    predict(month, post: max(0, month - knot), muscle)
  }

  /// The slope before therapy carried on to a time, with the standard error of the mean.
  public func extrapolated(
    at month: Double, muscle: Int = 0
  ) -> (value: Double, standardError: Double) {
    predict(month, post: 0, muscle)
  }

  private func predict(
    _ month: Double, post: Double, _ muscle: Int
  ) -> (value: Double, standardError: Double) {
    precondition(intercepts.indices.contains(muscle), "muscle index out of range")
    let p = intercepts.count + 2
    var x = [Double](repeating: 0, count: p)
    x[muscle] = 1
    x[p - 2] = month
    x[p - 1] = post
    let value = intercepts[muscle].value + before.value * month + difference.value * post
    return (value, residualSD * SymmetricMatrix.form(inverseCross, p, x, x).squareRoot())
  }
}
