internal import CFFTW
import Synchronization

/// A real fast Fourier transform of one fixed length, in single precision.
///
/// The spectrum of `length` real samples has `length / 2 + 1` bins, kept as separate real and
/// imaginary parts. Neither direction is scaled: a forward followed by an inverse transform
/// multiplies by `length`. A transform is planned once and may be executed from many threads.
/// Source: Frigo and Johnson 2005, Proc. IEEE 93(2) (FFTW 3).
public final class RealFFT: Sendable {
  /// The number of real samples.
  public let length: Int
  /// The number of bins of the spectrum, `length / 2 + 1`.
  public var binCount: Int { length / 2 + 1 }

  private let plans: FFTWPlans

  /// Plans both directions for a length of at least 2.
  public init(length: Int) {
    precondition(length >= 2, "a transform needs at least two samples")
    self.length = length
    plans = planning.withLock { _ in FFTWPlans(length: length) }
  }

  deinit { planning.withLock { _ in plans.destroy() } }

  /// The smallest length of the form 2^a 3^b 5^c that holds at least `count` samples.
  ///
  /// Even lengths only, since FFTW's real transforms are fastest on them.
  public static func efficientLength(atLeast count: Int) -> Int {
    var best = 2
    while best < count { best *= 2 }
    var five = 1
    while five < best {
      var three = five
      while three < best {
        var candidate = three * 2
        while candidate < count { candidate *= 2 }
        best = min(best, candidate)
        three *= 3
      }
      five *= 5
    }
    return best
  }

  /// Transforms `length` samples into a spectrum of `binCount` bins.
  public func forward(_ samples: [Float]) -> Spectrum {
    precondition(samples.count == length, "the transform takes exactly \(length) samples")
    let time = AlignedFloats(count: length)
    let parts = AlignedFloats(count: 2 * binCount)
    for index in 0..<length { time.base[index] = samples[index] }
    forward(time.base, parts.base)
    var spectrum = Spectrum(binCount: binCount)
    for bin in 0..<binCount {
      spectrum.real[bin] = parts.base[2 * bin]
      spectrum.imaginary[bin] = parts.base[2 * bin + 1]
    }
    return spectrum
  }

  /// Transforms a spectrum of `binCount` bins back into `length` samples, times `length`.
  public func inverse(_ spectrum: Spectrum) -> [Float] {
    precondition(spectrum.real.count == binCount, "the transform takes exactly \(binCount) bins")
    let time = AlignedFloats(count: length)
    let parts = AlignedFloats(count: 2 * binCount)
    for bin in 0..<binCount {
      parts.base[2 * bin] = spectrum.real[bin]
      parts.base[2 * bin + 1] = spectrum.imaginary[bin]
    }
    inverse(parts.base, time.base)
    return [Float](UnsafeBufferPointer(start: time.base, count: length))
  }

  /// The forward transform on raw memory into interleaved complex numbers.
  ///
  /// The input is left as it was. All memory here must come from `AlignedFloats`, at multiples of
  /// its alignment: FFTW's vector code needs it.
  func forward(_ input: UnsafeMutablePointer<Float>, _ spectrum: UnsafeMutablePointer<Float>) {
    fftwf_execute_dft_r2c(plans.forward, input, complex(spectrum))
  }

  /// The inverse transform on raw memory; the spectrum, laid out likewise, is overwritten.
  func inverse(_ spectrum: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
    fftwf_execute_dft_c2r(plans.inverse, complex(spectrum), output)
  }

  /// Two real signals as one complex one, the first its real part, forward.
  ///
  /// `2 * length` values in and out; half the work of two real transforms.
  func forwardPair(_ input: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
    fftwf_execute_dft(plans.forwardPair, complex(input), complex(output))
  }

  /// The pair's inverse.
  func inversePair(_ input: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
    fftwf_execute_dft(plans.inversePair, complex(input), complex(output))
  }

  private func complex(_ pointer: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<
    fftwf_complex
  > {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: fftwf_complex.self)
  }
}

/// A half spectrum in split layout: `real[k] + i imaginary[k]` for each bin k.
public struct Spectrum: Sendable, Equatable {
  /// The real parts, one for each bin.
  public var real: [Float]
  /// The imaginary parts, one for each bin.
  public var imaginary: [Float]

  /// A spectrum of zeros.
  public init(binCount: Int) {
    real = [Float](repeating: 0, count: binCount)
    imaginary = [Float](repeating: 0, count: binCount)
  }

  /// Adds the spectrum of the correlation of one signal with another: a times the conjugate of b.
  public mutating func addCorrelation(_ a: Spectrum, _ b: Spectrum) {
    let count = real.count
    precondition(a.real.count == count && b.real.count == count, "spectra differ in length")
    let ar = a.real.span
    let ai = a.imaginary.span
    let br = b.real.span
    let bi = b.imaginary.span
    var sumReal = real.mutableSpan
    for bin in 0..<count { sumReal[bin] += ar[bin] * br[bin] + ai[bin] * bi[bin] }
    var sumImaginary = imaginary.mutableSpan
    for bin in 0..<count { sumImaginary[bin] += ai[bin] * br[bin] - ar[bin] * bi[bin] }
  }
}

/// FFTW's planner and its destroy function are the two calls that are not thread-safe.
private let planning = Mutex<Void>(())

/// Plans that may cross threads: executing one with new arrays is thread-safe.
private struct FFTWPlans: @unchecked Sendable {
  let forward: OpaquePointer
  let inverse: OpaquePointer
  let forwardPair: OpaquePointer
  let inversePair: OpaquePointer

  init(length: Int) {
    // ESTIMATE does not touch the arrays, and always gives the same plan.
    let flags = UInt32(FFTW_ESTIMATE)
    let size = Int32(length)
    let first = AlignedFloats(count: 2 * length + 2)
    let second = AlignedFloats(count: 2 * length + 2)
    let a = UnsafeMutableRawPointer(first.base).assumingMemoryBound(to: fftwf_complex.self)
    let b = UnsafeMutableRawPointer(second.base).assumingMemoryBound(to: fftwf_complex.self)
    guard let forward = fftwf_plan_dft_r2c_1d(size, first.base, b, flags),
      let inverse = fftwf_plan_dft_c2r_1d(size, b, first.base, flags),
      let forwardPair = fftwf_plan_dft_1d(size, a, b, FFTW_FORWARD, flags),
      let inversePair = fftwf_plan_dft_1d(size, a, b, FFTW_BACKWARD, flags)
    else { preconditionFailure("FFTW refused a transform of \(length) samples") }
    self.forward = forward
    self.inverse = inverse
    self.forwardPair = forwardPair
    self.inversePair = inversePair
  }

  func destroy() {
    for plan in [forward, inverse, forwardPair, inversePair] { fftwf_destroy_plan(plan) }
  }
}

/// Memory for numbers, aligned for the widest vector instructions.
final class AlignedFloats {
  /// The first number.
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * max(1, count), alignment: 64)
    base = memory.bindMemory(to: Float.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// The next multiple of the alignment, in numbers.
  static func stride(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
