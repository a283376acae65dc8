import Foundation
import Testing

@testable import Simulation

@Suite struct NeedleSimulationMuscleTests {
  private func muscle() throws -> SimulatedMuscle {
    var pool = MotorNeuronPoolConfiguration()
    pool.unitCount = 15
    pool.meanFibresPerUnit = 60
    var anatomy = MuscleConfiguration()
    anatomy.width = 14
    anatomy.thickness = 12
    return try SimulatedMuscle(pool: pool, muscle: anatomy, seed: 8)
  }

  private func settings() -> NeedleSimulationConfiguration {
    var settings = NeedleSimulationConfiguration(.normal, unitCount: 0, seed: 4)
    settings.samplingRate = 4000
    settings.duration = 2
    settings.electrode = .fineWire
    settings.drive.levelPercentMVC = 25
    return settings
  }

  @Test func truthHoldsTheUnitsNearTheNeedle() throws {
    let muscle = try muscle()
    let recording = try simulateNeedle(settings(), muscle: muscle)
    #expect(!recording.units.isEmpty && recording.units.count < 15)
    let ids = Set(muscle.units.map(\.id))
    for unit in recording.units {
      #expect(ids.contains(unit.id) && !unit.spikeTimes.isEmpty)
      #expect(unit.peakToPeakMicrovolts > 5)
    }
    #expect(recording.backgroundMicrovolts > settings().noiseMicrovolts)
  }

  @Test func fibresOfAUnitAreThoseOfTheMuscle() throws {
    let unit = try muscle().units[10]
    let fibres = NeedleFibre.unit(unit, configuration: settings(), insertion: .init())
    #expect(abs(Double(fibres.count) - unit.fibreCount) < 0.25 * unit.fibreCount)
    let y = fibres.map(\.y).reduce(0, +) / Double(fibres.count)
    let z = fibres.map(\.z).reduce(0, +) / Double(fibres.count)
    #expect(abs(y - unit.centre.y) < 1.5)
    #expect(abs(6 - z - unit.centre.z) < 1.5)
  }

  @Test func otherInsertionsSeeOtherUnits() throws {
    let muscle = try muscle()
    let first = try simulateNeedle(
      settings(), muscle: muscle, insertion: .init(along: -15, across: -4, depth: 4))
    let second = try simulateNeedle(
      settings(), muscle: muscle, insertion: .init(along: -15, across: 4, depth: 8))
    #expect(first.units.map(\.id) != second.units.map(\.id))
    let third = try simulateNeedle(
      settings(), muscle: muscle, insertion: .init(along: -15, across: 4, depth: 8), threads: 1)
    #expect(second.signals == third.signals)
  }
}
