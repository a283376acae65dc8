import Foundation
import Testing

@testable import UnitNumber

struct EnlargedUnitsTests {
  /// 40 units of about 30 uV and three of 1 to 2 mV, thresholds drawn over each other.
  private static func giants(_ seed: Int) -> CMAPScan {
    var random = SyntheticScan.Congruential(seed)
    var units: [(threshold: Double, amplitude: Double)] = (0..<40).map { _ in
      let place = random.uniform() + random.uniform() + random.uniform() - 1.5
      return (10 * (1 + 0.15 * place), 0.03 * (0.3 - 0.7 * log(1 - random.uniform())))
    }
    for size in [1.0, 1.4, 2.0] {
      units.append((10 * (0.9 + 0.2 * random.uniform()), size))
    }
    let high = (units.map(\.threshold).max() ?? 0) * 1.07
    let low = (units.map(\.threshold).min() ?? 0) * 0.93
    var stimuli: [Double] = []
    var responses: [Double] = []
    for index in 0..<532 {
      let share = min(max(Double(index - 20) / 499, 0), 1)
      stimuli.append(index < 20 ? 1.04 * high : high + (low - high) * share)
      var response = 0.003 * random.nearlyNormal()
      for unit in units {
        let z = 1.702 * (stimuli[index] / unit.threshold - 1) / 0.018
        if random.uniform() < 1 / (1 + exp(-z)) { response += unit.amplitude }
      }
      responses.append(response)
    }
    return CMAPScan(stimulusMilliamps: stimuli, responseMillivolts: responses)
  }

  @Test("three giants beside forty small units: both readings are told, the interval holds 43")
  func bothReadings() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    var covered = 0
    for seed in 1...5 {
      let scan = Self.giants(seed)
      let estimate = try estimator.estimate(scan)
      if estimate.interval90[0] <= 43 && 43 <= estimate.interval90[1] { covered += 1 }
      let alone = try estimator.uncleanedEstimate(scan)
      #expect(alone.interval90[1] < 43, "the networks alone have to miss them")
      #expect(estimate.unitCount > alone.unitCount)
      #expect(estimate.interval90[0] <= alone.unitCount)
      let flag = try #require(estimate.flags.first { $0.kind == .enlargedUnits })
      #expect(flag.reason.contains("otherwise"))
    }
    #expect(covered >= 4, "\(covered) of 5")
  }

  @Test("scans without large steps have one reading")
  func ordinary() throws {
    let estimator = try CMAPScanEstimator(fewUnits: nil)
    for number in [6, 7, 8] {
      let scan = SyntheticScan.scan(number)
      #expect(!(try estimator.estimate(scan).flags.contains { $0.kind == .enlargedUnits }))
    }
  }

  @Test("closing the steps keeps the order of the responses")
  func order() throws {
    let scan = Self.giants(1)
    let closed = try #require(try EnlargedUnits.closed(scan))
    let places = scan.responseMillivolts.indices.sorted {
      scan.responseMillivolts[$0] < scan.responseMillivolts[$1]
    }
    let values = places.map { closed.scan.responseMillivolts[$0] }
    #expect(zip(values.dropFirst(), values).allSatisfy { $0 >= $1 - 1e-9 })
    #expect(closed.sizes.count >= 2 && closed.sizes.reduce(0, +) > 0.5)
  }
}
