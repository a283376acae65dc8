import Signal

/// What an artefact on all channels has in common: few courses in time, each with one distribution
/// over the channels.
///
/// An artefact reaches all electrodes at once, so that it holds one or two of the dimensions that
/// the channels have; muscle activity fills all of them. Taking out those dimensions alone leaves
/// the activity beside them, which samples put in its place would not hold. The best approximation
/// follows from the singular values (Eckart and Young 1936).
struct CommonParts {
  /// Rounds of the power iteration.
  private static let iterations = 40

  /// What remains, `[channel][sample]`.
  var rest: [[Double]] {
    if taken == 0 { return differences }
    return whitening?.restored(remaining) ?? remaining
  }
  private let differences: [[Double]]
  private let whitening: ChannelWhitening?
  /// The same as combinations of the channels.
  private var remaining: [[Double]]
  /// Parts that were taken out.
  private(set) var taken = 0
  /// Energy of the strongest part that remains.
  private(set) var energy: Double
  /// How alike the first part is on all channels: the share of its energy that one height on all of
  /// them holds, 0...1.
  private(set) var alikeness: Double

  /// Takes nothing out yet of what stands off the surroundings, `[channel][sample]`.
  ///
  /// - Parameter whitening: in which combinations of the channels parts are told apart; nil for the
  ///   channels themselves.
  init(_ differences: [[Double]], whitening: ChannelWhitening? = nil) {
    self.differences = differences
    self.whitening = whitening
    remaining = whitening?.whitened(differences) ?? differences
    energy = 0
    alikeness = 0
    let part = strongest()
    energy = part.energy
    let gains = whitening?.restored(part.gains.map { [$0] }).map { $0[0] } ?? part.gains
    let sum = gains.reduce(0, +)
    let length = size(gains)
    alikeness = length > 0 ? sum * sum / (length * Double(gains.count)) : 0
  }

  /// Takes parts out as long as they are stronger than activity's; false where too many are.
  mutating func takeOut(
    above activity: Double,
    settings: ArrayConfiguration.Artefacts = ArrayConfiguration.Artefacts()
  ) -> Bool {
    for _ in 0..<settings.mostParts where energy > settings.overActivity * activity {
      let part = strongest()
      for channel in remaining.indices {
        for sample in remaining[channel].indices {
          remaining[channel][sample] -= part.gains[channel] * part.course[sample]
        }
      }
      taken += 1
      energy = strongest().energy
    }
    return energy <= settings.overActivity * activity
  }

  /// The strongest part: gains over channels of unit size, its course, and its energy.
  private func strongest() -> (gains: [Double], course: [Double], energy: Double) {
    let samples = remaining.first?.count ?? 0
    func course(_ gains: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: samples)
      for (channel, gain) in gains.enumerated() {
        for sample in 0..<samples { result[sample] += gain * remaining[channel][sample] }
      }
      return result
    }
    // Starts from the channel's sizes, so that no part is missed by a start across it.
    let largest = remaining.indices.max { size(remaining[$0]) < size(remaining[$1]) } ?? 0
    var time = remaining.isEmpty ? [] : remaining[largest]
    var gains = [Double](repeating: 0, count: remaining.count)
    for _ in 0..<Self.iterations {
      for channel in remaining.indices {
        gains[channel] = zip(remaining[channel], time).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let length = size(gains).squareRoot()
      if !(length > 0) { return (gains, time, 0) }
      for channel in gains.indices { gains[channel] /= length }
      time = course(gains)
    }
    return (gains, time, size(time))
  }

  private func size(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
}
