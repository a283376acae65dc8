import Foundation
import Signal
import Testing

@testable import UnitNumber

struct StimulationBiasTests {
  @Test("the statistical interval holds the number where units answer often and differ in size")
  func statistical() throws {
    var random = SeededGenerator(seed: 31)
    var (covered, naive) = (0, 0)
    let trials = 60
    for trial in 0..<trials {
      // 60 units of unequal size; in each run eight of them answer a share of the stimuli.
      let sizes = (0..<60).map { _ in 0.05 * exp(0.5 * random.normal()) }
      let share = random.uniform(0.2, 0.6)
      let runs = (0..<4).map { run in
        (0..<30).map { _ -> Double in
          var sum = 0.2 * Double(run)
          for unit in 0..<8 where random.uniform() < share { sum += sizes[15 * run + unit] }
          return sum + 0.005 * random.normal()
        }
      }
      var settings = StatisticalMUNE()
      settings.errors.bootstrapSamples = 300
      settings.errors.seed = UInt64(trial)
      let cmap = sizes.reduce(0, +) * exp(0.03 * random.normal())
      let found = try settings.estimate(runsMillivolts: runs, cmapMillivolts: cmap)
      let reach = exp(1.645 * found.logStandardError)
      if found.unitCount / reach <= 60 && 60 <= found.unitCount * reach { naive += 1 }
      if found.interval90[0] <= 60 && 60 <= found.interval90[1] { covered += 1 }
      #expect(found.interval90[0] <= found.unitCount && found.unitCount <= found.interval90[1])
    }
    // Standard error 4 %.
    #expect(Double(covered) / Double(trials) >= 0.85, "\(covered)")
    #expect(naive < covered, "\(naive)")
  }

  @Test("each bias has its direction and its bound")
  func bounds() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let low = StimulationBias().cancelling(0, &random)
      #expect(low >= 0 && low <= log(1.2))
      let high = StimulationBias().alternating(0, &random)
      #expect(high <= 0 && high >= -log(1.3))
      let both = StimulationBias().statistical(0, &random)
      #expect(both >= log(0.35) && both <= log(2.44))
    }
  }

  @Test("the incremental interval holds the number where increments pass small units over")
  func passedOver() throws {
    var random = SeededGenerator(seed: 32)
    let trials = 80
    var covered = [0, 0]
    for trial in 0..<trials {
      // Exponential sizes of 50 uV in the mean, of which increments below 25 uV are not seen.
      let sizes = (0..<160).map { _ in 0.05 * random.exponential() }
      let seen = sizes.filter { $0 >= 0.025 }.shuffled(using: &random).prefix(10)
      var level = 0.0
      let levels = seen.map { size -> Double in
        level += size
        return level
      }
      let cmap = sizes.reduce(0, +) * exp(0.03 * random.normal())
      for (index, greatest) in [1.0, StimulationBias().passedOver].enumerated() {
        var settings = IncrementalStimulation()
        settings.errors.bootstrapSamples = 300
        settings.errors.seed = UInt64(trial)
        settings.errors.bias.passedOver = greatest
        let found = try settings.estimate(levelsMillivolts: levels, cmapMillivolts: cmap)
        if found.interval90[0] <= 160 && 160 <= found.interval90[1] { covered[index] += 1 }
      }
    }
    #expect(covered[1] >= trials * 8 / 10, "\(covered)")
    #expect(covered[0] < covered[1] - trials / 6, "\(covered)")
  }

  @Test("settings of versions without a bias are read with its default")
  func earlier() throws {
    let text = #"{"cancellation":1.1,"alternation":1.2,"sizeVariation":1,"answeredShare":0.5}"#
    let read = try JSONDecoder().decode(StimulationBias.self, from: Data(text.utf8))
    #expect(read.cancellation == 1.1 && read.passedOver == StimulationBias().passedOver)
  }
}
