import Foundation
import Signal

/// A slow, random and stationary change of the gain or of all thresholds together.
///
/// A first-order autoregression over the stimuli: posture, electrodes and excitability.
struct Fluctuation: Sendable, Equatable {
  /// Standard deviation (fraction); none at 0.
  var deviation = 0.0
  /// Stimuli after which the correlation has fallen to 1/e.
  var correlationTime = 15.0

  /// Random strength and time as far as real scans show them, or none.
  static func draw(share: Double, _ random: inout SeededGenerator) -> Fluctuation {
    guard random.chance(share) else { return Fluctuation() }
    return Fluctuation(
      deviation: random.logUniform(5e-4, 8e-3), correlationTime: random.logUniform(3, 60))
  }

  /// Multiplies each value by 1 plus the fluctuation at that stimulus; draws nothing where there is none.
  func apply(to values: inout [Double], _ random: inout SeededGenerator) {
    guard deviation > 0 else { return }
    let keep = exp(-1 / correlationTime)
    let innovation = (1 - keep * keep).squareRoot()
    var state = random.normal()
    for index in values.indices {
      values[index] *= 1 + deviation * state
      state = keep * state + innovation * random.normal()
    }
  }
}
