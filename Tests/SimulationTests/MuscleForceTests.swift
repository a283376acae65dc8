import Foundation
import Testing

@testable import Simulation

@Suite struct MuscleForceTests {
  @Test func excitationInvertsForce() throws {
    let muscle = try SimulatedMuscle(seed: 2)
    let force = MuscleForce(muscle)
    for level in [0.05, 0.2, 0.5, 0.9] {
      #expect(abs(force.force(at: force.excitation(forForce: level)) - level) < 1e-6)
    }
    #expect(force.excitation(forForce: 0) == 0)
    #expect(abs(force.force(at: 1) - 1) < 1e-12)
  }

  @Test(arguments: [10.0, 35.0]) func trainsProduceTheTargetForce(level: Double) throws {
    var anatomy = MuscleConfiguration()
    anatomy.bundlesPerUnit = 1
    let muscle = try SimulatedMuscle(muscle: anatomy, seed: 2)
    let force = MuscleForce(muscle)
    let drive = DriveProfile(.constant, levelPercentMVC: level)
    let trains = simulateDischarges(
      of: muscle, drive: drive, duration: 12, force: force, seed: 8)
    let rendered = force.render(spikeTimes: trains, samplingRate: 100, count: 1200)
    let plateau = rendered[400..<1150].reduce(0, +) / 750
    #expect(abs(Double(plateau) - level) < 0.06 * level)
    #expect(rendered[0..<140].allSatisfy { $0 == 0 })
  }
}
