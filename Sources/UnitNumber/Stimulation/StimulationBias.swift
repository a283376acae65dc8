import Foundation
import Signal

/// What the assumptions of the stimulation methods may do to a number.
///
/// None of it is seen in the responses; each is drawn anew for every bootstrap sample and moves the
/// interval, not the number.
enum StimulationBias {
  /// ln(number) if phases cancelled in the CMAP: units lose up to a sixth of their size in the sum.
  ///
  /// The peak of the mean potential is about 20 % below the mean of the peaks (Doherty and Stashuk
  /// 1993), the number too low by up to a factor of 1.2.
  static func cancelling(_ logCount: Double, _ random: inout SeededGenerator) -> Double {
    logCount + random.uniform() * log(1.2)
  }

  /// ln(number) if units took turns: two steps for one unit make the number too high, by up to 1.3.
  static func alternating(_ logCount: Double, _ random: inout SeededGenerator) -> Double {
    logCount - random.uniform() * log(1.3)
  }

  /// ln(number) of the statistical method where units are not rare and equal, as it assumes.
  ///
  /// Units that answer a share p of the stimuli have the variance p (1 - p) instead of p, which makes
  /// the number too high by 1/(1 - p); unequal sizes make it too low by 1 + CV^2. p is drawn up to
  /// 0.7, CV up to 0.8.
  static func statistical(_ logCount: Double, _ random: inout SeededGenerator) -> Double {
    let variation = random.uniform(0, 1.2)
    return logCount + log(1 - random.uniform(0, 0.65)) + log(1 + variation * variation)
  }
}
