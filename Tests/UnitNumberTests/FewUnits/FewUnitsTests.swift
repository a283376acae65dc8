import Foundation
import TestSupport
import Testing

@testable import UnitNumber

struct FewUnitsTests {
  /// A scan of units of `sizes` (uV) with thresholds in mA and noise of 4 uV.
  static func scan(
    sizes: [Double], thresholds: [Double], count: Int, seed: Int = 1
  ) -> CMAPScan {
    var random = SyntheticScan.Congruential(seed)
    let high = (thresholds.max() ?? 1) * 1.08
    let low = (thresholds.min() ?? 1) * 0.92
    var stimuli: [Double] = []
    var responses: [Double] = []
    for index in 0..<count + 24 {
      let share = Double(index - 12) / Double(count - 1)
      stimuli.append(high + (low - high) * min(max(share, -0.02), 1.02))
      var response = 4 * random.nearlyNormal()
      for (size, threshold) in zip(sizes, thresholds) {
        let z = (stimuli[index] / threshold - 1) / 0.018
        if random.nearlyNormal() < z { response += size * (1 + 0.01 * random.nearlyNormal()) }
      }
      responses.append(response / 1000)
    }
    return CMAPScan(
      stimulusMilliamps: stimuli, responseMillivolts: responses, preScanCount: 12,
      postScanCount: 12)
  }

  private static func settings() -> FewUnitsConfiguration {
    var settings = FewUnitsConfiguration()
    settings.mostUnits = 6
    return settings
  }

  @Test("three units, two of which alternate: number, sizes and thresholds come back")
  func three() throws {
    let scan = Self.scan(sizes: [90, 60, 140], thresholds: [9.2, 9.4, 10.5], count: 100)
    let few = try FewUnits(scan, Self.settings())
    #expect(few.quantile(0.5) == 3, "\(few.probabilities)")
    #expect(abs(few.probabilities.reduce(0, +) - 1) < 1e-9)
    for (unit, truth) in zip(few.units, [(90.0, 9.2), (60, 9.4), (140, 10.5)]) {
      #expect(abs(unit.amplitudeMicrovolts / truth.0 - 1) < 0.1)
      #expect(abs(unit.thresholdMilliamps / truth.1 - 1) < 0.02)
    }
    let top = try #require(few.levelsMillivolts.last)
    #expect(abs(top - 0.29) < 0.01)
    #expect(few.levelsMillivolts == few.levelsMillivolts.sorted())
    #expect(!few.reachesEnd)
    // 140, 90 and 60 uV: the largest and 5 of 90 uV make half of 290.
    #expect(few.n50Quantiles[0] <= 1.06 && 1.06 <= few.n50Quantiles[2])
    #expect(abs(few.n50Quantiles[1] - 1.06) < 0.1)
  }

  @Test("the estimate of a scan takes its number from the levels, and JSON keeps the posterior")
  func estimate() throws {
    let scan = Self.scan(sizes: [120, 70], thresholds: [9, 10.5], count: 200)
    let estimate = try CMAPScanEstimator(fewUnits: Self.settings()).estimate(scan)
    let few = try #require(estimate.fewUnits)
    #expect(estimate.unitCount == 2)
    #expect(estimate.interval90 == [Double(few.quantile(0.05)), Double(few.quantile(0.95))])
    #expect(estimate.n50 <= 2)
    let data = try JSONEncoder().encode(estimate)
    #expect(try JSONDecoder().decode(CMAPScanEstimate.self, from: data).fewUnits == few)
    #expect(try CMAPScanEstimator(fewUnits: nil).estimate(scan).fewUnits == nil)
  }

  @Test("quantiles of a posterior are the first numbers that reach them")
  func quantiles() throws {
    let few = FewUnits(
      probabilities: [0.04, 0.3, 0.5, 0.13, 0.03], units: [], levelsMillivolts: [],
      n50Quantiles: [], settings: FewUnitsConfiguration())
    #expect([0.05, 0.5, 0.95].map(few.quantile) == [2, 3, 4])
    #expect(few.reachesEnd)
  }

  @Test("up to six units from other pools: within one of the truth", .enabled(if: TestTier.isLong))
  func manyPools() throws {
    var near = 0
    for seed in 1...3 {
      var random = SyntheticScan.Congruential(900 + seed)
      let count = 3 + Int(4 * random.uniform())
      let sizes = (0..<count).map { _ in 60 * (0.3 - 0.7 * log(1 - random.uniform())) }
      let thresholds = (0..<count).map { _ in
        10 * (1 + 0.2 * (random.uniform() + random.uniform() - 1))
      }
      let scan = Self.scan(sizes: sizes, thresholds: thresholds, count: 250, seed: seed)
      let found = try FewUnits(scan).quantile(0.5)
      if abs(found - count) <= 1 { near += 1 }
    }
    #expect(near >= 2, "\(near) of 3")
  }
}
