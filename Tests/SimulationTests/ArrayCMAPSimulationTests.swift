import Foundation
import Testing

@testable import Simulation

@Suite struct ArrayCMAPSimulationTests {
  @Test func allUnitsAnswerEveryStimulus() throws {
    var settings = SharedPoolConfiguration()
    settings.pool.unitCount = 12
    let pool = try SharedPool(settings)
    var array = ArraySimulationConfiguration.compact
    array.electrodes = .grid(rows: 2, columns: 2, spacing: 10)
    var session = ArrayCMAPConfiguration()
    session.stimulusCount = 2
    session.noiseMicrovolts = 0
    let response = try simulateArrayCMAP(
      array, muscle: pool.muscle, nerve: pool.nerve, session, threads: 1)
    #expect(response.signals.count == 4 && response.stimuli.count == 2)
    let length = response.signals[0].count
    #expect(response.signals.allSatisfy { $0.count == length })
    for stimulus in response.stimuli {
      let place = Int(stimulus)
      // The band limit of the sampling rate rings for eight samples before the response.
      #expect(response.signals[0][max(0, place - 60)..<place - 8].allSatisfy { abs($0) < 1 })
      let peak = response.signals[0][place..<min(length, place + 60)].reduce(0) {
        max($0, abs($1))
      }
      #expect(peak > 20, "\(peak)")
    }
    // Without phase cancellation no channel could exceed the sum of the single potentials.
    var one = pool.muscle
    one.units = [pool.muscle.units[0]]
    let single = try simulateArrayCMAP(
      array, muscle: one, nerve: pool.nerve, session, threads: 1)
    func size(_ signals: [[Float]]) -> Float {
      signals.joined().reduce(0) { max($0, abs($1)) }
    }
    #expect(size(response.signals) > size(single.signals))
    #expect(throws: SimulationError.self) {
      session.interval = 0.01
      _ = try simulateArrayCMAP(array, muscle: pool.muscle, nerve: pool.nerve, session)
    }
  }
}
