import RealModule

/// Segmented regression with continuous-time first-order autocorrelation, phi^(months apart).
///
/// Generalised least squares with phi by restricted likelihood; at phi = 1 the residuals are a random
/// walk with variance proportional to the gap (the limit of the stationary process). Offered from
/// `Autocorrelation.minimumVisits` visits on.
public struct ContinuousAutoregression: Sendable, Codable, Equatable {
  /// Correlation of residuals one month apart.
  public let phi: Double
  /// Whether phi ended at 0 or 1.
  public let isBoundary: Bool
  /// Intercept at month 0.
  public let intercept: Estimate
  /// Slope before therapy, units a month.
  public let before: Estimate
  /// Change of slope.
  public let difference: Estimate
  /// -2 ln of the restricted likelihood.
  public let criterion: Double

  /// Fits visits with phi estimated.
  ///
  /// - Throws: `ProgressionError.tooFewVisits` below 20 visits, `.notEstimable` where the times do not
  ///   determine two slopes or two visits share a time.
  public init(
    times: [Double], logValues: [Double], therapyTime: Double, confidenceLevel: Double = 0.95
  ) throws {
    try Autocorrelation.requireVisits(times.count)
    try self.init(
      unchecked: times, logValues, therapyTime: therapyTime, phi: nil,
      confidenceLevel: confidenceLevel)
  }

  init(
    unchecked times: [Double], _ values: [Double], therapyTime: Double, phi given: Double?,
    confidenceLevel: Double = 0.95
  ) throws {
    let order = times.indices.sorted { times[$0] < times[$1] }
    let t = order.map { times[$0] }
    let y = order.map { values[$0] }
    let gaps = zip(t.dropFirst(), t).map { $0 - $1 }
    guard t.count > 3, gaps.allSatisfy({ $0 > 0 }) else {
      throw ProgressionError.notEstimable(
        effect: "the autocorrelation", reason: "it needs more than 3 visits at different times")
    }
    func fit(_ phi: Double) -> (LeastSquares, Double)? {
      ContinuousAutoregression.whitened(t, y, gaps, therapyTime, phi)
    }
    var best = given ?? 0
    if given == nil {
      // A coarse grid first, as the restricted likelihood may have two maxima; then a golden section.
      let grid = (0...50).map { Double($0) / 50 }
      let values = grid.map { fit($0)?.1 ?? .infinity }
      let at = values.indices.min { values[$0] < values[$1] } ?? 0
      var low = grid[max(0, at - 1)]
      var high = grid[min(50, at + 1)]
      let ratio = (5.0.squareRoot() - 1) / 2
      for _ in 0..<80 {
        let a = high - ratio * (high - low)
        let b = low + ratio * (high - low)
        if (fit(a)?.1 ?? .infinity) < (fit(b)?.1 ?? .infinity) { high = b } else { low = a }
      }
      best = 0.5 * (low + high)
      for edge in [0.0, 1.0] where (fit(edge)?.1 ?? .infinity) <= (fit(best)?.1 ?? .infinity) {
        best = edge
      }
    }
    guard let (ols, value) = fit(best) else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "the visit times do not determine two slopes")
    }
    let df = Double(ols.residualDegreesOfFreedom)
    let variance = ols.residualSumOfSquares / df
    func estimate(_ k: Int) -> Estimate {
      Estimate(
        value: ols.coefficients[k],
        standardError: (variance * ols.inverseCross[k * 3 + k]).squareRoot(),
        degreesOfFreedom: df, confidenceLevel: confidenceLevel)
    }
    phi = best
    isBoundary = best == 0 || best == 1
    intercept = estimate(0)
    before = estimate(1)
    difference = estimate(2)
    criterion = value
  }

  /// Least squares on innovations, each divided by its standard deviation, and the criterion.
  private static func whitened(
    _ t: [Double], _ y: [Double], _ gaps: [Double], _ therapy: Double, _ phi: Double
  ) -> (LeastSquares, Double)? {
    let columns = [
      [Double](repeating: 1, count: t.count), t, t.map { max(0, $0 - therapy) },
    ]
    var logVariance = 0.0
    var factors: [(Double, Double)] = []
    for gap in gaps {
      let keep = phi == 1 ? 1 : (phi == 0 ? 0 : Double.pow(phi, gap))
      let variance = phi == 1 ? gap : 1 - keep * keep
      logVariance += Double.log(variance)
      factors.append((keep, 1 / variance.squareRoot()))
    }
    func whiten(_ x: [Double]) -> [Double] {
      [x[0]] + factors.enumerated().map { ($0.1.1) * (x[$0.0 + 1] - $0.1.0 * x[$0.0]) }
    }
    guard let fit = LeastSquares(columns: columns.map(whiten), y: whiten(y)) else { return nil }
    guard let factor = SymmetricMatrix.cholesky(fit.inverseCross, 3) else { return nil }
    let logX = -2 * (0..<3).reduce(0) { $0 + Double.log(factor[$1 * 3 + $1]) }
    let df = Double(fit.residualDegreesOfFreedom)
    let value =
      df * (1 + Double.log(2 * Double.pi * fit.residualSumOfSquares / df)) + logVariance + logX
    return (fit, value)
  }
}
