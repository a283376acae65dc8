import RealModule

/// Statistics of serial correlation in the residuals of one patient's trend.
///
/// With ten visits the Newey-West test has a type I error near .14 and so has ordinary least squares
/// under a correlation of .4; these methods are therefore offered from `minimumVisits` on.
public enum Autocorrelation {
  /// Visits from which methods that model serial correlation are offered.
  public static let minimumVisits = 20

  /// The Durbin-Watson statistic of residuals in order of time; nil with fewer than two or no scatter.
  public static func durbinWatson(_ residuals: [Double]) -> Double? {
    guard residuals.count > 1 else { return nil }
    var difference = 0.0
    var total = residuals[0] * residuals[0]
    for i in 1..<residuals.count {
      difference += (residuals[i] - residuals[i - 1]) * (residuals[i] - residuals[i - 1])
      total += residuals[i] * residuals[i]
    }
    return total > 0 ? difference / total : nil
  }

  /// Newey-West standard errors of the segmented regression's coefficients.
  ///
  /// Bartlett weights 1 - k/(lag + 1), multiplied by n/(n - p) (Newey and West 1987). Coefficients:
  /// intercept, time, post. Visits must be in order of time.
  /// - Throws: `ProgressionError.tooFewVisits` below `minimumVisits` visits.
  public static func neweyWest(
    times: [Double], logValues: [Double], therapyTime: Double, lag: Int = 1
  ) throws -> [Double] {
    try requireVisits(times.count)
    return try neweyWestUnchecked(
      times: times, logValues: logValues, therapyTime: therapyTime, lag: lag)
  }

  /// Heteroscedasticity-consistent standard errors HC3 (MacKinnon and White 1985).
  ///
  /// Coefficients: intercept, time, post. Offered from `minimumVisits` on; at few visits the leverage
  /// correction is unstable.
  public static func heteroscedasticityConsistent(
    times: [Double], logValues: [Double], therapyTime: Double
  ) throws -> [Double] {
    try requireVisits(times.count)
    return try hc3Unchecked(times: times, logValues: logValues, therapyTime: therapyTime)
  }

  static func requireVisits(_ count: Int) throws {
    guard count >= minimumVisits else {
      throw ProgressionError.tooFewVisits(
        found: "\(count) visits",
        expected: "at least \(minimumVisits) for a method that models serial correlation")
    }
  }

  static func neweyWestUnchecked(
    times: [Double], logValues: [Double], therapyTime: Double, lag: Int
  ) throws -> [Double] {
    let (columns, fit) = try design(times, logValues, therapyTime)
    let n = times.count
    let p = columns.count
    var meat = [Double](repeating: 0, count: p * p)
    for k in 0...lag {
      let weight = 1 - Double(k) / Double(lag + 1)
      for i in k..<max(n, k) {
        let product = fit.residuals[i] * fit.residuals[i - k] * weight
        for a in 0..<p {
          for b in 0..<p {
            let cross = columns[a][i] * columns[b][i - k]
            meat[a * p + b] += product * cross
            if k > 0 { meat[b * p + a] += product * cross }
          }
        }
      }
    }
    return sandwich(fit.inverseCross, meat, p, scale: Double(n) / Double(n - p))
  }

  static func hc3Unchecked(
    times: [Double], logValues: [Double], therapyTime: Double
  ) throws -> [Double] {
    let (columns, fit) = try design(times, logValues, therapyTime)
    let p = columns.count
    var meat = [Double](repeating: 0, count: p * p)
    for i in times.indices {
      let scaled = fit.residuals[i] / (1 - fit.leverages[i])
      for a in 0..<p {
        for b in 0..<p { meat[a * p + b] += scaled * scaled * columns[a][i] * columns[b][i] }
      }
    }
    return sandwich(fit.inverseCross, meat, p, scale: 1)
  }

  private static func design(
    _ times: [Double], _ logValues: [Double], _ therapyTime: Double
  ) throws -> ([[Double]], LeastSquares) {
    precondition(times.count == logValues.count, "one value for each time")
    let columns = [
      [Double](repeating: 1, count: times.count), times, times.map { max(0, $0 - therapyTime) },
    ]
    guard times.count > 3, let fit = LeastSquares(columns: columns, y: logValues) else {
      throw ProgressionError.notEstimable(
        effect: "the change of slope", reason: "the visit times do not determine two slopes")
    }
    return (columns, fit)
  }

  private static func sandwich(
    _ bread: [Double], _ meat: [Double], _ p: Int, scale: Double
  ) -> [Double] {
    let product = SymmetricMatrix.product(SymmetricMatrix.product(bread, meat, p), bread, p)
    return (0..<p).map { (scale * max(0, product[$0 * p + $0])).squareRoot() }
  }
}
