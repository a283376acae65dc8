import RealModule
import Signal

/// The signal as the search sees it: band-passed, hum removed, bad channels out, at a fitting rate.
struct ConditionedArray: Sendable {
  /// The usable channels, time-major, scaled to unit mean square over all of them.
  var signal: TimeMajorSignal
  /// Sampling rate after reduction, in Hz.
  let rate: Double
  /// How the rate was reduced.
  let conversion: RateConversion
  /// Microvolts that one unit of the scaled signal stands for.
  let scale: Float
  /// Indices of the usable channels among those given.
  let channels: [Int]
  /// The channels left out, with reasons.
  let rejected: [RejectedChannel]
  /// Frequencies in Hz that were notched out as mains hum.
  let notches: [Double]
}

/// Band-pass, mains removal, channel screening and rate reduction ahead of a search.
struct SignalConditioning: Sendable {
  let configuration: ArrayConfiguration
  let screening: ChannelScreening
  let parallelism: Parallelism

  /// Conditions channels x samples in microvolts.
  ///
  /// - Throws: `DecompositionError.tooFewChannels` where fewer than four channels are usable.
  func condition(
    _ channels: [[Float]], samplingRate: Double, padding: Int
  ) throws -> ConditionedArray {
    let band = configuration.band(samplingRate: samplingRate)
    let conversion = configuration.rateConversion(samplingRate: samplingRate)
    let finite = channels.map { channel in
      channel.allSatisfy(\.isFinite) ? channel : [Float](repeating: 0, count: channel.count)
    }
    let notches =
      configuration.removesLineNoise
      ? LineNoise.harmonics(in: finite, samplingRate: samplingRate, band: band) : []
    let filter = ZeroPhaseFilter(
      samplingRate: samplingRate, lowEdge: band.low, highEdge: band.high, notches: notches)
    var filtered = filter.apply(finite, parallelism: parallelism)
    let rejected = screening.rejected(raw: channels, filtered: filtered, parallelism: parallelism)
    let excluded = Set(rejected.map(\.index))
    let kept = channels.indices.filter { !excluded.contains($0) }
    if kept.count < ArrayDecomposer.fewestChannels {
      let reason =
        rejected.first.map { " (channel \($0.index + 1): \($0.reason))" } ?? ""
      throw DecompositionError.tooFewChannels(
        usable: kept.count, needed: ArrayDecomposer.fewestChannels, reason: reason)
    }
    let reduced = parallelism.map(kept.count) { [filtered] in
      conversion.apply(filtered[kept[$0]])
    }
    filtered = []
    var signal = TimeMajorSignal(channels: reduced, padding: padding)
    let scale = Float(signal.meanSquare.squareRoot())
    if !(scale > 0) || !scale.isFinite {
      throw DecompositionError.noSignal("the analysed band is empty")
    }
    signal.scale(by: 1 / scale)
    return ConditionedArray(
      signal: signal, rate: conversion.rate(from: samplingRate), conversion: conversion,
      scale: scale, channels: kept, rejected: rejected, notches: notches)
  }
}

/// Finds mains hum: narrow peaks at 50 or 60 Hz and their harmonics.
enum LineNoise {
  /// Ratio of the power in 1 Hz around a harmonic to that of its neighbourhood that is hum.
  static let peakRatio = 6.0

  /// The harmonics present in the median channel, in Hz, within the band.
  static func harmonics(
    in channels: [[Float]], samplingRate: Double, band: (low: Double, high: Double)
  ) -> [Double] {
    // At most nine channels spread over the array tell: hum is common to all electrodes.
    let step = max(1, channels.count / 9)
    let spectra = stride(from: 0, to: channels.count, by: step).map { index in
      PowerSpectrum(
        channels[index], samplingRate: samplingRate, segmentLength: Int(2 * samplingRate))
    }
    if spectra.isEmpty { return [] }
    var best: [Double] = []
    for fundamental in [50.0, 60.0] {
      var found: [Double] = []
      var harmonic = fundamental
      while harmonic < min(band.high * 1.2, 0.48 * samplingRate) {
        let ratios = spectra.map { ratio($0, at: harmonic) }.sorted()
        if harmonic > band.low * 0.8 && ratios[ratios.count / 2] > peakRatio {
          found.append(harmonic)
        }
        harmonic += fundamental
      }
      if found.count > best.count { best = found }
    }
    return best
  }

  private static func ratio(_ spectrum: PowerSpectrum, at frequency: Double) -> Double {
    let peak = spectrum.power(from: frequency - 0.75, to: frequency + 0.75) / 1.5
    let around =
      (spectrum.power(from: frequency - 8, to: frequency - 3)
        + spectrum.power(from: frequency + 3, to: frequency + 8)) / 10
    return around > 0 ? peak / around : 0
  }
}
