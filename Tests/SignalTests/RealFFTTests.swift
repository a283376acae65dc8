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

  @Test func correlationsAddUp() {
    var random = SeededGenerator(seed: 3)
    let length = 60
    let fft = RealFFT(length: length)
    var sum = Spectrum(binCount: fft.binCount)
    var expected = [Float](repeating: 0, count: length)
    for _ in 0..<2 {
      let a = (0..<length).map { _ in Float(random.normal()) }
      let b = (0..<length).map { _ in Float(random.normal()) }
      sum.addCorrelation(fft.forward(a), fft.forward(b))
      for lag in 0..<length {
        for index in 0..<length { expected[lag] += a[(index + lag) % length] * b[index] }
      }
    }
    for (value, direct) in zip(fft.inverse(sum), expected) {
      #expect(abs(value / Float(length) - direct) < 1e-4)
    }
  }

  @Test(arguments: [30, 256])
  func aPairIsTwoTransforms(length: Int) {
    var random = SeededGenerator(seed: 6)
    let fft = RealFFT(length: length)
    let first = (0..<length).map { _ in Float(random.normal()) }
    let second = (0..<length).map { _ in Float(random.normal()) }
    let time = AlignedFloats(count: 2 * length)
    let parts = AlignedFloats(count: 2 * length)
    for index in 0..<length {
      time.base[2 * index] = first[index]
      time.base[2 * index + 1] = second[index]
    }
    fft.forwardPair(time.base, parts.base)
    let a = fft.forward(first)
    let b = fft.forward(second)
    for bin in 0..<fft.binCount {
      #expect(abs(parts.base[2 * bin] - (a.real[bin] - b.imaginary[bin])) < 1e-3)
      #expect(abs(parts.base[2 * bin + 1] - (a.imaginary[bin] + b.real[bin])) < 1e-3)
    }
    fft.inversePair(parts.base, time.base)
    for index in 0..<length {
      #expect(abs(time.base[2 * index] / Float(length) - first[index]) < 1e-5)
      #expect(abs(time.base[2 * index + 1] / Float(length) - second[index]) < 1e-5)
    }
  }

  @Test func shortTransformsAreTheSame() {
    var random = SeededGenerator(seed: 7)
    let taps = 11
    let length = 60
    let fft = RealFFT(length: length)
    let short = ShortTransforms(taps: taps, length: length)
    let filter = (0..<taps).map { _ in Float(random.normal()) }
    let parts = AlignedFloats(count: 2 * fft.binCount)
    short.forward(filter, columns: 1, into: parts.base)
    let spectrum = fft.forward(filter + [Float](repeating: 0, count: length - taps))
    for bin in 0..<fft.binCount {
      #expect(abs(parts.base[bin] - spectrum.real[bin]) < 1e-4)
      #expect(abs(parts.base[fft.binCount + bin] - spectrum.imaginary[bin]) < 1e-4)
    }
    let back = AlignedFloats(count: taps)
    short.inverse(parts.base, columns: 1, into: back.base)
    for tap in 0..<taps { #expect(abs(back.base[tap] - filter[tap]) < 1e-4) }
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
