import Foundation
import Testing

@testable import MotorUnits

@Suite struct PotentialMeasuresTests {
  /// A triphasic potential of known extrema at 40 kHz in microvolts.
  private func triphasic(gain: Double = 1, baseline: Double = 0) -> [Float] {
    (0..<1_200).map { index in
      let t = Double(index - 600) / 40
      let value = 1_000 * (1 - t * t / 0.5) * exp(-t * t / 1.0)
      return Float(gain * value + baseline)
    }
  }

  @Test func measuresATriphasicPotential() throws {
    let measures = try #require(PotentialMeasures(potential: triphasic(), samplingRate: 40_000))
    // The negative lobes lie at t^2 = 1.5 ms^2 with (1 - 3) exp(-1.5) = -0.446 of the peak.
    #expect(abs(measures.amplitudeMicrovolts - 1_446) < 5)
    #expect(measures.phases == 3)
    #expect(measures.turns == 3)
    #expect(abs(measures.riseTimeMilliseconds - 1.2247) < 0.06)
    #expect(abs(measures.spikeDurationMilliseconds - 2.449) < 0.08)
    // 20 uV are left near |t| = 2.6 ms.
    #expect(measures.durationMilliseconds > 4.5 && measures.durationMilliseconds < 6.5)
    #expect(
      abs(
        measures.areaToAmplitudeMilliseconds
          - measures.areaMicrovoltMilliseconds / measures.amplitudeMicrovolts) < 1e-9)
    let index = 2 * log10(1.446) + measures.areaToAmplitudeMilliseconds
    #expect(abs(measures.sizeIndex - index) < 0.01)
  }

  @Test func baselineShiftChangesNothing() throws {
    let one = try #require(PotentialMeasures(potential: triphasic(), samplingRate: 40_000))
    let two = try #require(
      PotentialMeasures(potential: triphasic(baseline: 300), samplingRate: 40_000))
    #expect(abs(one.amplitudeMicrovolts - two.amplitudeMicrovolts) < 0.1)
    #expect(one.onset == two.onset && one.end == two.end && one.phases == two.phases)
  }

  @Test func amplitudeScales() throws {
    let one = try #require(PotentialMeasures(potential: triphasic(), samplingRate: 40_000))
    let two = try #require(PotentialMeasures(potential: triphasic(gain: 3), samplingRate: 40_000))
    #expect(abs(two.amplitudeMicrovolts / one.amplitudeMicrovolts - 3) < 1e-3)
    #expect(two.durationMilliseconds >= one.durationMilliseconds)
  }

  @Test func flatOrInvalidPotentialsHaveNoMeasures() {
    #expect(
      PotentialMeasures(potential: [Float](repeating: 3, count: 500), samplingRate: 40_000) == nil)
    var broken = triphasic()
    broken[10] = .nan
    #expect(PotentialMeasures(potential: broken, samplingRate: 40_000) == nil)
    #expect(PotentialMeasures(potential: [], samplingRate: 40_000) == nil)
  }

  @Test func turningPointsOfATriangleWave() {
    let wave = (0..<400).map { index -> Double in
      let phase = index % 100
      return Double(phase < 50 ? phase : 100 - phase) * 10
    }
    #expect(turningPoints(wave, least: 100) == [50, 100, 150, 200, 250, 300, 350])
    #expect(turningPoints(wave, least: 600).isEmpty)
    #expect(turningPoints([], least: 1).isEmpty)
  }
}
