import Foundation
import Testing

@testable import Signal

@Suite struct PowerSpectrumTests {
  @Test func powerOfASineAndOfNoise() {
    var random = SeededGenerator(seed: 11)
    let rate = 1_000.0
    let samples = (0..<60_000).map {
      Float(3 * sin(2 * .pi * 60 * Double($0) / rate) + 0.5 * random.normal())
    }
    let spectrum = PowerSpectrum(samples, samplingRate: rate, segmentLength: 2_000)
    #expect(abs(spectrum.power(from: 57, to: 63) - 4.5) < 0.05)
    // White noise of variance 0.25 over 500 Hz.
    #expect(abs(spectrum.power(from: 100, to: 400) - 0.15) < 0.01)
  }
}
