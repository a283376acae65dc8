import Foundation
import Signal
import Testing

@testable import Simulation

@Suite struct MotorUnitDischargesTests {
  private func trains(
    _ drive: DriveProfile, duration: Double, seed: UInt64 = 4,
    _ edit: (inout MotorNeuronPoolConfiguration) -> Void = { _ in }
  ) throws -> (muscle: SimulatedMuscle, force: MuscleForce, trains: [[Double]]) {
    var pool = MotorNeuronPoolConfiguration()
    pool.unitCount = 20
    edit(&pool)
    var anatomy = MuscleConfiguration()
    anatomy.bundlesPerUnit = 2
    let muscle = try SimulatedMuscle(pool: pool, muscle: anatomy, seed: seed)
    let force = MuscleForce(muscle)
    return (
      muscle, force,
      simulateDischarges(
        of: muscle, drive: drive, duration: duration, force: force, seed: seed)
    )
  }

  @Test(arguments: MotorNeuronPoolConfiguration.IntervalDistribution.allCases)
  func intervalsVaryAsAsked(
    distribution: MotorNeuronPoolConfiguration.IntervalDistribution
  ) throws {
    let drive = DriveProfile(.constant, levelPercentMVC: 30)
    let result = try trains(drive, duration: 60) {
      $0.commonDriveVariation = 0
      $0.intervalDistribution = distribution
    }
    let excitation = result.force.excitation(forForce: 0.3)
    for (unit, times) in zip(result.muscle.units, result.trains)
    where unit.neuron.recruitmentThreshold < excitation {
      // The first second after the start is left out: there the level still rises.
      let measured = ArrayExamples.intervals(times.filter { $0 > 3 })
      let rate = unit.neuron.rate(at: excitation)
      #expect(abs(1 / measured.mean - rate) < 0.04 * rate)
      let asked = unit.neuron.intervalVariation
      #expect(abs(measured.variation - asked) < 0.2 * asked)
    }
  }

  @Test func nothingDischargesAtRest() throws {
    var drive = DriveProfile(.trapezoid, levelPercentMVC: 40)
    drive.restSeconds = 1.5
    drive.rampSeconds = 2
    let result = try trains(drive, duration: 12)
    let all = result.trains.flatMap { $0 }
    #expect(!all.isEmpty)
    #expect(all.allSatisfy { $0 > 1.5 && $0 < 11 })
    for times in result.trains { #expect(times == times.sorted()) }
  }

  @Test func unitsAreRecruitedAndReleasedInOrderOnARamp() throws {
    var drive = DriveProfile(.trapezoid, levelPercentMVC: 60)
    drive.rampSeconds = 8
    let result = try trains(drive, duration: 25) { $0.commonDriveVariation = 0 }
    let active = result.trains.filter { $0.count > 3 }
    #expect(active.count > 12)
    let first = active[1][0]
    let last = active[active.count - 1][0]
    #expect(last > first + 2)
    #expect(active[1].last ?? 0 > (active[active.count - 1].last ?? 0) + 2)
  }

  @Test func spikeTimesFallBetweenSamples() throws {
    let drive = DriveProfile(.constant, levelPercentMVC: 30)
    let result = try trains(drive, duration: 20)
    let fractions = result.trains.flatMap { $0 }.map {
      ($0 * 2048).truncatingRemainder(dividingBy: 1)
    }
    let mean = fractions.reduce(0, +) / Double(fractions.count)
    #expect(fractions.count > 1000)
    #expect(abs(mean - 0.5) < 0.03)
  }

  @Test func doubletsAppearWithTheirProbability() throws {
    let drive = DriveProfile(.constant, levelPercentMVC: 20)
    let result = try trains(drive, duration: 60) { $0.doubletProbability = 0.1 }
    var short = 0
    var total = 0
    for times in result.trains {
      total += times.count
      short += zip(times.dropFirst(), times).count { $0 - $1 <= 0.012 }
    }
    // One discharge in eleven is the second of a doublet.
    #expect(abs(Double(short) / Double(total) - 0.1 / 1.1) < 0.015)
  }
}
