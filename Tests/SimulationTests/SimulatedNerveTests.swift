import Foundation
import Testing

@testable import Simulation

@Suite struct SimulatedNerveTests {
  @Test func unitPotentialsPeakAtTheirLatencyWithTheirAmplitude() throws {
    let nerve = try SimulatedNerve(.init())
    for axon in nerve.axons.prefix(20) {
      let grid = (0..<4000).map { Double($0) * 0.01 }
      let values = grid.map { axon.potential(at: $0) }
      let best = values.indices.max { values[$0] < values[$1] } ?? 0
      #expect(abs(grid[best] - axon.latency) < 0.02)
      #expect(abs(values[best] - axon.amplitudeMicrovolts) < 1e-3 * axon.amplitudeMicrovolts)
      // Nothing before the onset, a second phase of a tenth to a half of the first.
      #expect(values[0] == 0)
      let low = -(values.min() ?? 0) / axon.amplitudeMicrovolts
      #expect(low > 0.08 && low < 0.5)
    }
  }

  @Test(arguments: [
    NerveConfiguration.SizeDistribution.lognormal(sigma: 0.8), .exponential(floor: 0.2),
    .gamma(shape: 2), .reinnervated(sigma: 0.4, meanAdoptions: 1), .equal,
  ])
  func amplitudesHaveTheirMean(sizes: NerveConfiguration.SizeDistribution) throws {
    var settings = NerveConfiguration()
    settings.sizes = sizes
    let nerve = try SimulatedNerve(settings)
    #expect(abs(nerve.summedAmplitudeMicrovolts - 8000) < 1e-6)
    #expect(nerve.n50 <= 50 + 1e-9)
    if sizes == .equal {
      #expect(abs(nerve.n50 - 50) < 1e-9 && abs(nerve.a50Microvolts - 80) < 1e-9)
    }
  }

  @Test(arguments: NerveConfiguration.ThresholdDistribution.allCases)
  func thresholdsSpreadAsAsked(distribution: NerveConfiguration.ThresholdDistribution) throws {
    var settings = NerveConfiguration()
    settings.unitCount = 2000
    settings.thresholds = distribution
    let values = try SimulatedNerve(settings).axons.map(\.threshold)
    let mean = values.reduce(0, +) / 2000
    let sd = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000).squareRoot()
    #expect(abs(mean - 8) < 0.15)
    #expect(abs(sd / mean - 0.12) < 0.01)
  }

  @Test func regularSpacingAndOrderedSizesAreRegularAndOrdered() throws {
    func spacingVariation(_ regularity: Double) throws -> Double {
      var settings = NerveConfiguration()
      settings.unitCount = 300
      settings.thresholdRegularity = regularity
      let values = try SimulatedNerve(settings).axons.map(\.threshold)
      // The middle half, where the density is nearly even.
      let gaps = (75..<225).map { values[$0 + 1] - values[$0] }
      let mean = gaps.reduce(0, +) / 150
      return (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 150).squareRoot() / mean
    }
    #expect(try spacingVariation(0.9) < 0.6 * spacingVariation(0))
    func neighbours(_ correlation: Double) throws -> Double {
      var settings = NerveConfiguration()
      settings.unitCount = 400
      settings.sizeAutocorrelation = correlation
      let sizes = try SimulatedNerve(settings).axons.map { log($0.amplitudeMicrovolts) }
      let mean = sizes.reduce(0, +) / 400
      let power = sizes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (0..<399).reduce(0) { $0 + (sizes[$1] - mean) * (sizes[$1 + 1] - mean) } / power
    }
    #expect(abs(try neighbours(0)) < 0.15)
    #expect(try neighbours(0.8) > 0.6)
  }

  @Test func largeUnitsAreRecruitedLate() throws {
    let axons = try SimulatedNerve(.init()).axons.sorted {
      $0.amplitudeMicrovolts < $1.amplitudeMicrovolts
    }
    let small = axons.prefix(50).map(\.neuron.recruitmentThreshold).reduce(0, +)
    let large = axons.suffix(50).map(\.neuron.recruitmentThreshold).reduce(0, +)
    #expect(large > 2 * small)
  }

  @Test func lossConservesWhatIsAdopted() throws {
    var nerve = try SimulatedNerve(.init())
    let before = nerve.summedAmplitudeMicrovolts
    let lost = try nerve.lose(fraction: 0.3, seed: 4)
    #expect(nerve.axons.count == 70)
    #expect(abs(before - nerve.summedAmplitudeMicrovolts - lost) < 1e-6)
    // Half of what died was adopted, though adopters may die in their turn.
    #expect(lost < 0.3 * before && lost > 0.08 * before)
  }

  @Test func aMuscleAndItsNerveShareTheirUnits() throws {
    var anatomy = MuscleConfiguration()
    anatomy.bundlesPerUnit = 4
    var muscle = try SimulatedMuscle(muscle: anatomy, seed: 3)
    let healthy = try SimulatedNerve(muscle: muscle, configuration: .init())
    let record = try muscle.lose(fraction: 0.4, seed: 3)
    let later = try SimulatedNerve(muscle: muscle, configuration: .init())
    #expect(healthy.axons.count == 100 && later.axons.count == 60)
    #expect(abs(healthy.summedAmplitudeMicrovolts / 8000 - 1) < 0.25)
    for axon in later.axons {
      #expect(!record.deadUnits.contains(axon.id))
      let origin = try #require(healthy.axons.first { $0.id == axon.id })
      #expect(origin.threshold == axon.threshold && origin.latency == axon.latency)
    }
    let grown = later.axons.count { axon in
      axon.amplitudeMicrovolts
        > 1.01 * (healthy.axons.first { $0.id == axon.id }?.amplitudeMicrovolts ?? 0)
    }
    #expect(grown > 20)
  }

  @Test func otherSitesReorderTheThresholds() throws {
    let nerve = try SimulatedNerve(.init())
    let site = nerve.stimulated(atSite: 1)
    #expect(site.axons.map(\.threshold) != nerve.axons.map(\.threshold))
    #expect(site.axons.map(\.threshold).sorted() == nerve.axons.map(\.threshold).sorted())
    #expect(site == nerve.stimulated(atSite: 1))
  }
}
