import Foundation

/// Quantiles of zeta = (ln N - ensemble mean) / ensemble sd for each true N, by simulation.
///
/// N is the number of units or N50; the sd is that of ln(number) in both cases. The nodes are the
/// true N, the noise per unit ln(noise x N) and the ensemble's own ln sd. An
/// interval is made by inversion (Neyman 1937): it holds every N at which the zeta of the scan lies
/// between the quantiles that belong to that N, so that the coverage holds for each N by itself.
package struct ScanCalibration: Sendable, Equatable {
  /// Nodes in ln N, ascending.
  package var logCounts: [Double]
  /// Nodes in ln(noise below threshold as a fraction of the CMAP, times N), evenly spaced.
  package var logNoises: [Double]
  /// Nodes in ln of the ensemble's standard deviation, evenly spaced.
  package var logDeviations: [Double]
  /// The 5, 50 and 95 % quantiles: [N][noise][deviation][quantile], flattened.
  package var quantiles: [Double]

  package init(
    logCounts: [Double], logNoises: [Double], logDeviations: [Double], quantiles: [Double]
  ) {
    precondition(
      quantiles.count == logCounts.count * logNoises.count * logDeviations.count * 3,
      "calibration table size")
    self.logCounts = logCounts
    self.logNoises = logNoises
    self.logDeviations = logDeviations
    self.quantiles = quantiles
  }

  /// Number of values of ln N, up to 600, on which the inversion works.
  private static let gridCount = 500

  /// Quantiles at any (ln N, ln noise per unit, ln deviation), linear between nodes, clamped.
  package func quantiles(logCount: Double, logNoise: Double, logDeviation: Double) -> [Double] {
    let (n0, nf) = Self.place(logCount, in: logCounts)
    let (v0, vf) = Self.place(logNoise, in: logNoises)
    let (d0, df) = Self.place(logDeviation, in: logDeviations)
    var result = [0.0, 0, 0]
    for corner in 0..<8 {
      let (a, b, c) = (corner & 1, (corner >> 1) & 1, corner >> 2)
      let weight =
        (a == 0 ? 1 - nf : nf) * (b == 0 ? 1 - vf : vf) * (c == 0 ? 1 - df : df)
      if weight == 0 { continue }
      let node = ((n0 + a) * logNoises.count + v0 + b) * logDeviations.count + d0 + c
      for quantile in 0..<3 { result[quantile] += weight * quantiles[node * 3 + quantile] }
    }
    return result
  }

  /// The node below and the fraction to the next, clamped at the edges.
  static func place(_ value: Double, in nodes: [Double]) -> (Int, Double) {
    guard nodes.count > 1, value > nodes[0] else { return (0, 0) }
    let below = min(OrderStatistics.countAtMost(value, in: nodes) - 1, nodes.count - 2)
    return (below, min((value - nodes[below]) / (nodes[below + 1] - nodes[below]), 1))
  }

  /// The median-unbiased point and the equal-tailed 90 % confidence set, as ln N.
  ///
  /// `prediction` is the ensemble mean of ln N, `least` the smallest possible N.
  package func invert(
    prediction: Double, deviation: Double, noise: Double, least: Double
  ) -> (point: Double, low: Double, high: Double) {
    let logDeviation = log(deviation)
    let step = (log(600) - log(least)) / Double(Self.gridCount - 1)
    var best = (distance: Double.infinity, logCount: 0.0)
    var low = Double.infinity
    var high = -Double.infinity
    for index in 0..<Self.gridCount {
      let logCount = log(least) + step * Double(index)
      let zeta = (logCount - prediction) / deviation
      let limits = quantiles(
        logCount: logCount, logNoise: log(noise) + logCount, logDeviation: logDeviation)
      let distance = abs(zeta - limits[1])
      if distance < best.distance { best = (distance, logCount) }
      if zeta >= limits[0] && zeta <= limits[2] {
        low = min(low, logCount)
        high = max(high, logCount)
      }
    }
    // The set is never empty at the point itself.
    return (best.logCount, min(low, best.logCount), max(high, best.logCount))
  }
}
