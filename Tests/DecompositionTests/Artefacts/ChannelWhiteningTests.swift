import Signal
import Testing

@testable import Decomposition

@Suite struct ChannelWhiteningTests {
  /// Activity of 16 channels that fills three directions ten times more than the others.
  private static func activity(seed: UInt64, count: Int) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    let spread = (0..<16).map { _ in (0..<3).map { _ in random.normal() } }
    var channels = [[Float]](repeating: [Float](repeating: 0, count: count), count: 16)
    for sample in 0..<count {
      let sources = (0..<3).map { _ in 10 * random.normal() }
      for channel in channels.indices {
        let strong = zip(spread[channel], sources).reduce(0) { $0 + $1.0 * $1.1 }
        channels[channel][sample] = Float(strong + random.normal())
      }
    }
    return channels
  }

  /// Decays of other heights on each channel, 30 samples each, at some places.
  private static func decays(at starts: [Int], count: Int) -> [[Float]] {
    var channels = [[Float]](repeating: [Float](repeating: 0, count: count), count: 16)
    for channel in channels.indices {
      for start in starts {
        for offset in 0..<30 {
          let height = 200 + 30 * Double((channel * 7) % 16)
          channels[channel][start + offset] = Float(height) * Float(1 - Double(offset) / 30)
        }
      }
    }
    return channels
  }

  private static func window(_ channels: [[Float]], _ range: Range<Int>) -> [[Double]] {
    channels.map { $0[range].map(Double.init) }
  }

  private static func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
    var sum = 0.0
    for (first, second) in zip(a, b) {
      for (one, other) in zip(first, second) { sum += (one - other) * (one - other) }
    }
    return sum
  }

  private let starts = [500, 1_200, 1_900, 2_600]
  private let settings = ArrayConfiguration.Artefacts()

  @Test func whatWasWhitenedIsRestored() throws {
    let activity = Self.activity(seed: 11, count: 3_000)
    let whitening = try #require(ChannelWhitening(activity, settings: settings))
    let rows = Self.window(activity, 100..<140)
    let back = whitening.restored(whitening.whitened(rows))
    let zero = [[Double]](repeating: [Double](repeating: 0, count: 40), count: 16)
    let (error, size) = (Self.distance(back, rows), Self.distance(rows, zero))
    #expect(error < 1e-6 * size)
  }

  @Test func activityIsAlikeInAllCombinationsThoughArtefactsAreThere() throws {
    let activity = Self.activity(seed: 12, count: 3_000)
    let dirty = zip(activity, Self.decays(at: starts, count: 3_000)).map { own, added in
      zip(own, added).map { pair in pair.0 + pair.1 }
    }
    let whitening = try #require(ChannelWhitening(dirty, settings: settings))
    let white = whitening.whitened(Self.window(activity, 0..<450))
    let powers = white.map { row in row.reduce(0) { $0 + $1 * $1 } / Double(row.count) }
    // Without whitening the strongest channel holds a hundred times a combination without sources.
    #expect(powers.allSatisfy { $0 > 0.1 && $0 < 4 }, "\(powers)")
  }

  @Test func decaysLeaveMoreOfTheActivity() throws {
    let activity = Self.activity(seed: 13, count: 3_000)
    let dirty = zip(activity, Self.decays(at: starts, count: 3_000)).map { own, added in
      zip(own, added).map { pair in pair.0 + pair.1 }
    }
    let whitening = try #require(ChannelWhitening(dirty, settings: settings))
    var (plain, white) = (0.0, 0.0)
    for start in starts {
      let range = start..<(start + 30)
      let (own, spoilt) = (Self.window(activity, range), Self.window(dirty, range))
      var parts = CommonParts(spoilt)
      var isTold = parts.takeOut(above: CommonParts(Self.window(activity, 100..<130)).energy)
      #expect(isTold)
      plain += Self.distance(parts.rest, own)
      parts = CommonParts(spoilt, whitening: whitening)
      isTold = parts.takeOut(
        above: CommonParts(Self.window(activity, 100..<130), whitening: whitening).energy)
      #expect(isTold)
      #expect(parts.taken == 1)
      white += Self.distance(parts.rest, own)
    }
    #expect(white < 0.5 * plain, "\(white) of \(plain)")
  }

  @Test func silentChannelsHaveNone() {
    let silent = [[Float]](repeating: [Float](repeating: 2, count: 100), count: 4)
    #expect(ChannelWhitening(silent, settings: settings) == nil)
    #expect(ChannelWhitening([], settings: settings) == nil)
  }
}
