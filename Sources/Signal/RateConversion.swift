import RealModule

/// A change of the sampling rate by a ratio of small whole numbers, without shift in time.
///
/// Output sample n stands at n * `ratio` samples of the input; its value is the input under a
/// Kaiser-windowed sinc that keeps what lies below the pass edge and stops what would fold
/// (Crochiere and Rabiner 1983, chapter 2; Kaiser 1974).
public struct RateConversion: Sendable, Equatable {
  /// Output samples for each `down` input samples.
  public let up: Int
  /// Input samples for each `up` output samples.
  public let down: Int
  /// Input samples that an output sample needs on either side.
  public let halfLength: Int
  /// `[phase][tap]`, `2 * halfLength` taps; tap k of an output between the input samples p and
  /// p + 1 belongs to sample p + 1 - halfLength + k.
  let taps: [Float]

  /// The largest numerator that is tried.
  static let largestNumerator = 4
  /// Attenuation of what folds onto the band, in dB.
  static let attenuation = 60.0

  /// The conversion to the lowest rate at or above a wanted one; none where less than a tenth of
  /// the samples would be saved.
  ///
  /// - Parameters:
  ///   - samplingRate: of the input, in Hz.
  ///   - wanted: lowest rate of the output in Hz, above twice `passEdge`.
  ///   - passEdge: upper edge in Hz of the band that must stay as it is.
  public init(from samplingRate: Double, toAtLeast wanted: Double, passEdge: Double) {
    precondition(samplingRate > 0 && wanted > 0 && passEdge >= 0, "rates must be positive")
    var best = (up: 1, down: 1)
    for up in 1...Self.largestNumerator {
      // A rate that was stored as a decimal number must find its own ratio again.
      let down = Int((Double(up) * samplingRate / wanted * (1 + 1e-9)).rounded(.down))
      if down > up && up * best.down < best.up * down { best = (up, down) }
    }
    if Double(best.up) > 0.9 * Double(best.down) { best = (1, 1) }
    up = best.up
    down = best.down
    if best.up == best.down {
      halfLength = 0
      taps = []
      return
    }
    let rate = samplingRate * Double(best.up) / Double(best.down)
    // The upper fifth of the new band, or what is left above the pass edge, is transition.
    let stop = rate / 2
    let pass = min(max(passEdge, 0.8 * stop), 0.95 * stop)
    let transition = (stop - pass) / samplingRate
    let length = (Self.attenuation - 8) / (2.285 * 2 * .pi * transition)
    halfLength = (Int(length.rounded(.up)) / 2 + 4) / 4 * 4
    let beta = 0.1102 * (Self.attenuation - 8.7)
    let cutoff = (stop + pass) / samplingRate
    taps = Self.taps(up: best.up, half: halfLength, cutoff: cutoff, beta: beta)
  }

  /// Taps of all phases: a sinc that ends at `cutoff` (in samples of the input, 1 is its rate) under a
  /// Kaiser window, each phase of sum one.
  static func taps(up: Int, half: Int, cutoff: Double, beta: Double) -> [Float] {
    (0..<up).flatMap { phase in
      let values = (0..<(2 * half)).map { tap -> Double in
        let x = Double(tap + 1 - half) - Double(phase) / Double(up)
        let place = x / Double(half)
        if abs(place) >= 1 { return 0 }
        let sinc = x == 0 ? 1 : Double.sin(.pi * cutoff * x) / (.pi * cutoff * x)
        return sinc * bessel(beta * (1 - place * place).squareRoot())
      }
      let sum = values.reduce(0, +)
      return values.map { Float($0 / sum) }
    }
  }

  /// The modified Bessel function of the first kind and order zero, by its power series.
  private static func bessel(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var index = 1.0
    while term > 1e-12 * sum {
      term *= (x / 2 / index) * (x / 2 / index)
      sum += term
      index += 1
    }
    return sum
  }

  /// Whether the rate stays as it is.
  public var isIdentity: Bool { up == down }
  /// Input samples for each output sample.
  public var ratio: Double { Double(down) / Double(up) }

  /// The rate after conversion, in Hz.
  public func rate(from samplingRate: Double) -> Double {
    isIdentity ? samplingRate : samplingRate * Double(up) / Double(down)
  }

  /// The number of output samples that stand within a number of input samples.
  public func outputCount(of inputCount: Int) -> Int {
    inputCount == 0 ? 0 : (inputCount - 1) * up / down + 1
  }

  /// Converts a whole channel; samples beyond its ends count as its end samples.
  public func apply(_ samples: [Float]) -> [Float] {
    if isIdentity || samples.isEmpty { return samples }
    let padded =
      [Float](repeating: samples[0], count: halfLength) + samples
      + [Float](repeating: samples[samples.count - 1], count: halfLength)
    let length = 2 * halfLength
    let (input, weights) = (padded.span, taps.span)
    return (0..<outputCount(of: samples.count)).map { index in
      let place = index * down / up
      let phase = index * down % up
      return VectorKernel.dot(
        input.extracting((place + 1)..<(place + 1 + length)),
        weights.extracting((phase * length)..<((phase + 1) * length)))
    }
  }
}

/// The same conversion of a multichannel signal as it arrives.
public struct StreamingRateConversion: Sendable {
  /// What is converted.
  public let conversion: RateConversion
  /// The number of channels.
  public let channelCount: Int
  /// The input samples still needed, `[sample][channel]`.
  private var held: [Float]
  /// Place of the first held sample in the input.
  private var start: Int
  private var produced = 0

  /// A conversion at the first sample of a signal; samples before it count as zero.
  public init(_ conversion: RateConversion, channelCount: Int) {
    self.conversion = conversion
    self.channelCount = channelCount
    start = -conversion.halfLength
    held = [Float](repeating: 0, count: conversion.halfLength * channelCount)
  }

  /// Takes `[sample][channel]` and returns, in the same form, the output samples that have become
  /// certain: those `halfLength` input samples ago and before.
  public mutating func convert(_ block: [Float]) -> [Float] {
    if conversion.isIdentity { return block }
    let m = channelCount
    let half = conversion.halfLength
    held += block
    let end = start + held.count / m
    var result: [Float] = []
    while true {
      let place = produced * conversion.down / conversion.up
      let first = place + 1 - half
      if first + 2 * half > end { break }
      let phase = produced * conversion.down % conversion.up
      let offset = result.count
      result += [Float](repeating: 0, count: m)
      for tap in 0..<(2 * half) {
        VectorKernel.addScaled(
          held, from: (first + tap - start) * m, conversion.taps[phase * 2 * half + tap],
          into: &result, at: offset, count: m)
      }
      produced += 1
    }
    let needed = produced * conversion.down / conversion.up + 1 - half
    if needed > start {
      held.removeFirst((needed - start) * m)
      start = needed
    }
    return result
  }
}
