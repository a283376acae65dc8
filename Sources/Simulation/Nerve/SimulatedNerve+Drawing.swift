import Foundation
import Signal

extension SimulatedNerve {
  /// Sizes of mean one.
  static func sizes(
    _ configuration: NerveConfiguration, using random: inout SeededGenerator
  ) -> [Double] {
    let sizes = (0..<configuration.unitCount).map { _ -> Double in
      switch configuration.sizes {
      case .lognormal(let sigma): exp(sigma * random.normal())
      case .exponential(let floor): floor + (1 - floor) * random.exponential()
      case .gamma(let shape): random.gamma(shape: max(shape, 0.05)) / max(shape, 0.05)
      case .reinnervated(let sigma, let adoptions):
        exp(sigma * random.normal()) * Double(1 + random.poisson(mean: adoptions))
      case .equal: 1
      }
    }
    let mean = sizes.reduce(0, +) / Double(max(sizes.count, 1))
    return sizes.map { $0 / max(mean, 1e-12) }
  }

  /// Thresholds in mA, ascending: quantiles of a distribution at random or evenly spaced ranks.
  static func thresholds(
    _ configuration: NerveConfiguration, count: Int, using random: inout SeededGenerator
  ) -> [Double] {
    let regularity = configuration.thresholdRegularity
    return (0..<count).map { index -> Double in
      let even = (Double(index) + random.uniform()) / Double(count)
      let centred = (Double(index) + 0.5) / Double(count)
      // Regularity 0: independent ranks. Above: evenly spaced, jittered by what is left of it.
      let rank =
        regularity == 0
        ? random.uniform() : centred + (1 - regularity) * (even - centred)
      let z = quantile(rank, configuration.thresholds)
      let spread = configuration.thresholdVariation * z
      let factor =
        configuration.thresholds == .lognormal ? exp(spread) : max(0.2, 1 + spread)
      return configuration.thresholdMilliamperes * factor
    }.sorted()
  }

  /// The standardised threshold below which a share of the axons lies, by bisection.
  private static func quantile(
    _ share: Double, _ distribution: NerveConfiguration.ThresholdDistribution
  ) -> Double {
    func below(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    var low = -6.0
    var high = 6.0
    for _ in 0..<50 {
      let middle = (low + high) / 2
      let value =
        switch distribution {
        case .normal, .lognormal: below(middle)
        // Two groups of SD 0.5 at +-0.866: unit variance together.
        case .twoClusters:
          (below((middle - 0.866) / 0.5) + below((middle + 0.866) / 0.5)) / 2
        }
      if value < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Puts sizes into an order in which neighbours resemble each other (first-order autoregression).
  static func assign(
    _ sizes: [Double], to thresholds: [Double], autocorrelation: Double,
    using random: inout SeededGenerator
  ) -> [Double] {
    guard autocorrelation > 0 else { return sizes }
    var state = random.normal()
    let series = sizes.map { _ -> Double in
      let value = state
      state =
        autocorrelation * state
        + (1 - autocorrelation * autocorrelation).squareRoot() * random.normal()
      return value
    }
    var result = sizes
    let positions = series.indices.sorted { series[$0] < series[$1] }
    for (size, position) in zip(sizes.sorted(), positions) { result[position] = size }
    return result
  }

  /// Draws what belongs to a unit's number alone.
  static func axon(
    id: Int, amplitude: Double, threshold: Double, neuron: MotorNeuron,
    _ configuration: NerveConfiguration
  ) -> MotorAxon {
    var random = SeededGenerator(seed: configuration.seed, stream: 40_000 + UInt64(id))
    let spread = 1 + configuration.relativeSpreadVariation * random.normal()
    return MotorAxon(
      id: id, amplitudeMicrovolts: amplitude, threshold: threshold,
      relativeSpread: configuration.relativeSpread * max(0.1, spread),
      latency: configuration.latency
        + configuration.latencySD * max(-4, min(4, random.normal())),
      firstPhase: 5.5 * exp(0.12 * max(-3, min(3, random.normal()))),
      crossing: min(2.6, max(2, 2.3 + 0.15 * random.normal())), neuron: neuron)
  }
}
