import RealModule

/// A band-pass with optional notches, without phase shift, applied in overlapping blocks.
///
/// The magnitude is that of a Butterworth band-pass run forwards and backwards (each edge at
/// half power once squared: -6 dB); its impulse response is cut to `halfLength` samples on either
/// side with a taper, so a block filter of any length gives the same samples as one
/// transform of the whole signal. Source: Gustafsson 1996, IEEE Trans. Signal Process. 44(4).
public struct ZeroPhaseFilter: Sendable, Equatable {
  /// Sampling rate in Hz.
  public let samplingRate: Double
  /// Lower edge in Hz; 0 for none.
  public let lowEdge: Double
  /// Upper edge in Hz; at or above half the sampling rate for none.
  public let highEdge: Double
  /// Order of the Butterworth filter that is run twice.
  public let order: Int
  /// Centres of notches in Hz.
  public let notches: [Double]
  /// Half-power half-width of each notch in Hz.
  public let notchHalfWidth: Double
  /// Samples of the impulse response on either side of zero.
  public let halfLength: Int

  /// A filter whose response lasts about two periods of its slowest feature.
  public init(
    samplingRate: Double, lowEdge: Double, highEdge: Double, order: Int = 2,
    notches: [Double] = [], notchHalfWidth: Double = 1
  ) {
    precondition(samplingRate > 0 && order > 0 && notchHalfWidth > 0, "filter out of range")
    self.samplingRate = samplingRate
    self.lowEdge = lowEdge
    self.highEdge = highEdge
    self.order = order
    self.notches = notches
    self.notchHalfWidth = notchHalfWidth
    var slowest = 1.0 / max(lowEdge, samplingRate / 1_000)
    if !notches.isEmpty { slowest = max(slowest, 0.5 / notchHalfWidth) }
    halfLength = max(16, Int((2 * slowest * samplingRate).rounded(.up)))
  }

  /// The gain at a frequency in Hz.
  public func gain(at frequency: Double) -> Double {
    var gain = 1.0
    let power = Double(2 * order)
    if lowEdge > 0 {
      gain *= frequency <= 0 ? 0 : 1 / (1 + Double.pow(lowEdge / frequency, power))
    }
    if highEdge < samplingRate / 2 { gain *= 1 / (1 + Double.pow(frequency / highEdge, power)) }
    for notch in notches {
      let distance = (frequency - notch) / notchHalfWidth
      gain *= 1 - 1 / (1 + distance * distance)
    }
    return gain
  }

  /// Filters each channel; the result has the same lengths.
  ///
  /// Samples beyond the ends count as a point reflection of the signal about its end samples, so edges do not ring.
  public func apply(
    _ channels: [[Float]], parallelism: Parallelism = Parallelism()
  ) -> [[Float]] {
    let blockLength = RealFFT.efficientLength(atLeast: max(4 * halfLength, 8_192))
    let fft = RealFFT(length: blockLength)
    let response = blockResponse(fft)
    return parallelism.map(channels.count) { index in
      filter(channels[index], fft: fft, response: response)
    }
  }

  /// The real gain of each bin after the impulse response is cut to its length.
  private func blockResponse(_ fft: RealFFT) -> [Float] {
    let n = fft.length
    var spectrum = Spectrum(binCount: fft.binCount)
    for bin in 0..<fft.binCount {
      spectrum.real[bin] = Float(gain(at: Double(bin) * samplingRate / Double(n)))
    }
    var impulse = fft.inverse(spectrum)
    for index in 0..<n {
      let distance = min(index, n - index)
      // Flat over the first half, so that notches keep their depth, then a raised cosine.
      let beyond = 2 * Double(distance) / Double(halfLength) - 1
      let taper = beyond <= 0 ? 1 : beyond >= 1 ? 0 : 0.5 + 0.5 * Double.cos(.pi * beyond)
      impulse[index] *= Float(taper) / Float(n)
    }
    return fft.forward(impulse).real.map { $0 / Float(n) }
  }

  private func filter(_ samples: [Float], fft: RealFFT, response: [Float]) -> [Float] {
    let count = samples.count
    if count == 0 { return [] }
    let hop = fft.length - 2 * halfLength
    var output = [Float](repeating: 0, count: count)
    var block = [Float](repeating: 0, count: fft.length)
    var start = 0
    while start < count {
      for index in 0..<fft.length { block[index] = reflected(samples, start - halfLength + index) }
      var spectrum = fft.forward(block)
      for bin in 0..<response.count {
        spectrum.real[bin] *= response[bin]
        spectrum.imaginary[bin] *= response[bin]
      }
      let filtered = fft.inverse(spectrum)
      for index in 0..<min(hop, count - start) {
        output[start + index] = filtered[index + halfLength]
      }
      start += hop
    }
    return output
  }

  private func reflected(_ samples: [Float], _ index: Int) -> Float {
    let count = samples.count
    if index >= 0 && index < count { return samples[index] }
    if count == 1 { return samples[0] }
    if index < 0 {
      let mirror = min(-index, count - 1)
      return 2 * samples[0] - samples[mirror]
    }
    let mirror = max(2 * (count - 1) - index, 0)
    return 2 * samples[count - 1] - samples[mirror]
  }
}
