import Signal
import Testing

@testable import Decomposition

@Suite struct CommonPartsTests {
  /// Activity of 16 channels, 20 samples, each on its own.
  private static func activity(seed: UInt64) -> [[Double]] {
    var random = SeededGenerator(seed: seed)
    return (0..<16).map { _ in (0..<20).map { _ in random.normal() } }
  }

  private static func size(_ values: [[Double]]) -> Double {
    values.joined().reduce(0) { $0 + $1 * $1 }
  }

  @Test func whatIsCommonGoesAndActivityStays() {
    let activity = Self.activity(seed: 1)
    let beside = CommonParts(Self.activity(seed: 2)).energy
    // Two courses at once, each with gains of its own.
    var dirty = activity
    for channel in dirty.indices {
      let rise = 1.25 * Double(channel % 3 - 1)
      for sample in dirty[channel].indices {
        if sample < 8 { dirty[channel][sample] += 40 + Double(channel) }
        dirty[channel][sample] += rise * Double(sample)
      }
    }
    var parts = CommonParts(dirty)
    #expect(parts.alikeness > 0.8)
    let isTold = parts.takeOut(above: beside)
    #expect(isTold)
    // Two of sixteen dimensions are gone, and nothing of the artefact is left.
    let error = zip(parts.rest, activity).map { rest, own in
      zip(rest, own).map { pair in pair.0 - pair.1 }
    }
    #expect(Self.size(error) < 0.4 * Self.size(activity))
    #expect(Self.size(parts.rest) > 0.6 * Self.size(activity))
  }

  @Test func activityAloneStaysAsItIs() {
    let activity = Self.activity(seed: 3)
    var parts = CommonParts(activity)
    let isTold = parts.takeOut(above: CommonParts(Self.activity(seed: 4)).energy)
    #expect(isTold)
    #expect(parts.rest == activity)
    #expect(parts.alikeness < 0.6)
  }

  @Test func whatHasManyPartsIsNotTold() {
    let many = Self.activity(seed: 5).map { $0.map { 50 * $0 } }
    var parts = CommonParts(many)
    let isTold = parts.takeOut(above: CommonParts(Self.activity(seed: 6)).energy)
    #expect(!isTold)
  }

  @Test func emptyOnesHaveNothing() {
    #expect(CommonParts([]).energy == 0)
    #expect(CommonParts([[0, 0], [0, 0]]).energy == 0)
  }
}
