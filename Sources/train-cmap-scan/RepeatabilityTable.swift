import Foundation
import Signal
import UnitNumber

/// Makes the table of how far two scans of one pool differ.
enum RepeatabilityTable {
  static let logCounts = [2.0, 4, 8, 15, 25, 40, 65, 100, 160, 260, 400].map { log($0) }
  /// Least effective number of pairs behind each quantile.
  static let effectiveCount = 300.0

  private struct Pair: Sendable {
    var logCount: Double
    var logNoise: Double
    var logDeviation: Double
    var difference: Double
    var n50Difference: Double
  }

  /// Simulates `pairs` pools with two scans each and measures the differences of the estimates.
  ///
  /// Pair k depends on the seed and on k alone, whatever the number of threads.
  static func make(
    pairs: Int, seed: UInt64, mixture: TrainingPool.Mixture, estimator: CMAPScanEstimator,
    parallelism: Parallelism
  ) -> ScanRepeatability {
    let found = parallelism.map(pairs) { index -> Pair? in
      var random = SeededGenerator(seed: seed, stream: 2_000_000_000 + UInt64(index))
      let first = TrainingScan(&random, mixture: mixture)
      let second = first.repeated(&random)
      guard let a = try? estimator.uncleanedEstimate(first.scan, isContinuous: false),
        let b = try? estimator.uncleanedEstimate(second, isContinuous: false)
      else { return nil }
      let logCount = 0.5 * (log(a.unitCount) + log(b.unitCount))
      func noise(_ estimate: CMAPScanEstimate) -> Double {
        log(estimate.additiveNoiseMicrovolts / 1000 / estimate.cmapMillivolts)
      }
      return Pair(
        logCount: logCount, logNoise: 0.5 * (noise(a) + noise(b)) + logCount,
        logDeviation: 0.5
          * (log(estimator.deviation(first.scan)) + log(estimator.deviation(second))),
        difference: abs(log(a.unitCount / b.unitCount)), n50Difference: abs(log(a.n50 / b.n50)))
    }.compactMap { $0 }
    let byCount = found.sorted { $0.difference < $1.difference }
    let byN50 = found.sorted { $0.n50Difference < $1.n50Difference }
    var (counts, halves) = ([Double](), [Double]())
    for logCount in logCounts {
      for logNoise in CalibrationTable.logNoises {
        for logDeviation in CalibrationTable.logDeviations {
          let node = Pair(
            logCount: logCount, logNoise: logNoise, logDeviation: logDeviation, difference: 0,
            n50Difference: 0)
          counts.append(error(byCount, node) { $0.difference })
          halves.append(error(byN50, node) { $0.n50Difference })
        }
      }
    }
    return ScanRepeatability(
      logCounts: logCounts, logNoises: CalibrationTable.logNoises,
      logDeviations: CalibrationTable.logDeviations, logCountErrors: counts, logN50Errors: halves)
  }

  /// ln of the kernel-weighted 95 % quantile of a difference over sqrt(2) x 1.96.
  private static func error(_ pairs: [Pair], _ node: Pair, _ value: (Pair) -> Double) -> Double {
    var widening = 1.0
    while true {
      var weights = [Double](repeating: 0, count: pairs.count)
      var (sum, square) = (0.0, 0.0)
      for (index, item) in pairs.enumerated() {
        let a = (item.logCount - node.logCount) / (0.25 * widening)
        let b = (item.logNoise - node.logNoise) / (0.7 * widening)
        let c = (item.logDeviation - node.logDeviation) / (0.3 * widening)
        let weight = exp(-0.5 * (a * a + b * b + c * c))
        weights[index] = weight
        sum += weight
        square += weight * weight
      }
      if sum > 0, sum * sum / square >= effectiveCount || widening > 30 {
        var running = 0.0
        for (index, weight) in weights.enumerated() {
          running += weight
          if running >= 0.95 * sum { return log(max(value(pairs[index]), 1e-3) / 2.771_808) }
        }
      }
      if widening > 30 { return log(0.1) }
      widening *= 1.4
    }
  }
}
