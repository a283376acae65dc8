import Foundation
import Signal
import UnitNumber

/// Scans simulated from the model that another program fitted to a real scan.
///
/// They have the real stimuli and noise and a known number of units. Compared with the same units
/// dealt out over the thresholds at random they show what the order of sizes does to an estimate.
enum FittedModelScan {
  /// A scan of the fitted units; `shuffled` deals the amplitudes out over the thresholds at random.
  static func scan(
    _ real: CMAPScan, fit: ComparatorFit, estimate: CMAPScanEstimate, shuffled: Bool,
    seed: UInt64
  ) -> (scan: CMAPScan, pool: SimulatedPool) {
    var random = SeededGenerator(seed: seed)
    var amplitudes = fit.units.map { $0.amplitudePercent / 100 * estimate.cmapMillivolts }
    if shuffled {
      for index in stride(from: amplitudes.count - 1, to: 0, by: -1) {
        amplitudes.swapAt(index, random.index(below: index + 1))
      }
    }
    let pool = SimulatedPool(
      amplitudes: amplitudes, thresholds: fit.units.map(\.thresholdMilliamps),
      relativeSpreads: fit.units.map { max($0.relativeSpreadPercent / 100, 0.001) },
      waveforms: amplitudes.map { SIMD32<Float>(repeating: Float($0)) })
    var responses = pool.responses(
      stimuli: real.stimulusMilliamps,
      thresholdFactor: real.stimulusMilliamps.map { _ in 1 }, amplitudeVariation: 0,
      generator: &random)
    for index in responses.indices {
      responses[index] *= 1 + estimate.proportionalNoisePercent / 100 * random.normal()
      responses[index] += estimate.additiveNoiseMicrovolts / 1000 * random.normal()
    }
    var scan = real
    scan.responseMillivolts = responses
    return (scan, pool)
  }
}
