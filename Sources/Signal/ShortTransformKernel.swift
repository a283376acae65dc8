internal import COpenBLAS
import RealModule

/// Fourier transforms of signals that are short beside the transform, as matrix products.
///
/// Filters have few taps and of a correlation few lags are wanted: multiplying with the wanted
/// part of the Fourier matrix, for many channels at once, is then faster than the fast transform.
final class ShortTransforms: Sendable {
  private let taps: Int
  private let bins: Int
  /// `[part][bin][tap]`.
  private let analysis: [Float]
  /// `[tap][part][bin]`.
  private let synthesis: [Float]

  init(taps: Int, length: Int) {
    self.taps = taps
    bins = length / 2 + 1
    var analysis = [Float](repeating: 0, count: 2 * bins * taps)
    var synthesis = analysis
    for bin in 0..<bins {
      let isOwnMirror = bin == 0 || 2 * bin == length
      let weight = (isOwnMirror ? 1 : 2) / Double(length)
      for tap in 0..<taps {
        let angle = 2 * Double.pi * Double(bin * tap % length) / Double(length)
        let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
        analysis[bin * taps + tap] = Float(cosine)
        analysis[(bins + bin) * taps + tap] = Float(-sine)
        synthesis[tap * 2 * bins + bin] = Float(weight * cosine)
        synthesis[tap * 2 * bins + bins + bin] = Float(-weight * sine)
      }
    }
    self.analysis = analysis
    self.synthesis = synthesis
  }

  /// `[tap][column]` to `[part][bin][column]`.
  func forward(
    _ input: UnsafePointer<Float>, columns: Int, into output: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(2 * bins), blasint(columns), blasint(taps),
      1, analysis, blasint(taps), input, blasint(columns), 0, output, blasint(columns))
  }

  /// `[part][bin][column]` to `[tap][column]`, scaled: the inverse transform's first samples.
  func inverse(
    _ input: UnsafePointer<Float>, columns: Int, into output: UnsafeMutablePointer<Float>
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(taps), blasint(columns), blasint(2 * bins),
      1, synthesis, blasint(2 * bins), input, blasint(columns), 0, output, blasint(columns))
  }
}
