import RealModule

/// The power spectral density of one channel by Welch's method.
///
/// Hann windows of `segmentLength` samples, half overlapping. Source: Welch 1967, IEEE Trans.
/// Audio Electroacoust. 15(2).
public struct PowerSpectrum: Sendable, Equatable {
  /// Density in squared signal units per Hz, one value for each bin.
  public let density: [Double]
  /// The distance of the bins in Hz.
  public let resolution: Double

  /// Estimates the spectrum; a signal shorter than a segment is padded with zeros.
  public init(_ samples: [Float], samplingRate: Double, segmentLength: Int) {
    let length = RealFFT.efficientLength(atLeast: max(16, segmentLength))
    let fft = RealFFT(length: length)
    let window = (0..<length).map {
      Float(0.5 - 0.5 * Double.cos(2 * .pi * (Double($0) + 0.5) / Double(length)))
    }
    var total = [Double](repeating: 0, count: fft.binCount)
    var segments = 0
    var start = 0
    repeat {
      var block = [Float](repeating: 0, count: length)
      let present = min(length, samples.count - start)
      for index in 0..<max(0, present) { block[index] = samples[start + index] * window[index] }
      let spectrum = fft.forward(block)
      for bin in 0..<total.count {
        let re = Double(spectrum.real[bin])
        let im = Double(spectrum.imaginary[bin])
        total[bin] += re * re + im * im
      }
      segments += 1
      start += length / 2
    } while start + length <= samples.count
    let windowPower = window.reduce(0.0) { $0 + Double($1) * Double($1) }
    let scale = 2 / (windowPower * samplingRate * Double(segments))
    density = total.map { $0 * scale }
    resolution = samplingRate / Double(length)
  }

  /// The power between two frequencies in Hz, in squared signal units.
  public func power(from low: Double, to high: Double) -> Double {
    let first = max(0, Int((low / resolution).rounded(.up)))
    let last = min(density.count - 1, Int(high / resolution))
    if first > last { return 0 }
    return density[first...last].reduce(0, +) * resolution
  }
}
