import Decomposition
import Foundation
import Signal
import Testing

@testable import MotorUnits

@Suite struct ExtrapolatedUnitCountTests {
  /// A window drawn from the model itself: `count` units, some identified by their energy.
  private func window(count: Int, seed: UInt64) throws -> WindowPowers {
    var random = SeededGenerator(seed: seed, stream: 5)
    let rate = 12.0
    let templateRate = 2_000.0
    // The residual is what the missed units leave; a fixed point since detection depends on it.
    let logs = (0..<count).map { _ in 1 + 1.35 * random.normal() }
    let chances = (0..<count).map { _ in random.uniform() }
    var residual = 0.3
    var found: [Int] = []
    for _ in 0..<40 {
      found = logs.indices.filter {
        let u = logs[$0] - log(residual)
        return chances[$0] < 1 / (1 + exp(3.3 - 1.65 * u))
      }
      let missed = Set(logs.indices).subtracting(found)
      residual =
        0.5 * residual
        + 0.5 * (0.02 + missed.reduce(0) { $0 + rate * exp(logs[$1]) / templateRate })
    }
    let identified = found.reduce(0) { $0 + rate * exp(logs[$1]) / templateRate }
    let times = (0..<48).map { 4_000 + Double($0) * templateRate / rate }
    let units = found.map { index in
      MotorUnit(
        id: index, train: SpikeTrain(times: times, samplingRate: templateRate),
        template: MUAPTemplate(
          channels: [[Float(exp(logs[index] / 2)), 0]], samplingRate: templateRate, origin: 0),
        quality: UnitQuality(
          silhouette: 0.95, pulseToNoise: 30, isiCoV: 0.1, meanRate: rate, round: 1))
    }
    let trace = PowerTrace(
      binDuration: 0.5, signal: (0..<12).map { $0 < 4 ? 0.02 : residual + identified },
      residual: (0..<12).map { $0 < 4 ? 0.02 : residual })
    return try #require(WindowPowers(units, power: trace, from: 3, to: 5))
  }

  @Test func theIntervalHoldsTheNumberThatTheModelDrew() throws {
    var covered = 0
    var ratios: [Double] = []
    for seed in 1...12 as ClosedRange<UInt64> {
      let estimate = ExtrapolatedUnitCount(try window(count: 80, seed: seed))
      guard let median = estimate.median, let lower = estimate.lower, let upper = estimate.upper
      else { continue }
      #expect(lower < median && median < upper)
      ratios.append(median / 80)
      if lower <= 80 && 80 <= upper { covered += 1 }
    }
    #expect(ratios.count >= 10)
    #expect(covered >= ratios.count - 2)
    #expect(ratios.sorted()[ratios.count / 2] > 0.6 && ratios.sorted()[ratios.count / 2] < 1.6)
  }

  @Test func theAssumedSpreadDecidesTheScale() throws {
    let powers = try window(count: 80, seed: 3)
    var wide = ExtrapolatedUnitCount.Configuration()
    wide.spread = 2
    wide.spreadLogDeviation = 0.05
    var narrow = wide
    narrow.spread = 1
    let many = try #require(ExtrapolatedUnitCount(powers, configuration: wide).median)
    let few = try #require(ExtrapolatedUnitCount(powers, configuration: narrow).median)
    #expect(many > 1.2 * few)
  }

  @Test func fewUnitsGiveNoValue() throws {
    let powers = try window(count: 6, seed: 4)
    let estimate = ExtrapolatedUnitCount(powers)
    if powers.units.count < 5 {
      #expect(estimate.median == nil && estimate.flags.contains(.tooFewUnits))
    } else {
      #expect(estimate.flags.contains(.fewUnits))
    }
  }

  @Test func flagsSayWhatIsWrong() throws {
    let powers = try window(count: 80, seed: 5)
    let early = ExtrapolatedUnitCount(powers, firstDischarge: 2, meanAgreement: 0.5)
    #expect(early.flags.contains(.onset) && early.flags.contains(.poorUnits))
    let late = ExtrapolatedUnitCount(powers, firstDischarge: 0.5, meanAgreement: 0.95)
    #expect(!late.flags.contains(.onset) && !late.flags.contains(.poorUnits))
    #expect(!late.flags.contains(.noRest))
  }
}
