import Foundation
import Signal
import Testing

@testable import Simulation

@Suite struct MotorNeuronPoolTests {
  @Test func thresholdsGrowExponentiallyOverTheRange() {
    var random = SeededGenerator(seed: 1)
    var settings = MotorNeuronPoolConfiguration()
    settings.unitCount = 60
    let pool = MotorNeuronPool(settings, using: &random)
    let thresholds = pool.neurons.map(\.recruitmentThreshold)
    #expect(thresholds == thresholds.sorted())
    #expect(abs(thresholds[59] - settings.recruitmentLimit) < 1e-12)
    let ratio = thresholds[59] / thresholds[0]
    // Sixty units span 59 of 60 steps of ln(range).
    #expect(abs(ratio - pow(settings.recruitmentRange, 59.0 / 60)) < 1e-9)
  }

  @Test func ratesRiseFromMinimumToPeak() {
    let neuron = MotorNeuron(
      recruitmentThreshold: 0.2, minimumRate: 8, peakRate: 20, rateGain: 30,
      intervalVariation: 0.15, contractionTime: 0.06)
    #expect(neuron.rate(at: 0.19) == 0)
    #expect(neuron.rate(at: 0.2) == 8)
    #expect(abs(neuron.rate(at: 0.4) - 14) < 1e-12)
    #expect(neuron.rate(at: 1) == 20)
  }

  @Test(arguments: [
    MotorNeuronPoolConfiguration.SizeLaw.exponential(range: 20, scatter: 0),
    .lognormal(sigma: 0.9, rankCorrelation: 0.7), .gamma(shape: 1.8, rankCorrelation: 0.7),
    .twoPopulations(share: 0.3, ratio: 5, scatter: 0.3, rankCorrelation: 0.7),
  ])
  func sizesHaveTheMeanAndGrowWithRecruitment(
    law: MotorNeuronPoolConfiguration.SizeLaw
  ) {
    var random = SeededGenerator(seed: 5)
    var settings = MotorNeuronPoolConfiguration()
    settings.unitCount = 400
    settings.sizeLaw = law
    let sizes = MotorNeuronPool(settings, using: &random).fibreCounts.map(Double.init)
    let mean = sizes.reduce(0, +) / 400
    #expect(abs(mean - settings.meanFibresPerUnit) < 0.02 * settings.meanFibresPerUnit)
    let early = sizes.prefix(200).reduce(0, +)
    let late = sizes.suffix(200).reduce(0, +)
    #expect(late > 1.3 * early)
  }

  @Test func twoPopulationsHaveTheirShareAndRatio() {
    var random = SeededGenerator(seed: 6)
    var settings = MotorNeuronPoolConfiguration()
    settings.unitCount = 100
    settings.sizeLaw = .twoPopulations(share: 0.25, ratio: 6, scatter: 0, rankCorrelation: 0.5)
    let sizes = MotorNeuronPool(settings, using: &random).fibreCounts.map(Double.init)
    let cut = settings.meanFibresPerUnit
    let large = sizes.filter { $0 > cut }
    let small = sizes.filter { $0 <= cut }
    #expect(large.count == 25)
    #expect(abs(large[0] / small[0] - 6) < 0.1)
  }

  @Test func gammaNumbersHaveTheirMoments() {
    var random = SeededGenerator(seed: 9)
    for shape in [0.6, 2.0, 40.0] {
      let values = (0..<20_000).map { _ in random.gamma(shape: shape) }
      let mean = values.reduce(0, +) / 20_000
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
      #expect(abs(mean - shape) < 0.03 * shape)
      #expect(abs(variance - shape) < 0.06 * shape)
    }
  }

  @Test func poissonCountsHaveTheirMoments() {
    var random = SeededGenerator(seed: 10)
    for mean in [0.7, 6, 60] {
      let values = (0..<10_000).map { _ in Double(random.poisson(mean: mean)) }
      let found = values.reduce(0, +) / 10_000
      let variance = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / 10_000
      #expect(abs(found - mean) < 0.04 * mean)
      #expect(abs(variance - mean) < 0.08 * mean)
    }
  }
}
