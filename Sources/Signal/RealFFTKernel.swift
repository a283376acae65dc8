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

  private let forwardPlan: FFTWPlan
  private let inversePlan: FFTWPlan

  /// Plans both directions for a length of at least 2.
  public init(length: Int) {
    precondition(length >= 2, "a transform needs at least two samples")
    self.length = length
    (forwardPlan, inversePlan) = planning.withLock { _ in
      FFTWPlan.pair(length: length)
    }
  }

  deinit {
    planning.withLock { _ in
      fftwf_destroy_plan(forwardPlan.pointer)
      fftwf_destroy_plan(inversePlan.pointer)
    }
  }

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
    let work = UnsafeMutablePointer<Float>.allocate(capacity: length + 2 * binCount)
    defer { work.deallocate() }
    for index in 0..<length { work[index] = samples[index] }
    forward(work, work + length)
    var spectrum = Spectrum(binCount: binCount)
    for bin in 0..<binCount {
      spectrum.real[bin] = work[length + bin]
      spectrum.imaginary[bin] = work[length + binCount + bin]
    }
    return spectrum
  }

  /// Transforms a spectrum of `binCount` bins back into `length` samples, times `length`.
  public func inverse(_ spectrum: Spectrum) -> [Float] {
    precondition(spectrum.real.count == binCount, "the transform takes exactly \(binCount) bins")
    let work = UnsafeMutablePointer<Float>.allocate(capacity: length + 2 * binCount)
    defer { work.deallocate() }
    for bin in 0..<binCount {
      work[length + bin] = spectrum.real[bin]
      work[length + binCount + bin] = spectrum.imaginary[bin]
    }
    inverse(work + length, work)
    return [Float](UnsafeBufferPointer(start: work, count: length))
  }

  /// The forward transform on raw memory; the input is left as it was.
  ///
  /// `spectrum` holds the real parts and, right behind them, the imaginary ones: FFTW's plans for
  /// split layouts hold only for the distance of the two that they were made with.
  func forward(_ input: UnsafeMutablePointer<Float>, _ spectrum: UnsafeMutablePointer<Float>) {
    fftwf_execute_split_dft_r2c(forwardPlan.pointer, input, spectrum, spectrum + binCount)
  }

  /// The inverse transform on raw memory; the spectrum, laid out likewise, is overwritten.
  func inverse(_ spectrum: UnsafeMutablePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
    fftwf_execute_split_dft_c2r(inversePlan.pointer, spectrum, spectrum + binCount, output)
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
}

/// FFTW's planner and its destroy function are the two calls that are not thread-safe.
private let planning = Mutex<Void>(())

/// A plan that may cross threads: executing it with new arrays is thread-safe.
private struct FFTWPlan: @unchecked Sendable {
  let pointer: OpaquePointer

  static func pair(length: Int) -> (FFTWPlan, FFTWPlan) {
    let bins = length / 2 + 1
    var dimension = fftwf_iodim(n: Int32(length), is: 1, os: 1)
    // ESTIMATE does not touch the arrays; UNALIGNED lets any memory be used at execution.
    let flags = FFTW_ESTIMATE | UInt32(FFTW_UNALIGNED)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: length + 2 * bins)
    defer { scratch.deallocate() }
    let forward = fftwf_plan_guru_split_dft_r2c(
      1, &dimension, 0, nil, scratch, scratch + length, scratch + length + bins, flags)
    let inverse = fftwf_plan_guru_split_dft_c2r(
      1, &dimension, 0, nil, scratch + length, scratch + length + bins, scratch, flags)
    guard let forward, let inverse else {
      preconditionFailure("FFTW refused a real transform of \(length) samples")
    }
    return (FFTWPlan(pointer: forward), FFTWPlan(pointer: inverse))
  }
}
