import Foundation
import Signal

/// A pool of motor units as a CMAP scan sees it, and its noise-free responses.
struct SimulatedPool: Sendable {
  /// Peak amplitude of each unit, any unit of size.
  var amplitudes: [Double]
  /// Threshold current of each unit.
  var thresholds: [Double]
  /// Relative spread of each threshold (fraction).
  var relativeSpreads: [Double]
  /// Waveform of each unit at 32 instants; its peak is about the amplitude.
  var waveforms: [SIMD32<Float>]

  /// Number of units.
  var count: Int { amplitudes.count }

  /// N50 by single-unit amplitude, and the crossing unit as a fraction of the summed size.
  var n50: (count: Double, sizeFraction: Double) { Self.half(amplitudes) }

  /// N50 by contribution: how many of the largest units make half of the CMAP.
  ///
  /// Contributions are the potentials at the instant of the CMAP's peak; they add up to the CMAP,
  /// which amplitudes do not where phases cancel.
  var contributionN50: Double {
    let sum = waveforms.reduce(SIMD32<Float>.zero) { $0 + $1 }
    let peak = sum.indices.max { sum[$0] < sum[$1] } ?? 0
    return Self.half(waveforms.map { Double($0[peak]) }).count
  }

  private static func half(_ sizes: [Double]) -> (count: Double, sizeFraction: Double) {
    let sorted = sizes.sorted(by: >)
    let total = sorted.reduce(0, +)
    var sum = 0.0
    for (index, size) in sorted.enumerated() {
      let next = sum + size / total
      if next >= 0.5 - 1e-12 {
        return (Double(index) + (0.5 - sum) / (next - sum), size / total)
      }
      sum = next
    }
    return (Double(sorted.count), (sorted.last ?? 0) / total)
  }

  /// Correlation of log size between neighbours in threshold order; nil below 8 units.
  var sizeOrder: Double? {
    guard count >= 8 else { return nil }
    let order = thresholds.indices.sorted { thresholds[$0] < thresholds[$1] }
    let logs = order.map { log(amplitudes[$0]) }
    let mean = logs.reduce(0, +) / Double(count)
    var (lagged, square) = (0.0, 0.0)
    for index in logs.indices {
      square += (logs[index] - mean) * (logs[index] - mean)
      if index > 0 { lagged += (logs[index] - mean) * (logs[index - 1] - mean) }
    }
    return square > 0 ? lagged / square : 0
  }

  /// The peak of the summed waveforms at each stimulus, without noise.
  ///
  /// Every unit fires by chance with probability Phi((s / threshold - 1) / spread), its threshold
  /// multiplied by `thresholdFactor` at that stimulus; `amplitudeVariation` is the coefficient of
  /// variation of each unit from response to response.
  func responses(
    stimuli: [Double], thresholdFactor: [Double], amplitudeVariation: Double,
    generator: inout SeededGenerator
  ) -> [Double] {
    let ordered = OrderedPool(self)
    var work = [Float](repeating: 0, count: WaveformSum.length)
    return stimuli.indices.map { index in
      let peak = ordered.peak(
        at: stimuli[index] / thresholdFactor[index], variation: amplitudeVariation, work: &work,
        &generator)
      return Double(max(peak, 0))
    }
  }
}

extension SeededGenerator {
  /// Nearly normal, fast: the sum of four 16-bit uniform numbers, scaled to unit variance.
  mutating func nearlyNormal() -> Float {
    let bits = next()
    let sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48)
    return (Float(sum) - 131_070) * (1.732_050_8 / 65_536)
  }

  /// exp of a uniform number between the logarithms of the limits.
  mutating func logUniform(_ lower: Double, _ upper: Double) -> Double {
    exp(uniform(log(lower), log(upper)))
  }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// A gamma number of unit scale for shapes of at least 1 (Marsaglia and Tsang 2000).
  mutating func gamma(shape: Double) -> Double {
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, log(max(uniform(), 1e-300)) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// A Poisson count (product of uniforms; small means only).
  mutating func poisson(mean: Double) -> Int {
    let limit = exp(-mean)
    var product = uniform()
    var count = 0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }
}
