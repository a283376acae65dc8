import Foundation
import Signal
import UnitNumber

/// Pools and scans to measure the estimator on; none of their code is shared with the training's.
enum EvaluationPool {
  /// How sizes and thresholds are made.
  enum Family: String, CaseIterable, Sendable {
    /// Exponential above a floor of 15 % of the mean.
    case exponential
    /// Exponential without a floor, as in published comparisons.
    case pureExponential = "pure exponential"
    case lognormal04 = "lognormal 0.4"
    case lognormal08 = "lognormal 0.8"
    /// Sizes autocorrelated (0.7) in threshold order, spacing half as irregular as chance.
    case ordered
    /// Thresholds in three groups.
    case clustered
    /// Larger units at lower thresholds (rank correlation about -0.5).
    case trend
  }

  /// Mean unit amplitude, uV: survivors of a loss from 200 units grow by partial adoption.
  static func meanUnitMicrovolts(count: Int) -> Double {
    50 * (200 / Double(min(count, 200))).squareRoot()
  }

  /// One pool; amplitudes in mV.
  static func draw(
    count: Int, family: Family, _ random: inout SeededGenerator
  ) -> SimulatedPool {
    var sizes = (0..<count).map { _ -> Double in
      switch family {
      case .pureExponential: return random.exponential()
      case .lognormal04: return exp(0.4 * random.normal())
      case .lognormal08: return exp(0.8 * random.normal())
      case .exponential, .ordered, .clustered, .trend: return 0.15 + 0.85 * random.exponential()
      }
    }
    let mean = sizes.reduce(0, +) / Double(count)
    let unit = meanUnitMicrovolts(count: count) / 1000
    sizes = sizes.map { $0 / mean * unit }
    let variation = random.uniform(0.06, 0.20)
    let centre = random.uniform(6, 25)
    let groups = (0..<3).map { _ in 1.3 * random.normal() }
    var scores = (0..<count).map { index -> Double in
      switch family {
      case .clustered: return groups[random.index(below: 3)] + 0.35 * random.normal()
      case .ordered:
        let place = (Double(index) + 0.5 + 0.9 * (random.uniform() - 0.5)) / Double(count)
        return normalQuantile(place)
      default: return random.normal()
      }
    }
    if family == .ordered || family == .trend {
      scores.sort()
      sizes = reordered(sizes, family: family, &random)
    }
    let thresholds = scores.map { centre * max(1 + variation * $0, 0.25) }
    let spread = random.uniform(0.01, 0.03)
    let spreads = (0..<count).map { _ in spread * exp(0.15 * random.normal()) }
    return SimulatedPool(
      amplitudes: sizes, thresholds: thresholds, relativeSpreads: spreads,
      waveforms: waveforms(sizes, &random))
  }

  private static func reordered(
    _ sizes: [Double], family: Family, _ random: inout SeededGenerator
  ) -> [Double] {
    var value = random.normal()
    let score = sizes.indices.map { index -> Double in
      if family == .trend {
        return -1.0 * (Double(index) / Double(sizes.count) - 0.5) * 2 + random.normal()
      }
      value = 0.7 * value + 0.714 * random.normal()
      return value
    }
    let order = score.indices.sorted { score[$0] < score[$1] }
    let sorted = sizes.sorted()
    var result = sizes
    for (rank, place) in order.enumerated() { result[place] = sorted[rank] }
    return result
  }

  /// Biphasic potentials: a Gaussian negative phase and a later, wider positive one.
  private static func waveforms(
    _ sizes: [Double], _ random: inout SeededGenerator
  ) -> [SIMD32<Float>] {
    let jitter = random.uniform(0.2, 0.6)
    return sizes.map { size in
      let latency = 5 + jitter * random.normal()
      let width = 1.2 * exp(0.12 * random.normal())
      let second = random.uniform(0.5, 0.8)
      var shape = SIMD32<Float>.zero
      var peak: Float = 1e-9
      for sample in 0..<32 {
        let time = 2 + 8 * Double(sample) / 31
        let a = (time - latency) / width
        let b = (time - latency - 2.6 * width) / (1.5 * width)
        shape[sample] = Float(exp(-0.5 * a * a) - second * exp(-0.5 * b * b))
        peak = max(peak, shape[sample])
      }
      return shape * (Float(size) / peak)
    }
  }

  /// One scan of 500 stimuli, 30 before and 20 after.
  static func scan(
    _ pool: SimulatedPool, noiseMicrovolts: Double, drift: Bool, _ random: inout SeededGenerator
  ) -> CMAPScan {
    var (high, low) = (0.0, Double.infinity)
    for unit in 0..<pool.count {
      high = max(high, pool.thresholds[unit] * (1 + 3.5 * pool.relativeSpreads[unit]))
      low = min(low, pool.thresholds[unit] * (1 - 3.5 * pool.relativeSpreads[unit]))
    }
    let stimuli =
      [Double](repeating: high * 1.04, count: 30)
      + (0..<500).map { high + (low - high) * Double($0) / 499 }
      + (0..<20).map { low * (1 - 0.001 * Double($0)) }
    let count = stimuli.count
    let thresholdEnd = drift ? 0.02 * random.normal() : 0
    let gainEnd = drift ? 0.05 * random.normal() : 0
    let shares = (0..<count).map { Double($0) / Double(count - 1) }
    var responses = pool.responses(
      stimuli: stimuli, thresholdFactor: shares.map { 1 + thresholdEnd * $0 },
      amplitudeVariation: drift ? 0.02 : 0, generator: &random)
    for index in responses.indices {
      responses[index] *= 1 + gainEnd * shares[index]
      responses[index] += noiseMicrovolts / 1000 * random.normal()
    }
    return CMAPScan(
      name: "simulated", stimulusMilliamps: stimuli, responseMillivolts: responses,
      preScanCount: 30, postScanCount: 20)
  }

  /// The normal quantile by Newton steps on the distribution function.
  private static func normalQuantile(_ probability: Double) -> Double {
    let wanted = min(max(probability, 1e-4), 1 - 1e-4)
    var z = 0.0
    for _ in 0..<60 {
      let error = 0.5 * erfc(-z / 2.0.squareRoot()) - wanted
      let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      z -= min(max(error / density, -0.5), 0.5)
    }
    return z
  }
}
