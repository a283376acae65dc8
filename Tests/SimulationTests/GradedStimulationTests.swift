import Foundation
import Testing

@testable import Simulation

@Suite struct GradedStimulationTests {
  private func nerve(_ count: Int) throws -> SimulatedNerve {
    var settings = NerveConfiguration()
    settings.unitCount = count
    settings.sizes = .equal
    settings.meanAmplitudeMicrovolts = 100
    return try SimulatedNerve(settings)
  }

  @Test func levelsRiseByAboutOneUnit() throws {
    var settings = GradedStimulationConfiguration()
    settings.noiseMicrovolts = 1
    let levels = try simulateIncrements(of: nerve(80), site: 1, count: 10, settings)
    #expect(levels.count == 10)
    let steps = zip([0] + levels, levels).map { 1000 * ($1 - $0) }
    #expect(steps.allSatisfy { $0 >= settings.minimumIncrementMicrovolts })
    let mean = steps.reduce(0, +) / 10
    #expect(mean > 60 && mean < 220, "\(mean)")
    // Another site meets other units, the same site the same ones.
    #expect(try simulateIncrements(of: nerve(80), site: 1, count: 10, settings) == levels)
    #expect(try simulateIncrements(of: nerve(80), site: 2, count: 10, settings) != levels)
  }

  @Test func levelsEndWithTheUnits() throws {
    let levels = try simulateIncrements(of: nerve(3), site: 0, count: 10)
    #expect(levels.count <= 3 && levels.count >= 1)
  }

  @Test func runsLieAtTheirShare() throws {
    let pool = try nerve(100)
    var settings = GradedStimulationConfiguration()
    settings.noiseMicrovolts = 0
    let runs = try simulateEqualStimuli(
      of: pool, shares: [0.1, 0.5], responsesPerRun: 60, settings)
    let full = simulatedMaximum(pool)
    for (run, share) in zip(runs, [0.1, 0.5]) {
      #expect(run.count == 60)
      let mean = run.reduce(0, +) / 60
      // Phases cancel less in a part of the response than in all of it.
      #expect(mean / full > 0.8 * share && mean / full < 1.6 * share, "\(mean / full)")
    }
    #expect(throws: SimulationError.self) {
      try simulateEqualStimuli(of: pool, shares: [2], responsesPerRun: 3)
    }
  }

  private func simulatedMaximum(_ nerve: SimulatedNerve) -> Double {
    PotentialSummation(nerve, sumsWaveforms: true).peak(nerve.axons.map { _ in 1 }) / 1000
  }
}
