import Foundation
import Signal
import Testing

@testable import UnitNumber

struct DetectionBiasTests {
  @Test(
    "the bias of lognormal pools is that of drawn pools",
    arguments: [(0.1, 1.0), (0.3, 0.8), (0.6, 0.5), (0.9, 0.9)])
  func logBias(share: Double, strictness: Double) {
    var random = SeededGenerator(seed: 21)
    let units = (0..<200_000).map { _ -> (score: Double, size: Double) in
      let size = random.normal()
      let own = (1 - strictness * strictness).squareRoot() * random.normal()
      return (strictness * size + own, exp(0.6 * size))
    }
    let found = units.sorted { $0.score > $1.score }.prefix(Int(share * 200_000)).map(\.size)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let logs = found.map { log($0) }
    let centre = mean(logs)
    let deviation = mean(logs.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    let bias = DetectionBias().logBias(
      found: share, strictness: strictness, foundDeviation: deviation)
    #expect(abs(bias - log(mean(found) / mean(units.map(\.size)))) < 0.02)
  }

  @Test("nothing to correct where all are found or size does not matter")
  func none() {
    func number(_ count: Double, found: Int, strictness: Double) -> Double {
      DetectionBias().number(
        count: count, found: found, recruitedShare: 0.7, strictness: strictness,
        foundDeviation: 0.5)
    }
    #expect(number(20, found: 20, strictness: 1) == 20)
    #expect(number(80, found: 20, strictness: 0) == 80)
    #expect(number(80, found: 20, strictness: 1) > number(80, found: 40, strictness: 1))
  }

  @Test(
    "with 20 of 100 units, large ones first, the number comes back and the interval holds it",
    arguments: [0.6, 0.8])
  func largest(strictness: Double) throws {
    var random = SeededGenerator(seed: 5)
    var (covered, naive) = (0, 0)
    var ratios: [Double] = []
    let trials = 60
    for trial in 0..<trials {
      let units = (0..<100).map { _ -> (score: Double, size: Double) in
        let size = random.normal()
        let own = (1 - strictness * strictness).squareRoot() * random.normal()
        return (strictness * size + own, exp(0.6 * size))
      }.sorted { $0.score > $1.score }
      let sizes = units.map(\.size)
      let found = Array(sizes.prefix(20))
      let logs = found.map { log($0) }
      let centre = logs.reduce(0, +) / 20
      let deviation = (logs.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 19).squareRoot()
      var model = UnitNumberErrorModel()
      model.bootstrapSamples = 300
      model.seed = UInt64(trial)
      let sample = model.sample(cmap: sizes.reduce(0, +) * exp(0.03 * random.normal()))
      let plain = try sample.count(sizes: found)
      if plain.interval[0] <= 100 && 100 <= plain.interval[1] { naive += 1 }
      ratios.append(
        DetectionBias().number(
          count: plain.count, found: 20, recruitedShare: 1, strictness: strictness,
          foundDeviation: deviation) / 100)
      let held = try sample.count(sizes: found) { count, own in
        log(
          DetectionBias().number(
            count: exp(count), found: 20, recruitedShare: 1, strictness: own.uniform(0.4, 1),
            foundDeviation: deviation))
      }
      if held.interval[0] <= 100 && 100 <= held.interval[1] { covered += 1 }
    }
    #expect(Double(naive) / Double(trials) < 0.5, "\(naive)")
    let median = OrderStatistics.median(ratios)
    #expect(median > 0.8 && median < 1.25, "\(median)")
    #expect(Double(covered) / Double(trials) >= 0.85, "\(covered)")
  }
}
