import Simulation
import TestSupport
import Testing

@testable import Decomposition

/// Units that fire less than three times a second over the whole recording.
@Suite struct ShortUnitsTests {
  @Test func unitsOfLateRecruitmentAreFound() throws {
    // A ramp recruits its last units for a short while.
    var settings = ArraySimulationConfiguration.simulatorB
    settings.electrodes = .grid(rows: 6, columns: 6, spacing: 8)
    settings.duration = 12
    settings.samplingRate = 2_000
    settings.drive.shape = .ramp
    settings.drive.levelPercentMVC = 20
    settings.pool.unitCount = 50
    settings.noise.signalToNoiseDecibels = 25
    settings.seed = 77
    let simulated = try simulateArray(settings, threads: 1)
    let result = try ArrayDecomposer(parallelism: .single).decompose(
      simulated.signals, samplingRate: simulated.samplingRate)
    let truth = simulated.units.filter { $0.spikeTimes.count >= 5 }
    let short = result.units.filter {
      $0.train.times.count < ArrayConfiguration().ampleDischarges
        && Double($0.train.times.count) < 3 * settings.duration
    }
    #expect(!short.isEmpty)
    for unit in short {
      let rates = truth.map {
        TrainAgreement(
          $0.spikeTimes, unit.train.times,
          tolerance: TrainAgreement.usualTolerance(samplingRate: 2_000), longestLag: 100
        ).rate
      }
      #expect(rates.max() ?? 0 > 0.7, "unit of \(unit.train.times.count) discharges")
    }
  }
}
