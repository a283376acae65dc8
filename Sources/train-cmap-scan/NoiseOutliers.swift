import Foundation
import Signal

/// Rare deflections beyond the Gaussian noise of a recording, as units that fire on their own make them.
///
/// Responses are measured at their peak, so that most of them are upwards.
struct NoiseOutliers: Sendable, Equatable {
  /// Share of the responses; none at 0.
  var share = 0.0
  /// Mean size in standard deviations of the noise.
  var size = 4.0

  /// In half of the scans, as often and as large as below the threshold of real ones.
  static func draw(_ random: inout SeededGenerator) -> NoiseOutliers {
    guard random.chance(0.5) else { return NoiseOutliers() }
    return NoiseOutliers(share: random.logUniform(0.003, 0.1), size: random.uniform(2, 8))
  }

  /// Adds them to the responses; draws nothing where there are none.
  func add(to responses: inout [Double], deviation: Double, _ random: inout SeededGenerator) {
    guard share > 0 else { return }
    for index in responses.indices where random.chance(share) {
      let sign = random.chance(0.8) ? 1.0 : -1
      responses[index] += sign * deviation * size * random.exponential()
    }
  }
}
