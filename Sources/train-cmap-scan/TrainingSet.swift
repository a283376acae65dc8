import Foundation
import Signal
import UnitNumber

/// Features and targets of many simulated scans, row-major.
struct TrainingSet: Sendable {
  static let featureCount = ScanFeatures.count
  static let targetCount = ScanNetwork.Output.allCases.count

  /// scans x features.
  var features: [Float]
  /// scans x targets; NaN where a target has no value.
  var targets: [Float]
  /// ln N50 by contribution, one for each scan: the truth of the N50 calibration.
  var contributionN50: [Float]

  /// Number of scans.
  var count: Int { targets.count / Self.targetCount }

  /// Simulates `count` scans; scan k depends on the seed and k alone, whatever the thread count.
  ///
  /// The first one is number `first`.
  init(
    seed: UInt64, first offset: Int = 0, count: Int, mixture: TrainingPool.Mixture = .all,
    parallelism: Parallelism, progress: @Sendable (Int) -> Void
  ) {
    let block = 2000
    features = []
    targets = []
    contributionN50 = []
    features.reserveCapacity(count * Self.featureCount)
    targets.reserveCapacity(count * Self.targetCount)
    var start = 0
    while start < count {
      let size = min(20 * block, count - start)
      let first = start
      let parts = parallelism.map((size + block - 1) / block) { part in
        var (x, t, half) = ([Float](), [Float](), [Float]())
        for index in first + part * block..<min(first + (part + 1) * block, first + size) {
          let (scan, values) = Self.simulate(
            seed: seed, index: offset + index, mixture: mixture)
          x += values
          t += scan.targets
          half.append(Float(log(max(scan.pool.contributionN50, 0.5))))
        }
        return (x, t, half)
      }
      for (x, t, half) in parts {
        features += x
        targets += t
        contributionN50 += half
      }
      start += size
      progress(start)
    }
  }

  /// One scan and its features; scans without a measurable CMAP are drawn again.
  static func simulate(
    seed: UInt64, index: Int, mixture: TrainingPool.Mixture
  ) -> (TrainingScan, [Float]) {
    var random = SeededGenerator(seed: seed, stream: UInt64(index))
    while true {
      let scan = TrainingScan(&random, mixture: mixture)
      if let prepared = try? PreparedScan(scan.scan) {
        return (scan, ScanFeatures(prepared).values.map { Float($0) })
      }
    }
  }

  /// Means and standard deviations of the features over a range of rows.
  func standardisation(_ rows: Range<Int>) -> (mean: [Float], deviation: [Float]) {
    let width = Self.featureCount
    var sum = [Double](repeating: 0, count: width)
    var square = sum
    for row in rows {
      for column in 0..<width {
        let value = Double(features[row * width + column])
        sum[column] += value
        square[column] += value * value
      }
    }
    let number = Double(rows.count)
    let deviation = (0..<width).map { column in
      Float(max(square[column] / number - pow(sum[column] / number, 2), 0).squareRoot() + 1e-3)
    }
    return (sum.map { Float($0 / number) }, deviation)
  }

  /// The same set with standardised, clipped features.
  func standardised(mean: [Float], deviation: [Float]) -> TrainingSet {
    var copy = self
    let width = Self.featureCount
    let clip = ScanEnsemble.clip
    for row in 0..<count {
      for column in 0..<width {
        let value = (features[row * width + column] - mean[column]) / deviation[column]
        copy.features[row * width + column] = min(max(value, -clip), clip)
      }
    }
    return copy
  }
}
