import Foundation
import Signal
import Testing

@testable import UnitNumber

struct StimulationTests {
  @Test("incremental: CMAP over the mean step, small steps set aside with a reason")
  func incremental() throws {
    let levels = [0.05, 0.11, 0.115, 0.16, 0.22, 0.30]
    let estimate = try IncrementalStimulation().estimate(
      levelsMillivolts: levels, cmapMillivolts: 6)
    // 300 uV in 5 accepted steps.
    #expect(abs(estimate.unitCount - 100) < 1e-9)
    #expect(abs(estimate.meanUnitMicrovolts - 60) < 1e-9)
    #expect(estimate.rejected.map(\.index) == [2])
    #expect(estimate.flags.count == 1)
    #expect(throws: UnitNumberError.self) {
      try IncrementalStimulation().estimate(levelsMillivolts: [0.05], cmapMillivolts: 6)
    }
  }

  @Test("multipoint incremental: sum of the third responses over nine (Shefner 2011)")
  func multipointIncremental() throws {
    let sites = [[0.03, 0.07, 0.12], [0.05, 0.09, 0.15], [0.04, 0.06, 0.09]]
    let estimate = try MultipointIncrementalStimulation().estimate(
      siteLevelsMillivolts: sites, cmapMillivolts: 8)
    #expect(abs(estimate.unitCount - 8000 / (360 / 9.0)) < 1e-9)
    #expect(estimate.flags.isEmpty)
    let short = try MultipointIncrementalStimulation().estimate(
      siteLevelsMillivolts: [[0.03, 0.07]], cmapMillivolts: 8)
    #expect(short.flags.count == 2)
  }

  @Test("multipoint stimulation: the interval covers whether phases cancel in the CMAP or not")
  func coverage() throws {
    var random = SeededGenerator(seed: 5)
    var settings = MultipointStimulation()
    settings.minimumUnitMicrovolts = 0
    settings.errors.bootstrapSamples = 300
    for sigma in [0.3, 0.6] {
      // Nothing is lost in the CMAP, or what pools with latencies that vary by 0.7 ms lose.
      for cancelled in [1, 1 / 1.16] {
        var (covered, width) = (0, 0.0)
        let trials = 200
        for trial in 0..<trials {
          settings.errors.seed = UInt64(trial)
          let mean = exp(sigma * sigma / 2)
          let sizes = (0..<20).map { _ in 50 * exp(sigma * random.normal()) / mean }
          let cmap = 8 * cancelled * (1 + 0.03 * random.normal())
          let estimate = try settings.estimate(unitsMicrovolts: sizes, cmapMillivolts: cmap)
          if estimate.interval90[0] <= 160 && 160 <= estimate.interval90[1] { covered += 1 }
          // Beside the same interval without the cancellation: at most its whole range wider.
          let plain = try settings.errors.sample(cmap: 1000 * cmap).count(sizes: sizes).interval
          width = max(
            width, estimate.interval90[1] / estimate.interval90[0] / (plain[1] / plain[0]))
        }
        // Standard error 2 %.
        let share = Double(covered) / Double(trials)
        #expect(share >= 0.85, "sigma \(sigma), \(cancelled): \(share)")
        #expect(width < 1.2, "sigma \(sigma), \(cancelled): \(width)")
      }
    }
  }

  @Test("statistical: equal units and Poisson numbers give the unit size back")
  func statistical() throws {
    var random = SeededGenerator(seed: 9)
    let runs = (0..<10).map { run in
      (0..<120).map { _ -> Double in
        var product = random.uniform()
        var count = 0
        while product > exp(-1.5) {
          product *= random.uniform()
          count += 1
        }
        return 0.3 * Double(run) + 0.06 * Double(count) + 0.005 * random.normal()
      }
    }
    let estimate = try StatisticalMUNE().estimate(runsMillivolts: runs, cmapMillivolts: 9)
    #expect(abs(estimate.meanUnitMicrovolts / 60 - 1) < 0.08)
    #expect(estimate.interval90[0] < 150 && 150 < estimate.interval90[1])
    let quiet = [Double](repeating: 1, count: 30)
    #expect {
      try StatisticalMUNE().estimate(runsMillivolts: [quiet], cmapMillivolts: 9)
    } throws: { "\($0)".contains("no usable run of 1") }
  }

  @Test("a CMAP that is not above 0 is refused by name")
  func badCMAP() {
    #expect {
      try MultipointStimulation().estimate(unitsMicrovolts: [50, 60], cmapMillivolts: 0)
    } throws: { "\($0)".contains("CMAP of 0.0 mV") }
  }
}
