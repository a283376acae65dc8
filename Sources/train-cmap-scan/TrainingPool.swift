import Foundation
import Signal

/// Draws the pools of the training scans: sizes, thresholds, spreads and waveforms.
enum TrainingPool {
  /// Range of the number of units, log-uniform.
  static let counts = 1.6...450.0
  /// Share of pools whose sizes are ordered, or thresholds regular or heavy-tailed.
  static let structuredShare = 0.4

  /// What kinds of pools there are.
  enum Mixture: Sendable {
    /// All of them.
    case all
    /// Exponential sizes without a floor only: what could be known if the sizes' law were.
    case exponential
    /// All but what real scans are not expected to hold: a relative spread below 0.8 %, sizes that are
    /// all equal, and artefacts. For calibration, so that the extremes do not widen every interval.
    case plausible
    /// All of them, with slow fluctuations of the gain (40 % of the scans) and of all thresholds together
    /// (20 %).
    case fluctuating
    /// All of them, with rare larger deflections among the noise of half of the scans.
    case outliers
  }

  /// One random pool with mean amplitude 1.
  static func draw(
    _ random: inout SeededGenerator, mixture: Mixture = .all
  ) -> SimulatedPool {
    let count = max(
      2, Int(random.logUniform(counts.lowerBound, counts.upperBound).rounded()))
    var sizes =
      mixture == .exponential
      ? (0..<count).map { _ in random.exponential() }
      : drawSizes(count, nearEqual: mixture != .plausible, &random)
    let mean = sizes.reduce(0, +) / Double(count)
    for index in sizes.indices { sizes[index] /= mean }
    var thresholds: [Double]
    if random.chance(mixture == .exponential ? 0 : structuredShare) {
      thresholds = structuredThresholds(count, &random)
      if random.chance(0.75) { orderSizes(&sizes, along: thresholds, &random) }
    } else {
      thresholds = freeThresholds(count, &random)
    }
    let variation = random.logUniform(0.05, 0.36)
    let onLogScale = random.chance(0.5)
    thresholds = thresholds.map { onLogScale ? exp(variation * $0) : max(1 + variation * $0, 0.25) }
    let spread =
      mixture == .plausible || random.chance(0.88)
      ? random.uniform(0.008, 0.033) : random.uniform(0.002, 0.012)
    let scatter = random.uniform(0, 0.4)
    let spreads = (0..<count).map { _ in max(abs(spread * (1 + scatter * random.normal())), 0.001) }
    let waveforms =
      random.chance(0.9)
      ? drawWaveforms(sizes, &random)
      : sizes.map { SIMD32<Float>(repeating: Float($0)) }
    return SimulatedPool(
      amplitudes: sizes, thresholds: thresholds, relativeSpreads: spreads, waveforms: waveforms)
  }

  private static func drawSizes(
    _ count: Int, nearEqual: Bool, _ random: inout SeededGenerator
  ) -> [Double] {
    let kind = random.uniform(0, nearEqual ? 1 : 0.97)
    if kind < 0.40 {
      let sigma = random.uniform(0.2, 0.98)
      return (0..<count).map { _ in exp(sigma * random.normal()) }
    }
    if kind < 0.75 {
      let floor = random.chance(0.3) ? 0 : random.uniform(0, 0.65)
      return (0..<count).map { _ in floor + (1 - floor) * random.exponential() }
    }
    if kind < 0.87 {
      let shape = random.uniform(1.2, 12)
      return (0..<count).map { _ in random.gamma(shape: shape) / shape + 0.05 }
    }
    if kind < 0.97 {
      // Reinnervation: some units have adopted the fibres of lost ones.
      let sigma = random.uniform(0.2, 0.7)
      let adopted = random.uniform(0.2, 2.5)
      let gain = random.uniform(0.3, 1)
      return (0..<count).map { _ in
        exp(sigma * random.normal()) * (1 + gain * Double(random.poisson(mean: adopted)))
      }
    }
    return (0..<count).map { _ in exp(0.05 * random.normal()) }
  }

  /// Independent thresholds, standardised: normal or two clusters.
  private static func freeThresholds(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
    if random.chance(0.6) { return (0..<count).map { _ in random.normal() } }
    let clusters = Clusters(&random)
    return (0..<count).map { _ in clusters.draw(&random) }
  }

  /// Thresholds at jittered even quantiles of a normal, heavy-tailed or clustered distribution.
  private static func structuredThresholds(
    _ count: Int, _ random: inout SeededGenerator
  ) -> [Double] {
    let kind = random.uniform()
    let clusters = Clusters(&random)
    var base = (0..<1500).map { _ -> Double in
      if kind < 0.4 { return random.normal() }
      if kind < 0.7 {
        // Student t on four degrees of freedom.
        let chi = 2 * random.gamma(shape: 2)
        return 0.8 * random.normal() / (chi / 4).squareRoot()
      }
      return clusters.draw(&random)
    }
    base = base.map { min(max($0, -4), 4) }.sorted()
    let jitter = random.chance(0.65) ? random.uniform(0.2, 1.3) : nil
    return (0..<count).map { index in
      var share = random.uniform()
      if let jitter { share = (Double(index) + 0.5 + jitter * (share - 0.5)) / Double(count) }
      let position = min(max(share, 0), 1) * 1499
      let below = min(Int(position), 1498)
      return base[below] + (base[below + 1] - base[below]) * (position - Double(below))
    }
  }

  /// Deals the sizes out so that neighbours in threshold are alike, perhaps with a trend.
  private static func orderSizes(
    _ sizes: inout [Double], along thresholds: [Double], _ random: inout SeededGenerator
  ) {
    let count = sizes.count
    guard count > 2 else { return }
    let correlation = random.uniform(0.3, 0.97)
    let trend = 0.5 * random.normal()
    let innovation = (1 - correlation * correlation).squareRoot()
    var value = random.normal()
    let score = (0..<count).map { index -> Double in
      if index > 0 { value = correlation * value + innovation * random.normal() }
      return value + trend * (Double(index) / Double(count - 1) - 0.5) * 3.4
    }
    let byScore = score.indices.sorted { score[$0] < score[$1] }
    let byThreshold = thresholds.indices.sorted { thresholds[$0] < thresholds[$1] }
    let sorted = sizes.sorted()
    for (rank, place) in byScore.enumerated() { sizes[byThreshold[place]] = sorted[rank] }
  }

  /// Negative-going unit potentials (drawn upwards) whose phases partly cancel in the sum.
  private static func drawWaveforms(
    _ sizes: [Double], _ random: inout SeededGenerator
  ) -> [SIMD32<Float>] {
    let latencySpread = random.uniform(0.15, 0.75)
    let durationSpread = random.uniform(0.05, 0.2)
    let asymmetry = random.uniform(1.5, 2.4)
    return sizes.map { size in
      let latency = min(max(abs(3.5 + latencySpread * random.normal()), 2), 7)
      let duration = 1.6 * exp(durationSpread * random.normal())
      let phase = asymmetry * exp(0.1 * random.normal())
      var shape = SIMD32<Float>.zero
      var peak: Float = 1e-9
      for sample in 0..<32 {
        // 32 instants from 2.2 ms to 9.0 ms.
        let time = 2.2 + 6.8 * Double(sample) / 31
        let x = max((time - latency) / duration, 0)
        shape[sample] = Float(x * x * exp(-2 * x) * (1 - x / phase))
        peak = max(peak, shape[sample])
      }
      return shape * (Float(size) / peak)
    }
  }

  /// Two clusters of thresholds.
  private struct Clusters {
    var share: Double
    var widths: (Double, Double)

    init(_ random: inout SeededGenerator) {
      share = random.uniform(0.15, 0.85)
      widths = (random.uniform(0.25, 1), random.uniform(0.25, 1))
    }

    func draw(_ random: inout SeededGenerator) -> Double {
      let low = random.chance(share)
      return (low ? -1 + widths.0 * random.normal() : 1 + widths.1 * random.normal()) / 1.2
    }
  }
}
