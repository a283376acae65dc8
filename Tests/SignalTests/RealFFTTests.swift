import Foundation
import Testing

@testable import Signal

@Suite struct RealFFTTests {
  @Test(arguments: [2, 8, 30, 256, 1_000])
  func agreesWithTheDefinition(length: Int) {
    var random = SeededGenerator(seed: 1)
    let samples = (0..<length).map { _ in Float(random.normal()) }
    let spectrum = RealFFT(length: length).forward(samples)
    for bin in stride(from: 0, to: length / 2 + 1, by: max(1, length / 17)) {
      var re = 0.0
      var im = 0.0
      for (t, value) in samples.enumerated() {
        let angle = -2 * Double.pi * Double(bin * t % length) / Double(length)
        re += Double(value) * cos(angle)
        im += Double(value) * sin(angle)
      }
      #expect(abs(Double(spectrum.real[bin]) - re) < 2e-4 * Double(length).squareRoot())
      #expect(abs(Double(spectrum.imaginary[bin]) - im) < 2e-4 * Double(length).squareRoot())
    }
  }

  @Test func inverseUndoesForward() {
    var random = SeededGenerator(seed: 2)
    let samples = (0..<360).map { _ in Float(random.normal()) }
    let fft = RealFFT(length: 360)
    let back = fft.inverse(fft.forward(samples)).map { $0 / 360 }
    for (a, b) in zip(samples, back) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func efficientLengthsAreEvenAndSmooth() {
    for count in [1, 7, 17, 127, 1_021, 44_101] {
      let length = RealFFT.efficientLength(atLeast: count)
      #expect(length >= count && length % 2 == 0 && length <= 2 * count + 2)
      var rest = length
      for factor in [2, 3, 5] { while rest % factor == 0 { rest /= factor } }
      #expect(rest == 1)
    }
  }
}
