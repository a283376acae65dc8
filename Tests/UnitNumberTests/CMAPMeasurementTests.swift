import Foundation
import Signal
import Testing

@testable import UnitNumber

struct CMAPMeasurementTests {
  /// Half a sine of 8 mV and 6 ms from 4 ms on, then one of -3 mV and 9 ms; offset, artefact, noise.
  static func waveform(
    rate: Double = 20_000, sign: Float = 1, noise: Double = 0, artefact: Bool = true
  ) -> CMAPWaveform {
    var random = SeededGenerator(seed: 1)
    let before = Int(0.025 * rate)
    let samples = (0..<before + Int(0.08 * rate)).map { index -> Float in
      let time = Double(index - before) * 1000 / rate
      var value = 0.0
      if time >= 4 && time < 10 { value = 8000 * sin(.pi * (time - 4) / 6) }
      if time >= 10 && time < 19 { value = -3000 * sin(.pi * (time - 10) / 9) }
      if artefact && time >= 0 && time < 1 { value = 20_000 }
      return sign * Float(value) + 120 + Float(noise * random.normal())
    }
    return CMAPWaveform(
      samplesMicrovolts: samples, samplingRate: rate, stimulusSample: Double(before))
  }

  @Test("half sines: amplitude, area, power, duration and latencies in closed form")
  func closedForm() throws {
    let measures = try CMAPMeasurement().measure(Self.waveform())
    #expect(abs(measures.amplitudeMillivolts - 8) < 0.01)
    #expect(abs(measures.peakToPeakMillivolts - 11) < 0.01)
    #expect(abs(measures.areaMillivoltMilliseconds - 30.5577) < 0.05)
    #expect(abs(measures.powerSquaredMillivoltMilliseconds - 192) < 0.2)
    #expect(abs(measures.durationMilliseconds - 6) < 0.1)
    #expect(abs(measures.latencyMilliseconds - 4) < 0.1)
    #expect(abs(measures.peakLatencyMilliseconds - 7) < 0.06)
    #expect(abs(measures.baselineMicrovolts - 120) < 1e-3)
  }

  @Test("the physical sign and noise make no difference beyond the noise")
  func signAndNoise() throws {
    var settings = CMAPMeasurement()
    settings.negativePhase = .negativeSamples
    let turned = try settings.measure(Self.waveform(sign: -1, noise: 10))
    let automatic = try CMAPMeasurement().measure(Self.waveform(sign: -1, noise: 10))
    #expect(turned == automatic)
    #expect(abs(turned.amplitudeMillivolts - 8) < 0.05)
    #expect(abs(turned.areaMillivoltMilliseconds - 30.56) < 0.2)
    #expect((8...12).contains(turned.noiseMicrovolts))
  }

  @Test("without blanking the artefact would be the CMAP")
  func blanking() throws {
    var settings = CMAPMeasurement()
    settings.blankingMilliseconds = 0
    #expect(try settings.measure(Self.waveform()).amplitudeMillivolts > 19)
  }

  @Test("no response and no baseline are errors that say so")
  func errors() {
    let flat = CMAPWaveform(
      samplesMicrovolts: [Float](repeating: 3, count: 2000), samplingRate: 20_000,
      stimulusSample: 500)
    #expect(throws: UnitNumberError.self) { try CMAPMeasurement().measure(flat) }
    var early = Self.waveform()
    early.stimulusSample = 3
    #expect {
      try CMAPMeasurement().measure(early)
    } throws: { "\($0)".contains("samples before the stimulus") }
  }
}
