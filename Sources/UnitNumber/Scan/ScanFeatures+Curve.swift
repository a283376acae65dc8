import Foundation

extension ScanFeatures {
  private static let levelEdges = [0.01, 0.06, 0.2, 0.4, 0.6, 0.8, 0.94, 0.99]

  /// The level of each point: the smoothed response made monotone, 1 at the end.
  private func monotoneLevel() -> [Double] {
    let fitted = fits[3].fitted
    var rising = fitted
    var falling = fitted
    for index in 1..<fitted.count { rising[index] = max(rising[index], rising[index - 1]) }
    for index in (0..<fitted.count - 1).reversed() {
      falling[index] = min(falling[index], falling[index + 1])
    }
    let level = zip(rising, falling).map { max($0, 0) * 0.5 + 0.5 * $1 }
    let last = max(level[level.count - 1], 1e-9)
    return level.map { $0 / last }
  }

  private func pointWeights() -> [Double] {
    let count = x.count
    return (0..<count).map { index in
      if index == 0 { return x[1] - x[0] }
      if index == count - 1 { return x[count - 1] - x[count - 2] }
      return (x[index + 1] - x[index - 1]) / 2
    }
  }

  /// Which points lie between the plateaus by level, with wider limits where those are few.
  private static func activePoints(_ level: [Double]) -> [Bool] {
    for margin in [0.02, 0.0005] {
      let active = level.map { $0 > margin && $0 < 1 - margin }
      if active.count(where: { $0 }) >= 8 { return active }
    }
    return [Bool](repeating: true, count: level.count)
  }

  /// Noise, shape of the curve, residual energy by level and scale, autocorrelation.
  mutating func appendCurve() {
    let level = monotoneLevel()
    let weight = pointWeights()
    let variance = level.map { noiseBottom * noiseBottom + gainVariance * $0 * $0 }
    append([
      log(noiseBottom), log(max(noiseTop, 1e-5)), log(noiseBottom * noiseBottom + gainVariance),
    ])
    appendShape(level)
    let active = Self.activePoints(level)
    appendEnergyByLevel(level, weight, variance)
    appendEnergyOverall(active, weight, variance)
    appendSlopeOverVariance(active, weight, variance)
    for scale in 3...5 {
      let residual = zip(fits[scale].residual, active).map { $1 ? $0 : 0 }
      let total = residual.reduce(0) { $0 + $1 * $1 }
      for lag in [1, 2, 4, 8, 16] {
        var sum = 0.0
        for index in lag..<residual.count { sum += residual[index] * residual[index - lag] }
        append(sum / total)
      }
    }
    activeResponses = zip(z, active).compactMap { $1 ? $0 : nil }
    activeNoise = zip(variance, active).compactMap { $1 ? $0.squareRoot() : nil }
  }

  private mutating func appendShape(_ level: [Double]) {
    let ascending = level.indices.map { level[$0] + Double($0) * 1e-9 }
    let positions = [0.02, 0.05, 0.25, 0.5, 0.75, 0.95, 0.98].map {
      OrderStatistics.interpolate($0, xs: ascending, ys: x)
    }
    for index in 1..<positions.count {
      append(log(max(positions[index] - positions[index - 1], 1e-3)))
    }
    append(log(max(positions[5] - positions[1], 1e-3)))
    let places = positions.map { OrderStatistics.countBelow($0, in: x) }
    for index in 1..<places.count { append(log(Double(places[index] - places[index - 1]) + 1)) }
    append(log(OrderStatistics.median(zip(x.dropFirst(), x).map { $0 - $1 }) + 1e-5))
  }

  private mutating func appendEnergyByLevel(
    _ level: [Double], _ weight: [Double], _ variance: [Double]
  ) {
    let edges = Self.levelEdges
    let bin = level.map { OrderStatistics.countBelow($0, in: edges) - 1 }
    func energy(_ value: (Int) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: edges.count - 1)
      for index in bin.indices where sums.indices.contains(bin[index]) {
        sums[bin[index]] += value(index) * weight[index]
      }
      return sums.indices.map { log(sums[$0] / (edges[$0 + 1] - edges[$0]) + 1e-7) }
    }
    append(energy { variance[$0] })
    for fit in fits {
      append(energy { fit.residual[$0] * fit.residual[$0] })
    }
  }

  private mutating func appendEnergyOverall(
    _ active: [Bool], _ weight: [Double], _ variance: [Double]
  ) {
    let indices = active.indices.filter { active[$0] }
    let length = indices.reduce(0) { $0 + weight[$1] }
    let noise = indices.reduce(0) { $0 + variance[$1] * weight[$1] }
    for fit in fits {
      var (total, fourth, logs, slopes) = (0.0, 0.0, 0.0, 0.0)
      for index in indices {
        let square = fit.residual[index] * fit.residual[index]
        total += square * weight[index]
        fourth += square * square * weight[index]
        logs += log(square + 0.3 * variance[index] + 1e-9)
        slopes += fit.slope[index] * fit.slope[index] * weight[index]
      }
      append(log(max(total - noise, 0.05 * total) + 1e-8))
      append(log(fourth * length / (total * total) + 1e-6))
      append(logs / Double(indices.count))
      append(log(slopes + 1e-6))
    }
  }

  private mutating func appendSlopeOverVariance(
    _ active: [Bool], _ weight: [Double], _ variance: [Double]
  ) {
    for (slopeScale, residualScale) in [(3, 1), (4, 2), (4, 3), (5, 3)] {
      let excess = zip(fits[residualScale].residual, variance).map { $0 * $0 - $1 }
      let smooth = OrderStatistics.movingMean(excess, width: 31)
      var sum = 0.0
      for index in active.indices where active[index] {
        let local = max(smooth[index], 0.3 * variance[index] + 1e-8)
        let slope = max(fits[slopeScale].slope[index], 0)
        sum += slope * slope / local * weight[index]
      }
      append(log(sum + 1e-6))
    }
  }
}
