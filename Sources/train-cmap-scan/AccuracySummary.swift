import Foundation

/// One estimate of a simulated scan beside its truth.
struct AccuracyCase: Sendable {
  var truth: Double
  var estimate: Double
  var low: Double
  var high: Double
  var logError: Double
  /// Error of ln(estimate) between two scans of the pool.
  var repeatError: Double
  /// Estimates by other algorithms.
  var others: [Comparator: Double] = [:]
  var n50Truth: Double
  var n50: Double
  var n50Low: Double
  var n50High: Double
  /// Scans of one pool share its number.
  var pool: Int
  var noise: Double
  var drift: Bool
  var family: EvaluationPool.Family
}

/// Bias, error, repeatability and coverage of a set of estimates.
struct AccuracySummary {
  let count: Int
  /// Mean of estimate / truth - 1.
  let bias: Double
  /// Mean absolute relative error.
  let meanAbsoluteError: Double
  /// Root mean square of the standard deviation of ln estimate within pools.
  let withinPool: Double
  let coverage: Double
  /// Standard error of the coverage, pools taken as the independent samples.
  let coverageError: Double
  /// Geometric mean of high / low.
  let width: Double
  /// Share of estimates, rounded, within one unit of the truth.
  let withinOne: Double
  let n50Bias: Double
  let n50Error: Double
  let n50Coverage: Double
  let n50WithinPool: Double

  init(_ cases: [AccuracyCase]) {
    count = cases.count
    let number = Double(max(cases.count, 1))
    bias = cases.reduce(0) { $0 + $1.estimate / $1.truth - 1 } / number
    meanAbsoluteError = cases.reduce(0) { $0 + abs($1.estimate / $1.truth - 1) } / number
    n50Error = cases.reduce(0) { $0 + abs($1.n50 / $1.n50Truth - 1) } / number
    n50Bias = cases.reduce(0) { $0 + $1.n50 / $1.n50Truth - 1 } / number
    n50Coverage =
      Double(cases.count { $0.n50Low <= $0.n50Truth && $0.n50Truth <= $0.n50High }) / number
    width = exp(cases.reduce(0) { $0 + log($1.high / $1.low) } / number)
    withinOne = Double(cases.count { abs($0.estimate.rounded() - $0.truth) <= 1 }) / number
    let covered = { (item: AccuracyCase) in item.low <= item.truth && item.truth <= item.high }
    let share = Double(cases.count(where: covered)) / number
    coverage = share
    let pools = Dictionary(grouping: cases, by: \.pool).values
    var (variance, halfVariance, freedom, clustered) = (0.0, 0.0, 0.0, 0.0)
    for pool in pools {
      let logs = pool.map { log($0.estimate) }
      let mean = logs.reduce(0, +) / Double(logs.count)
      variance += logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      freedom += Double(logs.count - 1)
      let halves = pool.map { log($0.n50) }
      let halfMean = halves.reduce(0, +) / Double(halves.count)
      halfVariance += halves.reduce(0) { $0 + ($1 - halfMean) * ($1 - halfMean) }
      let excess = pool.reduce(0.0) { $0 + (covered($1) ? 1 : 0) - share }
      clustered += excess * excess
    }
    withinPool = freedom > 0 ? (variance / freedom).squareRoot() : 0
    n50WithinPool = freedom > 0 ? (halfVariance / freedom).squareRoot() : 0
    coverageError = clustered.squareRoot() / number
  }

  /// Column names of `row`.
  static let header =
    "| | scans | bias % | MAPE % | CoV % | cover | width hi/lo | ±1 | N50 bias % | MAPE % | CoV % | cover |\n"
    + "|---|---|---|---|---|---|---|---|---|---|---|---|"

  /// One line of a Markdown table.
  func row(_ label: String) -> String {
    func one(_ value: Double) -> String { String(format: "%.1f", value) }
    return "| \(label) | \(count) | \(String(format: "%+.1f", 100 * bias)) | "
      + "\(one(100 * meanAbsoluteError)) | \(one(100 * withinPool)) | "
      + "\(String(format: "%.3f ± %.3f", coverage, coverageError)) | "
      + "\(String(format: "%.2f", width)) | \(String(format: "%.2f", withinOne)) | "
      + "\(String(format: "%+.1f", 100 * n50Bias)) | \(one(100 * n50Error)) | "
      + "\(one(100 * n50WithinPool)) | \(String(format: "%.3f", n50Coverage)) |"
  }
}
