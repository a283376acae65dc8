import Foundation

/// How much a unit's potential changes from discharge to discharge.
public struct ShapeVariability: Codable, Sendable, Equatable {
  /// Mean absolute difference of successive potentials over the potential's rectified area,
  /// corrected for the background, as a fraction: a jiggle after the consecutive amplitude
  /// differences of Stalberg and Sonoo 1994, Muscle Nerve 17:1135.
  public let jiggle: Double
  /// Pairs of successive potentials that were compared.
  public let pairs: Int

  /// Compares successive potentials of one channel, aligned, other units subtracted.
  ///
  /// `potentials` are rows of equal length in microvolts; `core` the samples compared. What two
  /// rows differ by outside the potential, in the quieter of the stretches `baselines`, is
  /// background: units that were not found and amplifier noise, whatever their spectrum. Nil with
  /// fewer than 10 rows.
  public init?(potentials: [[Float]], core: Range<Int>, baselines: [Range<Int>]) {
    if potentials.count < 10 || core.isEmpty { return nil }
    precondition(
      potentials.allSatisfy { row in
        ([core] + baselines).allSatisfy { $0.lowerBound >= 0 && row.count >= $0.upperBound }
      }, "potentials do not cover the stretches")
    // The median pair: a superposition left in one potential must not count as jiggle.
    func typicalDifference(_ stretch: Range<Int>) -> Double {
      let differences = zip(potentials.dropFirst(), potentials).map { a, b in
        stretch.reduce(0.0) { $0 + abs(Double(a[$1] - b[$1])) } / Double(stretch.count)
      }.sorted()
      return differences[differences.count / 2]
    }
    let typical = typicalDifference(core)
    let background = baselines.filter { !$0.isEmpty }.map(typicalDifference).min() ?? 0
    let squared = typical * typical - background * background
    let area = core.reduce(0.0) { sum, sample in
      let mean = potentials.reduce(0.0) { $0 + Double($1[sample]) } / Double(potentials.count)
      return sum + abs(mean)
    }
    jiggle = max(0, squared).squareRoot() * Double(core.count) / max(1e-9, area)
    pairs = potentials.count - 1
  }
}
