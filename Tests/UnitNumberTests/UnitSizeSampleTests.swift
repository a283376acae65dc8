import Foundation
import Signal
import Testing

@testable import UnitNumber

struct UnitSizeSampleTests {
  @Test("tails of Student's t: 0.05 for many sizes, less for few")
  func tails() {
    // One-sided t of 0.05: 1.8595 on 8 and 2.3534 on 3 degrees of freedom.
    #expect(abs(UnitSizeSample.tail(freedom: 100_000) - 0.05) < 1e-4)
    #expect(abs(UnitSizeSample.tail(freedom: 8) - 0.5 * erfc(1.8595 / 2.0.squareRoot())) < 3e-4)
    #expect(abs(UnitSizeSample.tail(freedom: 3) - 0.5 * erfc(2.3534 / 2.0.squareRoot())) < 1e-3)
  }

  @Test("the 90 % interval of a number from a few sizes covers the number", arguments: [8, 12, 20])
  func coverage(sizes count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    var covered = 0
    let trials = 250
    for trial in 0..<trials {
      let pool = (0..<150).map { _ in 60 * exp(0.6 * random.normal()) }
      let chosen = (0..<count).map { _ in pool[random.index(below: pool.count)] }
      // The CMAP is measured with its own error of 3 %.
      let cmap = pool.reduce(0, +) * exp(0.03 * random.normal())
      var model = UnitNumberErrorModel()
      model.bootstrapSamples = 300
      model.seed = UInt64(trial)
      let result = try model.sample(cmap: cmap).count(sizes: chosen)
      if result.interval[0] <= 150 && 150 <= result.interval[1] { covered += 1 }
    }
    // Standard error 2 %; a bootstrap of few skewed sizes stays short of 90 %.
    let share = Double(covered) / Double(trials)
    #expect(share > 0.80 && share < 0.96, "\(share)")
  }

  @Test("a bias moves the interval, never the number, its error, or the number out of the interval")
  func bias() throws {
    let sizes = [20.0, 35, 40, 55, 60, 80, 90, 120]
    let sample = UnitNumberErrorModel().sample(cmap: 9000)
    let plain = try sample.count(sizes: sizes)
    let same = try sample.count(sizes: sizes) { count, _ in count }
    #expect(same.interval == plain.interval)
    let moved = try sample.count(sizes: sizes) { count, _ in count - log(1.25) }
    #expect(moved.count == plain.count && moved.logStandardError == plain.logStandardError)
    #expect(abs(moved.interval[0] * 1.25 / plain.interval[0] - 1) < 1e-9)
    #expect(moved.interval[1] == max(plain.interval[1] / 1.25, plain.count))
    let far = try sample.count(sizes: sizes) { count, _ in count - log(10) }
    #expect(far.interval[1] == plain.count)
    let raised = try sample.count(sizes: sizes, raised: { count, _ in count + log(1.1) })
    #expect(raised.count == plain.count && raised.logStandardError == plain.logStandardError)
    #expect(raised.interval[0] == plain.interval[0])
    #expect(abs(raised.interval[1] / 1.1 / plain.interval[1] - 1) < 1e-9)
    #expect(throws: UnitNumberError.self) { try sample.count(sizes: [-1, 0.5]) }
  }
}
