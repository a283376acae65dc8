import Foundation
import Testing

@testable import Decomposition
@testable import MotorUnits

@Suite struct NeedleUnitMeasuresTests {
  private func wave(_ t: Double) -> Double {
    let z = t / 0.000_4
    return 600 * (1 - z * z) * exp(-0.5 * z * z)
  }

  private func unit(_ id: Int, times: [Double], gain: Double) -> NeedleUnit {
    let template = (0..<1_201).map { Float(gain * wave(Double($0 - 600) / 40_000)) }
    return NeedleUnit(
      id: id, train: SpikeTrain(times: times, samplingRate: 10_000),
      template: MUAPTemplate(channels: [template], samplingRate: 40_000, origin: 600),
      amplitudes: times.map { _ in 1 }, doublets: [], meanInterval: 0.1, isiCoV: 0.1,
      shortIntervalShare: 0, completeness: 1, regularity: 1, energy: 1_000,
      amplitudeOverSignal: 5, misfit: 0.1, amplitudeSpread: 0.05, separation: 1,
      predictedAgreement: 0.98, reservations: [])
  }

  private func signal(_ units: [NeedleUnit], gains: [Double]) -> [Float] {
    var samples = [Float](repeating: 0, count: 40_000)
    for (unit, gain) in zip(units, gains) {
      for time in unit.train.times {
        for index in max(0, Int(time) - 60)...min(39_999, Int(time) + 60) {
          samples[index] += Float(gain * wave((Double(index) - time) / 10_000))
        }
      }
    }
    return samples
  }

  @Test func isolatedPotentialsAreThoseOfTheUnitAlone() {
    let first = unit(0, times: (1..<30).map { Double($0) * 1_000.3 }, gain: 1)
    let second = unit(1, times: (1..<30).map { Double($0) * 1_000.3 + 9 }, gain: 0.7)
    let samples = signal([first, second], gains: [1, 0.7])
    let isolated = IsolatedPotentials(
      of: 0, in: [first, second], channel: 0, samples: samples, samplingRate: 10_000)
    #expect(isolated.rows.count == 29)
    for row in isolated.rows {
      // Linear interpolation rounds a peak this narrow by a few percent.
      for offset in -30...30 {
        let expected = wave(Double(offset) / 10_000)
        #expect(abs(Double(row[isolated.origin + offset]) - expected) < 40)
      }
    }
  }

  @Test func measuresFollowTheUnits() throws {
    let first = unit(0, times: (1..<30).map { Double($0) * 1_000 }, gain: 1)
    let second = unit(1, times: (6..<30).map { Double($0) * 1_100 }, gain: 0.5)
    let samples = signal([first, second], gains: [1, 0.5])
    let result = NeedleResult(
      units: [first, second], flags: [], refusal: nil, residualSpikeShare: 0,
      noiseMicrovolts: [2], lineHarmonics: [], spikeRate: 20, segments: [0..<40_000],
      samplingRate: 10_000,
      duration: 4, configuration: NeedleConfiguration(), timings: [])
    let measures = needleUnitMeasures(result, channels: [samples])
    #expect(measures.count == 2)
    let large = try #require(measures[0].potential)
    let small = try #require(measures[1].potential)
    #expect(abs(small.amplitudeMicrovolts / large.amplitudeMicrovolts - 0.5) < 0.02)
    #expect(measures[0].meanRate == 10)
    #expect(measures[0].unitsActiveAtRecruitment == 0)
    #expect(measures[1].unitsActiveAtRecruitment == 1)
    #expect(abs(measures[0].recruitment - 0.1) < 1e-9)
    #expect(abs((measures[0].onsetRate ?? 0) - 10) < 1e-6)
    #expect((measures[0].variability?.jiggle ?? 1) < 0.1)
  }
}
