extension RateConversion {
  /// Most phases of a conversion to any rate.
  private static let largestPhaseCount = 5_000
  /// Most weights of such a conversion.
  private static let largestTable = 1 << 22
  /// Attenuation in dB of what such a conversion lets fold onto the band.
  private static let exactAttenuation = 80.0

  /// The conversion to a rate, up or down, as a ratio of whole numbers; what lies below 90 % of half
  /// the lower rate stays as it is (Kaiser 1974).
  ///
  /// Nil where no ratio with at most 5,000 phases comes within one part in 10^9, or where the rates
  /// are more than a few hundredfold apart.
  public init?(from samplingRate: Double, to wanted: Double) {
    precondition(samplingRate > 0 && wanted > 0, "rates must be positive")
    guard let (up, down) = Self.ratio(wanted / samplingRate) else { return nil }
    let stop = min(1, Double(up) / Double(down)) / 2
    let pass = 0.9 * stop
    let length = (Self.exactAttenuation - 8) / (2.285 * 2 * .pi * (stop - pass))
    let half = up == down ? 0 : (Int(length.rounded(.up)) / 2 + 4) / 4 * 4
    guard half < 1 << 16, up * 2 * half <= Self.largestTable else { return nil }
    self.up = up
    self.down = down
    halfLength = half
    taps =
      up == down
      ? []
      : Self.taps(
        up: up, half: half, cutoff: stop + pass, beta: 0.1102 * (Self.exactAttenuation - 8.7))
  }

  /// The simplest fraction within one part in 10^9 of a number (continued fractions).
  private static func ratio(_ value: Double) -> (up: Int, down: Int)? {
    var (before, now) = ((up: 1, down: 0), (up: Int(value), down: 1))
    var rest = value
    for _ in 0..<32 {
      if now.up > 0, abs(Double(now.up) / Double(now.down) / value - 1) <= 1e-9 {
        return now.up <= largestPhaseCount ? now : nil
      }
      let fraction = rest - rest.rounded(.down)
      guard fraction > 1e-12 else { return nil }
      rest = 1 / fraction
      guard rest < 1e9 else { return nil }
      let next = Int(rest)
      (before, now) = (now, (next * now.up + before.up, next * now.down + before.down))
      guard now.up <= 1 << 24, now.down <= 1 << 24 else { return nil }
    }
    return nil
  }

  /// Input samples that some output samples need, within an input of a length.
  public func inputs(of outputs: Range<Int>, inputCount: Int) -> Range<Int> {
    guard !outputs.isEmpty, inputCount > 0 else { return 0..<0 }
    let first = outputs.lowerBound * down / up + 1 - halfLength
    let last = (outputs.upperBound - 1) * down / up + 1 + halfLength
    let low = min(max(0, first), inputCount - 1)
    return low..<max(low + 1, min(inputCount, last))
  }

  /// Some output samples from the input samples that `inputs` names.
  ///
  /// - Parameters:
  ///   - samples: the input samples of that range.
  ///   - outputs: the output samples.
  ///   - inputCount: length of the whole input; beyond it the end samples count on.
  public func apply(_ samples: [Float], outputs: Range<Int>, inputCount: Int) -> [Float] {
    if isIdentity || samples.isEmpty { return samples }
    let range = inputs(of: outputs, inputCount: inputCount)
    precondition(samples.count == range.count, "the samples that the outputs need")
    let first = outputs.lowerBound * down / up + 1 - halfLength
    let last = (outputs.upperBound - 1) * down / up + 1 + halfLength
    let padded =
      [Float](repeating: samples[0], count: max(0, range.lowerBound - first)) + samples
      + [Float](repeating: samples[samples.count - 1], count: max(0, last - range.upperBound))
    let length = 2 * halfLength
    let (input, weights) = (padded.span, taps.span)
    return outputs.map { index in
      let place = index * down / up + 1 - halfLength - first
      let phase = index * down % up
      return VectorKernel.dot(
        input.extracting(place..<place + length),
        weights.extracting(phase * length..<(phase + 1) * length))
    }
  }
}
