import Signal
import Testing

@testable import Decomposition

@Suite struct ChannelScreeningTests {
  private func noise(_ seed: UInt64, gain: Float = 1) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<8_000).map { _ in gain * Float(random.normal()) }
  }

  @Test func findsEveryKindOfFault() {
    var channels = (0..<12).map { noise(UInt64($0)) }
    channels[1] = [Float](repeating: 3, count: 8_000)
    channels[3] = noise(3, gain: 40)
    channels[5] = noise(5, gain: 0.01)
    channels[7] = noise(7).map { max(-1, min(1, $0)) }
    channels[9][4_000] = .nan
    channels[10][100] = 5_000
    let finite = channels.map { $0.map { $0.isFinite ? $0 : 0 } }
    let rejected = ChannelScreening().rejected(raw: channels, filtered: finite)
    #expect(rejected.map(\.index) == [1, 3, 5, 7, 9, 10])
    let reasons = rejected.map(\.reason)
    #expect(reasons[0].contains("flat"))
    #expect(reasons[1].contains("above") && reasons[2].contains("below"))
    #expect(reasons[3].contains("clipped"))
    #expect(reasons[4].contains("not a number at sample 4000"))
    #expect(reasons[5].contains("artefact"))
  }

  @Test func goodChannelsPassWhateverTheirScale() {
    // A grid's natural spread of power, a factor of ten in amplitude from edge to centre.
    let channels = (0..<16).map { noise(UInt64($0), gain: 1 + 0.6 * Float($0)) }
    #expect(ChannelScreening().rejected(raw: channels, filtered: channels).isEmpty)
    let loud = channels.map { $0.map { $0 * 1e4 } }
    #expect(ChannelScreening().rejected(raw: loud, filtered: loud).isEmpty)
  }
}
