import Foundation
import Signal
import UnitNumber

/// Residuals of real scans beside those of simulated ones: what real scans hold that units do not.
enum ResidualComparison {
  /// Prints medians, 10 and 90 % quantiles of each statistic.
  static func printTable(_ real: [CMAPScan], simulated: (Int, UInt64) -> CMAPScan) throws {
    print(
      "\n| residuals, median (10 to 90 %) | scans | colour | exponent over slope | largest rise | "
        + "plateau correlation | outliers of the silent end |\n|---|---|---|---|---|---|---|")
    printRow("real", try real.map { try ScanResiduals($0) })
    let copies = real.indices.flatMap { index in
      (0..<4).map { simulated(index, UInt64(1000 + 100 * index + $0)) }
    }
    printRow("fitted models", try copies.map { try ScanResiduals($0) })
    for (label, mixture) in [
      ("training scans", TrainingPool.Mixture.all), ("with --fluctuating", .fluctuating),
      ("with --outliers", .outliers),
    ] {
      printRow(label, training(mixture))
    }
  }

  /// Training scans of 60 units and more whose noise is below half of a unit, as in real ones.
  private static func training(_ mixture: TrainingPool.Mixture) -> [ScanResiduals] {
    (0..<1500).compactMap { index in
      let (item, features) = TrainingSet.simulate(seed: 991, index: index, mixture: mixture)
      let count = Double(item.pool.count)
      guard count >= 60, exp(Double(features[0])) * count < 0.5 else { return nil }
      return try? ScanResiduals(item.scan)
    }
  }

  private static func printRow(_ label: String, _ items: [ScanResiduals]) {
    func cell(_ value: (ScanResiduals) -> Double?) -> String {
      let sorted = items.compactMap(value).filter(\.isFinite).sorted()
      guard !sorted.isEmpty else { return "" }
      func quantile(_ share: Double) -> Double {
        sorted[Int((share * Double(sorted.count - 1)).rounded())]
      }
      return String(format: "%.2f (%.2f to %.2f)", quantile(0.5), quantile(0.1), quantile(0.9))
    }
    let cells = [
      cell { $0.colour }, cell { $0.slopeExponent }, cell { $0.largestRise },
      cell { $0.plateauCorrelation },
      "in \(items.count { $0.silentOutliers > 0 })",
    ]
    print("| \(label) | \(items.count) | " + cells.joined(separator: " | ") + " |")
  }
}
