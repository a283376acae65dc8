import Foundation

/// How much a unit's potential changes from discharge to discharge.
public struct ShapeVariability: Codable, Sendable, Equatable {
  /// Mean absolute difference of successive potentials over the potential's rectified area,
  /// corrected for the noise, as a fraction: a jiggle after Stalberg and Sonoo 1994, Muscle Nerve
  /// 17:1135, with areas in place of their consecutive amplitude differences.
  public let jiggle: Double
  /// Pairs of successive potentials that were compared.
  public let pairs: Int

  /// Compares successive potentials of one channel, aligned, other units subtracted.
  ///
  /// `potentials` are rows of equal length in microvolts; `core` the samples compared;
  /// `noiseMicrovolts` the rms noise of each row. Nil with fewer than 10 rows.
  public init?(potentials: [[Float]], core: Range<Int>, noiseMicrovolts: Double) {
    if potentials.count < 10 || core.isEmpty { return nil }
    precondition(
      potentials.allSatisfy { $0.count >= core.upperBound }, "potentials do not cover the core")
    var differences: [Double] = []
    for (a, b) in zip(potentials.dropFirst(), potentials) {
      differences.append(core.reduce(0) { $0 + abs(Double(a[$1] - b[$1])) })
    }
    differences.sort()
    // The median pair: a superposition left in one potential must not count as jiggle.
    let typical = differences[differences.count / 2]
    // Two independent noises of this rms differ by 2 / sqrt(pi) of it on average.
    let noise = Double(core.count) * noiseMicrovolts * 2 / Double.pi.squareRoot()
    let squared = typical * typical - noise * noise
    var mean = [Double](repeating: 0, count: core.count)
    for row in potentials {
      for (index, sample) in core.enumerated() { mean[index] += Double(row[sample]) }
    }
    let area = mean.reduce(0) { $0 + abs($1) } / Double(potentials.count)
    jiggle = max(0, squared).squareRoot() / max(1e-9, area)
    pairs = differences.count
  }
}
