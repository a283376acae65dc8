import Foundation
import UnitNumber

/// Makes the calibration table from scans that no network has seen.
enum CalibrationTable {
  static let logCounts = [
    2.0, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30, 40, 55, 75, 100, 130, 170, 220, 280, 350, 420,
  ].map { log($0) }
  static let n50LogCounts = [
    1.0, 1.5, 2, 3, 4, 6, 8, 11, 15, 20, 28, 38, 50, 70, 95, 130, 170,
  ].map { log($0) }
  static let logNoises = [0.02, 0.1414, 1.0].map { log($0) }
  static let logDeviations = [0.06, 0.12, 0.24].map { log($0) }
  /// Least effective number of scans behind each quantile.
  static let effectiveCount = 500.0

  private struct Case {
    var logCount: Double
    var logNoise: Double
    var logDeviation: Double
    var zeta: Double
  }

  /// Kernel-weighted 5, 50 and 95 % quantiles of zeta at every node.
  ///
  /// The kernel is widened where the nodes lie outside of what the scans hold.
  ///
  /// `output` is ln(number) or ln N50; the sd of zeta is that of ln(number).
  static func make(
    _ output: ScanNetwork.Output, logCounts: [Double], ensemble: ScanEnsemble, set: TrainingSet,
    rows: Range<Int>
  ) -> ScanCalibration {
    let (width, outputs) = (TrainingSet.featureCount, TrainingSet.targetCount)
    let cases = rows.map { row -> Case in
      let features = Array(set.features[row * width..<(row + 1) * width])
      let found = ensemble.evaluate(features)
      // The networks learn N50 by amplitude; the table turns it into N50 by contribution.
      let truth = Double(
        output == .logN50 ? set.contributionN50[row] : set.targets[row * outputs + output.rawValue])
      return Case(
        logCount: truth, logNoise: Double(features[0]) + truth,
        logDeviation: log(found.deviation),
        zeta: (truth - found.means[output.rawValue]) / found.deviation)
    }.sorted { $0.zeta < $1.zeta }
    var quantiles: [Double] = []
    for logCount in logCounts {
      for logNoise in logNoises {
        for logDeviation in logDeviations {
          quantiles += Self.quantiles(
            cases, Case(logCount: logCount, logNoise: logNoise, logDeviation: logDeviation, zeta: 0)
          )
        }
      }
    }
    return ScanCalibration(
      logCounts: logCounts, logNoises: logNoises, logDeviations: logDeviations,
      quantiles: quantiles)
  }

  private static func quantiles(_ cases: [Case], _ node: Case) -> [Double] {
    var widening = 1.0
    while true {
      var weights = [Double](repeating: 0, count: cases.count)
      var (sum, square) = (0.0, 0.0)
      for (index, item) in cases.enumerated() {
        // ln N is never widened: the coverage is to hold for each N.
        let a = (item.logCount - node.logCount) / 0.14
        let b = (item.logNoise - node.logNoise) / (0.7 * widening)
        let c = (item.logDeviation - node.logDeviation) / (0.3 * widening)
        let weight = exp(-0.5 * (a * a + b * b + c * c))
        weights[index] = weight
        sum += weight
        square += weight * weight
      }
      if sum > 0, sum * sum / square >= effectiveCount || widening > 30 {
        var running = 0.0
        var results: [Double] = []
        let wanted = [0.05, 0.5, 0.95]
        for (index, weight) in weights.enumerated() {
          running += weight
          while results.count < 3 && running >= wanted[results.count] * sum {
            results.append(cases[index].zeta)
          }
        }
        while results.count < 3 { results.append(cases[cases.count - 1].zeta) }
        return results
      }
      widening *= 1.4
    }
  }
}
