import Foundation
import Testing

@testable import Simulation

@Suite struct MotorUnitLossTests {
  private func muscle(_ seed: UInt64 = 3) throws -> SimulatedMuscle {
    var pool = MotorNeuronPoolConfiguration()
    pool.unitCount = 60
    var anatomy = MuscleConfiguration()
    anatomy.bundlesPerUnit = 8
    return try SimulatedMuscle(pool: pool, muscle: anatomy, seed: seed)
  }

  @Test(arguments: MotorUnitLossConfiguration.Preference.allCases, [0.3, 0.5, 0.95])
  func fibresAreConserved(
    preference: MotorUnitLossConfiguration.Preference, fraction: Double
  ) throws {
    let before = try muscle()
    var after = before
    var loss = MotorUnitLossConfiguration()
    loss.preference = preference
    let record = try after.lose(fraction: fraction, loss, seed: 5)
    #expect(after.units.count == 60 - Int((60 * fraction).rounded()))
    #expect(record.deadUnits.count + after.units.count == 60)
    #expect(abs(before.fibreCount - after.fibreCount - record.lostFibres) < 1e-6)
    for unit in after.units {
      #expect(unit.fibreCount <= loss.growthLimit * unit.healthyFibreCount + 1e-6)
      #expect(unit.fibreCount >= unit.healthyFibreCount - 1e-6)
      #expect(!record.deadUnits.contains(unit.id))
    }
  }

  @Test func halfOfTheFibresAreAdoptedByAtMostThree() throws {
    var after = try muscle()
    let dead = after.units[40]
    let others = after.units.filter { $0.id != dead.id }
    let record = after.lose(units: [dead.id], .init())
    #expect(abs(record.adoptedFibres - dead.fibreCount / 2) < 1e-6)
    let grown = zip(after.units, others).filter { $0.fibreCount > $1.fibreCount + 1e-9 }.map(\.0)
    #expect((1...3).contains(grown.count))
    // Adopters are near: nearer than most units.
    let distances = others.map { hypot($0.centre.y - dead.centre.y, $0.centre.z - dead.centre.z) }
    let third = distances.sorted()[2]
    for unit in grown {
      let origin = others.first { $0.id == unit.id } ?? unit
      let distance = hypot(origin.centre.y - dead.centre.y, origin.centre.z - dead.centre.z)
      #expect(distance <= third + 1e-9)
    }
  }

  @Test func largeUnitsDieFirstWhereAsked() throws {
    let healthy = try muscle()
    let mean = healthy.fibreCount / 60
    var large = 0.0
    var random = 0.0
    for seed in 0..<20 {
      for preference in MotorUnitLossConfiguration.Preference.allCases {
        var loss = MotorUnitLossConfiguration()
        loss.preference = preference
        let dead = Set(healthy.deathOrder(loss, seed: UInt64(seed)).prefix(20))
        let size = healthy.units.filter { dead.contains($0.id) }.map(\.fibreCount).reduce(0, +) / 20
        if preference == .random { random += size / 20 } else { large += size / 20 }
      }
    }
    #expect(abs(random - mean) < 0.15 * mean)
    #expect(large > 1.25 * mean)
  }

  @Test func impossibleFractionsAreRefused() throws {
    var healthy = try muscle()
    #expect(throws: SimulationError.self) { try healthy.lose(fraction: 1.2, seed: 1) }
    let record = try healthy.lose(fraction: 1, seed: 1)
    #expect(healthy.units.isEmpty && record.deadUnits.count == 60)
  }
}
