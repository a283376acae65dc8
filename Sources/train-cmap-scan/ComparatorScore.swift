import Foundation
import UnitNumber

/// Published algorithms, re-created, beside the estimator on the same scans.
enum Comparator: String, CaseIterable, Sendable {
  case slopeVariance = "slope/variance"
  case rankedSteps = "ranked steps (STEPIX idea)"
  case staircase = "staircase (StairFit idea)"

  /// The estimate; nil where the scan is refused.
  func estimate(_ scan: CMAPScan) -> Double? {
    switch self {
    case .slopeVariance: try? SlopeVarianceEstimate(scan).unitCount
    case .rankedSteps: try? RankedStepIndex(scan).index
    case .staircase: try? StaircaseFit(scan).unitCount
    }
  }

  /// The estimates of all algorithms on one scan.
  static func estimates(_ scan: CMAPScan) -> [Comparator: Double] {
    Dictionary(
      uniqueKeysWithValues: allCases.compactMap { item in
        item.estimate(scan).map { (item, $0) }
      })
  }
}

/// Bias, error and repeatability of several algorithms on the same scans.
enum ComparatorScore {
  static let header =
    "| | scans | algorithm | bias % | MAPE % | CoV % | slope |\n|---|---|---|---|---|---|---|"

  /// One line for each algorithm, this estimator first.
  static func rows(_ label: String, _ cases: [AccuracyCase]) -> String {
    var lines = [row(label, "this estimator", cases.map { ($0, $0.estimate) })]
    for item in Comparator.allCases {
      lines.append(
        row(label, item.rawValue, cases.compactMap { one in one.others[item].map { (one, $0) } }))
    }
    return lines.joined(separator: "\n")
  }

  private static func row(
    _ label: String, _ name: String, _ values: [(AccuracyCase, Double)]
  ) -> String {
    let number = Double(max(values.count, 1))
    let ratios = values.map { $0.1 / $0.0.truth }
    let bias = ratios.reduce(0) { $0 + $1 - 1 } / number
    let error = ratios.reduce(0) { $0 + abs($1 - 1) } / number
    var (squares, freedom) = (0.0, 0.0)
    for pool in Dictionary(grouping: values, by: { $0.0.pool }).values {
      let logs = pool.map { log(max($0.1, 1e-9)) }
      let mean = logs.reduce(0, +) / Double(logs.count)
      squares += logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      freedom += Double(logs.count - 1)
    }
    let x = values.map { log($0.0.truth) }
    let y = values.map { log(max($0.1, 1e-9)) }
    let (meanX, meanY) = (x.reduce(0, +) / number, y.reduce(0, +) / number)
    let xx = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let slope = xx > 1e-9 ? String(format: "%.2f", xy / xx) : "-"
    return "| \(label) | \(values.count) | \(name) | \(String(format: "%+.1f", 100 * bias)) | "
      + "\(String(format: "%.1f", 100 * error)) | "
      + "\(String(format: "%.1f", freedom > 0 ? 100 * (squares / freedom).squareRoot() : 0)) | "
      + "\(slope) |"
  }
}
