import Decomposition
import Signal
import Testing

struct DuplicateUnitsTests {
  private func train(_ seed: UInt64, jitter: Double = 0.1) -> [Double] {
    var random = SeededGenerator(seed: seed)
    var times: [Double] = []
    var time = 100.0
    while time < 40_000 {
      times.append(time)
      time += 200 * random.uniform(1 - jitter, 1 + jitter)
    }
    return times
  }

  @Test("Trains that differ by a lag are told as one, the more regular is kept")
  func findsPair() throws {
    let regular = train(1)
    // Half of the discharges, so that intervals vary more.
    let part = regular.enumerated().filter { $0.offset % 3 != 1 }.map { $0.element - 24 }
    let pairs = DuplicateUnits.pairs(
      [(7, part), (3, regular), (5, train(2))], samplingRate: 2_000)
    let pair = try #require(pairs.first)
    #expect(pairs.count == 1)
    #expect(pair.kept == 3 && pair.dropped == 7)
    #expect(abs(pair.sharedDischarges - 2 / 3) < 0.05)
    #expect(abs(pair.lagSeconds + 0.012) < 0.000_6)
  }

  @Test(
    "Unrelated trains share no discharges beyond chance", arguments: 10...29 as ClosedRange<UInt64>)
  func leavesOthers(seed: UInt64) {
    #expect(
      DuplicateUnits.pairs([(0, train(seed)), (1, train(seed + 100))], samplingRate: 2_000).isEmpty
    )
    #expect(DuplicateUnits.pairs([(0, []), (1, [])], samplingRate: 2_000).isEmpty)
  }
}
