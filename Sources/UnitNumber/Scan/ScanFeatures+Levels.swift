import Foundation

extension ScanFeatures {
  /// Edges of the histogram of pair differences: 19 from 0.0008 to 0.6, evenly in the logarithm.
  private static let differenceEdges: [Double] = (0..<19).map {
    exp(log(0.0008) + Double($0) * (log(0.6) - log(0.0008)) / 18)
  }

  /// Point lags up to 4, 16 and 40, at most eight of each.
  private static let lagSets: [(window: Double, lags: [Int])] = [
    (0.004, [1, 2, 3, 4]), (0.02, [1, 3, 5, 7, 9, 11, 13, 16]),
    (0.06, [1, 6, 12, 17, 23, 28, 34, 40]),
  ]

  /// Histograms of the absolute difference of pairs near one another in stimulus.
  mutating func appendPairDifferences(_ logStimulus: [Double]) {
    let edges = Self.differenceEdges
    for (window, lags) in Self.lagSets {
      var histogram = [Double](repeating: 0, count: edges.count + 1)
      var total = 0.0
      for lag in lags where lag < rising.count {
        for index in rising.lowerBound + lag..<rising.upperBound
        where logStimulus[index] - logStimulus[index - lag] < window {
          histogram[OrderStatistics.countBelow(abs(z[index] - z[index - lag]), in: edges)] += 1
          total += 1
        }
      }
      append(histogram.map { ($0 / max(total, 1)).squareRoot() })
      append(log(total + 1))
    }
  }

  /// Modes of the histogram of levels on a scale on which the noise is even.
  mutating func appendLevelModes() {
    let gain = max(noiseTop * noiseTop - noiseBottom * noiseBottom, 1e-10).squareRoot()
    var even = z.map { asinh(min(max($0, -3 * noiseBottom), 1.2) * gain / noiseBottom) / gain }
    let lowest = even.min() ?? 0
    for index in even.indices { even[index] -= lowest }
    let highest = even.max() ?? 0
    let kernel = (-6...6).map { exp(-0.5 * (Double($0) / 2) * (Double($0) / 2)) }
    let kernelSum = kernel.reduce(0, +)
    let scaled = kernel.map { $0 / kernelSum * 2 * 2.5066 }
    for bandwidth in [1.0, 2] {
      let bins = Int(min(highest * 2 / bandwidth + 20, 6000))
      var histogram = [Double](repeating: 0, count: bins)
      for value in even { histogram[min(Int(value * 2 / bandwidth) + 8, bins - 1)] += 1 }
      let smooth = Self.smoothed(histogram, kernel: scaled)
      var peaks: [Double] = []
      for bin in 1..<bins - 1
      where smooth[bin] > smooth[bin - 1] && smooth[bin] >= smooth[bin + 1] {
        peaks.append(smooth[bin])
      }
      for height in [1.5, 3, 6, 12] { append(log(Double(peaks.count { $0 > height }) + 1)) }
      let sum = smooth.reduce(0, +)
      let squares = smooth.reduce(0) { $0 + $1 * $1 }
      append(log(sum * sum / squares / 2 + 1))
    }
  }

  private static func smoothed(_ values: [Double], kernel: [Double]) -> [Double] {
    let half = kernel.count / 2
    var result = [Double](repeating: 0, count: values.count)
    // Scattering skips the empty bins, which are most of them.
    for index in values.indices where values[index] != 0 {
      for offset in max(-half, -index)...min(half, values.count - 1 - index) {
        result[index + offset] += values[index] * kernel[offset + half]
      }
    }
    return result
  }
}
