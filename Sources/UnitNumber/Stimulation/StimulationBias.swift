import Foundation
import Signal

/// What the assumptions of the stimulation methods may do to a number.
///
/// None of it is seen in the responses; each is drawn anew for every bootstrap sample and moves the
/// interval, not the number.
public struct StimulationBias: Sendable, Equatable, Codable {
  /// Greatest factor by which phases that cancel in the CMAP make a number too low.
  ///
  /// The peak of the mean potential is about 20 % below the mean of the peaks (Doherty and Stashuk
  /// 1993).
  public var cancellation: Double = 1.2
  /// Greatest factor by which units that take turns make the incremental number too high.
  public var alternation: Double = 1.3
  /// Greatest factor by which units too small for an increment make the incremental number too low.
  public var passedOver: Double = 1.5
  /// Greatest coefficient of variation of unit sizes that the statistical method meets.
  public var sizeVariation: Double = 1.2
  /// Greatest share of the stimuli that a unit answers in a run of the statistical method.
  public var answeredShare: Double = 0.65

  /// The default settings.
  public init() {}

  /// Reads stored settings; what is not there takes its default.
  ///
  /// - Throws: `DecodingError` where a value has another type.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read(_ value: inout Double, _ key: CodingKeys) throws {
      value = try values.decodeIfPresent(Double.self, forKey: key) ?? value
    }
    try read(&cancellation, .cancellation)
    try read(&alternation, .alternation)
    try read(&passedOver, .passedOver)
    try read(&sizeVariation, .sizeVariation)
    try read(&answeredShare, .answeredShare)
  }

  /// ln(number) if phases cancelled in the CMAP: units lose up to a sixth of their size in the sum.
  func cancelling(_ logCount: Double, _ random: inout SeededGenerator) -> Double {
    logCount + random.uniform() * log(cancellation)
  }

  /// ln(number) if units took turns: two steps for one unit make the number too high.
  func alternating(_ logCount: Double, _ random: inout SeededGenerator) -> Double {
    logCount - random.uniform() * log(alternation)
  }

  /// ln(number) if units smaller than the least increment were passed over.
  ///
  /// What is left of exponential sizes above a limit is larger by that limit in the mean; the smallest
  /// increment stands for the limit.
  func passingOver(
    _ logCount: Double, sizes: [Double], _ random: inout SeededGenerator
  ) -> Double {
    let mean = sizes.reduce(0, +) / Double(max(sizes.count, 1))
    guard let least = sizes.min(), mean > 0 else { return logCount }
    let factor = mean / max(mean - least, mean / passedOver)
    return logCount + random.uniform() * log(factor)
  }

  /// ln(number) of the statistical method where units are not rare and equal, as it assumes.
  ///
  /// Units that answer a share p of the stimuli have the variance p (1 - p) instead of p, which makes
  /// the number too high by 1/(1 - p); unequal sizes make it too low by 1 + CV^2. p is drawn up to
  /// `answeredShare`, CV up to `sizeVariation`.
  func statistical(_ logCount: Double, _ random: inout SeededGenerator) -> Double {
    let variation = random.uniform(0, sizeVariation)
    return logCount + log(1 - random.uniform(0, answeredShare)) + log(1 + variation * variation)
  }
}
