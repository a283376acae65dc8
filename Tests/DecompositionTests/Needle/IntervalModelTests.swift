import Signal
import Testing

@testable import Decomposition

@Suite struct IntervalModelTests {
  private func train(missing: Double, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return NeedleTestSignals.train(mean: 0.1, variation: 0.15, duration: 20, seed: seed)
      .filter { _ in generator.uniform() >= missing }
      .map { Int($0 * 40_000) }
  }

  @Test func findsTheSingleIntervalDespiteMisses() {
    for missing in [0.0, 0.15, 0.3] {
      let model = IntervalModel(firings: train(missing: missing, seed: 4), rate: 40_000)
      #expect(abs(model.mean - 0.1) < 0.006)
      #expect(abs(model.missRate - missing) < 0.12)
      #expect(model.variation < 0.24)
    }
  }

  @Test func regularTrainsBeatRandomOnes() {
    let regular = train(missing: 0, seed: 9)
    var generator = SeededGenerator(seed: 2)
    let random = (0..<200).map { _ in generator.index(below: 800_000) }.sorted()
    let first = IntervalModel(firings: regular, rate: 40_000)
    let second = IntervalModel(firings: random, rate: 40_000)
    #expect(first.regularity(regular, rate: 40_000) > 1)
    #expect(second.regularity(random, rate: 40_000) < 0.35)
  }

  @Test func refractoryTableForbidsShortIntervals() {
    let model = IntervalModel(mean: 0.1, deviation: 0.015, missRate: 0.1)
    let table = model.logDensityTable(rate: 40_000, count: 60_000, refractory: true)
    #expect(table[400] < -9_000)
    #expect(table[4_000] > table[6_000])
    #expect(table.allSatisfy { $0.isFinite })
  }
}
