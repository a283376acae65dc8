import Signal
import Testing

@testable import Decomposition

@Suite struct NeighbourPredictionTests {
  /// Sixteen smooth channels that share most of what they hold with those beside them.
  private static let channels: [[Float]] = {
    var random = SeededGenerator(seed: 8)
    let sources = (0..<20).map { _ in (0..<8_000).map { _ in Float(random.normal()) } }
    let smooth = ZeroPhaseFilter(samplingRate: 2_000, lowEdge: 30, highEdge: 250)
      .apply(sources, parallelism: .single)
    return (0..<16).map { channel in
      (0..<8_000).map { index -> Float in
        var value = Float(random.normal())
        for source in channel..<(channel + 5) { value += 100 * smooth[source][index] }
        return value
      }
    }
  }()

  @Test func neighboursTellMoreThanTheChannelItself() throws {
    let places = stride(from: 200, to: 7_800, by: 190).flatMap { Array($0..<($0 + 25)) }
    var isMissing = [[Bool]](repeating: [], count: 16)
    isMissing[7] = [Bool](repeating: false, count: 8_000)
    for place in places { isMissing[7][place] = true }
    var alone = Self.channels
    try #require(AutoregressiveModel(alone[7])).mend(&alone[7], at: places)
    var filled = alone
    let prediction = NeighbourPrediction(
      filled, usable: Array(0..<16), isMissing: isMissing)
    let isFilled = prediction.fill(7, at: places, in: &filled, isMissing: isMissing)
    #expect(isFilled)
    func error(_ channels: [[Float]]) -> Float {
      places.reduce(Float(0)) { sum, place in
        let difference = channels[7][place] - Self.channels[7][place]
        return sum + difference * difference
      }
    }
    #expect(error(filled) < 0.3 * error(alone))
    // Nothing else has changed.
    for index in 0..<8_000 where !isMissing[7][index] {
      #expect(filled[7][index] == Self.channels[7][index])
    }
    #expect(filled[6] == Self.channels[6])
  }

  @Test func tooLittleToLearnFromChangesNothing() {
    var channels = Self.channels
    // Hardly a sample is left to the channel.
    var isMissing = [[Bool]](repeating: [], count: 16)
    isMissing[3] = (0..<8_000).map { $0 % 100 != 0 }
    let prediction = NeighbourPrediction(
      channels, usable: Array(0..<16), isMissing: isMissing)
    var isFilled = prediction.fill(3, at: [5, 6], in: &channels, isMissing: isMissing)
    #expect(!isFilled)
    #expect(channels == Self.channels)
    // A channel alone has no neighbours.
    let lonely = NeighbourPrediction(channels, usable: [3], isMissing: isMissing)
    isFilled = lonely.fill(3, at: [5, 6], in: &channels, isMissing: isMissing)
    #expect(!isFilled)
  }
}
