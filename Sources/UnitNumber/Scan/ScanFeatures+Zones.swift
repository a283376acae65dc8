import Foundation

extension ScanFeatures {
  /// Zones in which units alternate: local variance over noise, and peaks of the slope.
  mutating func appendZones() {
    let variance = z.map { level in
      let clipped = min(max(level, 0), 1.2)
      return noiseBottom * noiseBottom + gainVariance * clipped * clipped
    }
    let meanVariance = variance[rising].reduce(0, +) / Double(rising.count)
    let squares = fits[0].residual.map { $0 * $0 }
    for width in [9, 25] {
      let local = Array(OrderStatistics.movingMean(squares, width: width)[rising])
      let expected = OrderStatistics.movingMean(variance, width: width)[rising]
      let ratio = zip(local, expected).map { $0 / $1 }
      let sorted = local.sorted()
      for probability in [0.1, 0.25, 0.5, 0.75, 0.9] {
        let quantile = OrderStatistics.quantile(sorted: sorted, probability)
        append(log(quantile + 0.3 * meanVariance + 1e-9))
      }
      let count = Double(ratio.count)
      for limit in [2.0, 4, 12] { append(Double(ratio.count { $0 < limit }) / count) }
      for limit in [4, OrderStatistics.median(ratio)] {
        var entries = 0
        for index in 1..<ratio.count where ratio[index] > limit && ratio[index - 1] <= limit {
          entries += 1
        }
        append(log(1 + Double(entries)))
      }
    }
    for scale in 2...4 {
      let slope = Array(fits[scale].slope[rising])
      let sorted = slope.sorted()
      for probability in [0.1, 0.25, 0.5, 0.75, 0.9, 1] {
        append(log(max(OrderStatistics.quantile(sorted: sorted, probability), 0) + 0.05))
      }
      let limit = 0.1 * sorted[sorted.count - 1]
      var peaks = 0
      for index in 1..<max(slope.count - 1, 1)
      where slope[index] > slope[index - 1] && slope[index] >= slope[index + 1]
        && slope[index] > limit
      {
        peaks += 1
      }
      append(log(1 + Double(peaks)))
    }
  }
}
