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
  /// `prediction` is the ensemble mean of ln N, `least` the smallest possible N. Between the values of
  /// the grid the crossings are interpolated, so that estimates take any value; `isContinuous` false
  /// leaves them on the grid, as the shipped table of repeatability was made.
  package func invert(
    prediction: Double, deviation: Double, noise: Double, least: Double,
    isContinuous: Bool = true
  ) -> (point: Double, low: Double, high: Double) {
    let logDeviation = log(deviation)
    let step = (log(600) - log(least)) / Double(Self.gridCount - 1)
    var best = (distance: Double.infinity, index: 0)
    var (first, last) = (Int.max, -1)
    /// Zeta less its 5, 50 and 95 % quantiles at each value of the grid.
    var excess: [[Double]] = []
    excess.reserveCapacity(Self.gridCount)
    func logCount(_ index: Int) -> Double { log(least) + step * Double(index) }
    for index in 0..<Self.gridCount {
      let here = logCount(index)
      let zeta = (here - prediction) / deviation
      let limits = quantiles(
        logCount: here, logNoise: log(noise) + here, logDeviation: logDeviation)
      excess.append(limits.map { zeta - $0 })
      let distance = abs(zeta - limits[1])
      if distance < best.distance { best = (distance, index) }
      if zeta >= limits[0] && zeta <= limits[2] {
        first = min(first, index)
        last = max(last, index)
      }
    }
    let point = logCount(best.index)
    // The set is never empty at the point itself.
    let (low, high) = (min(first, best.index), max(last, best.index))
    guard isContinuous else { return (point, logCount(low), logCount(high)) }
    /// Where a quantile is crossed within a step of `index`, or the value of the grid.
    func crossing(_ quantile: Int, from index: Int, to next: Int) -> Double {
      guard excess.indices.contains(next) else { return logCount(index) }
      let (here, there) = (excess[index][quantile], excess[next][quantile])
      guard here * there < 0 else { return logCount(index) }
      return logCount(index) + (logCount(next) - logCount(index)) * here / (here - there)
    }
    let below = crossing(1, from: best.index, to: best.index - 1)
    let refined =
      below != point ? below : crossing(1, from: best.index, to: best.index + 1)
    return (
      refined, min(crossing(0, from: low, to: low - 1), refined),
      max(crossing(2, from: high, to: high + 1), refined)
    )
  }
}
