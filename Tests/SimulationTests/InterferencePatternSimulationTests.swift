import Foundation
import Testing

@testable import Simulation

@Suite struct InterferencePatternSimulationTests {
  private func settings() -> InterferencePatternConfiguration {
    var settings = InterferencePatternConfiguration()
    settings.effortsPercent = [3, 20, 80]
    settings.epochsPerEffort = 2
    settings.samplingRate = 2000
    return settings
  }

  @Test func areaGrowsWithEffort() throws {
    let nerve = try SimulatedNerve(.init())
    let epochs = try simulateInterferencePattern(of: nerve, settings())
    #expect(epochs.count == 6)
    let areas = epochs.map { $0.signal.reduce(0) { $0 + abs($1) } }
    #expect(areas[2] > 1.5 * areas[0] && areas[4] > 1.5 * areas[2])
    let active = epochs.map(\.spikeTimes.count)
    #expect(active[0] < active[2] && active[2] < active[4] && active[4] <= 100)
    #expect(epochs.allSatisfy { $0.signal.count == 1000 })
  }

  @Test func epochsDifferAndRepeatExactly() throws {
    let nerve = try SimulatedNerve(.init())
    let first = try simulateInterferencePattern(of: nerve, settings(), threads: 1)
    let second = try simulateInterferencePattern(of: nerve, settings(), threads: 3)
    #expect(first.map(\.signal) == second.map(\.signal))
    #expect(first[0].signal != first[1].signal)
  }

  @Test func averagesOnTheDischargesShowTheUnit() throws {
    var configuration = NerveConfiguration()
    configuration.unitCount = 3
    let nerve = try SimulatedNerve(configuration)
    var pattern = settings()
    pattern.effortsPercent = [100]
    pattern.epochsPerEffort = 1
    pattern.epochSeconds = 30
    pattern.noiseMicrovolts = 1
    let epoch = try simulateInterferencePattern(of: nerve, pattern)[0]
    let axon = nerve.axons[0]
    let times = try #require(epoch.spikeTimes[axon.id])
    let peaks = times.compactMap { time -> Double? in
      let index = Int((time + axon.latency * 2).rounded())
      return index < epoch.signal.count ? Double(epoch.signal[index]) : nil
    }
    let mean = peaks.reduce(0, +) / Double(peaks.count)
    #expect(abs(mean - axon.amplitudeMicrovolts) < 0.2 * axon.amplitudeMicrovolts)
  }
}
