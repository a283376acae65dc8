import Foundation
import Testing

@testable import Simulation

@Suite struct SharedPoolTests {
  private func pool(living: Int?, seed: UInt64 = 3) throws -> SharedPool {
    var settings = SharedPoolConfiguration()
    settings.seed = seed
    settings.pool.unitCount = 60
    settings.livingUnits = living
    return try SharedPool(settings)
  }

  @Test func nerveAndMuscleHoldTheSameUnits() throws {
    let healthy = try pool(living: nil)
    #expect(healthy.unitCount == 60 && healthy.nerve.axons.count == 60)
    #expect(healthy.nerve.axons.map(\.id) == healthy.muscle.units.map(\.id))
    #expect(healthy.loss.deadUnits.isEmpty)
    #expect(try pool(living: nil).nerve == healthy.nerve)
    #expect(try pool(living: nil, seed: 4).nerve != healthy.nerve)
  }

  @Test func lossIsOneCourseAndConservesFibres() throws {
    let healthy = try pool(living: nil)
    let half = try pool(living: 30)
    let few = try pool(living: 8)
    #expect(half.unitCount == 30 && few.unitCount == 8)
    // Who lives late has lived before.
    #expect(Set(few.muscle.units.map(\.id)).isSubset(of: Set(half.muscle.units.map(\.id))))
    #expect(few.loss.deadUnits.prefix(30) == half.loss.deadUnits.prefix(30))
    let kept = half.muscle.fibreCount + half.loss.lostFibres
    #expect(abs(kept / healthy.muscle.fibreCount - 1) < 1e-9)
    // Thresholds stay with their unit, survivors grow, the sum falls.
    let before = Dictionary(uniqueKeysWithValues: healthy.nerve.axons.map { ($0.id, $0) })
    for axon in few.nerve.axons { #expect(axon.threshold == before[axon.id]?.threshold) }
    let mean = { (pool: SharedPool) in
      pool.nerve.summedAmplitudeMicrovolts / Double(pool.unitCount)
    }
    #expect(mean(few) > 1.5 * mean(healthy))
    #expect(half.nerve.summedAmplitudeMicrovolts < healthy.nerve.summedAmplitudeMicrovolts)
  }

  @Test func impossibleNumbersAreRefused() {
    #expect(throws: SimulationError.self) { try self.pool(living: 0) }
    #expect(throws: SimulationError.self) { try self.pool(living: 61) }
  }
}
