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
  /// What was mended, at the recording's own rate.
  var artefacts: [SignalArtefact] = []
  /// Samples of the scaled signal in which nothing was recorded.
  var silent: [Range<Int>] = []
  /// Frequencies in Hz that were notched out as mains hum.
  let notches: [Double]
}

/// Mending, band-pass, mains removal, channel screening and rate reduction ahead of a search.
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
    let mended =
      configuration.mendsArtefacts
      ? ArtefactMending(
        samplingRate: samplingRate, lowEdge: band.low,
        potentialsAreLocal: configuration.electrodes == .intramuscular,
        configuration: configuration,
        parallelism: parallelism
      ).mend(channels) : nil
    let finite =
      mended?.channels
      ?? channels.map { channel in
        channel.allSatisfy(\.isFinite) ? channel : [Float](repeating: 0, count: channel.count)
      }
    let notches =
      configuration.removesLineNoise
      ? LineNoise.harmonics(
        in: finite, samplingRate: samplingRate, band: band, settings: configuration.hum) : []
    let filter = ZeroPhaseFilter(
      samplingRate: samplingRate, lowEdge: band.low, highEdge: band.high, notches: notches)
    var filtered = filter.apply(finite, parallelism: parallelism)
    let rejected = screening.rejected(
      raw: channels, filtered: filtered, mended: mended, parallelism: parallelism)
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
      scale: scale, channels: kept, rejected: rejected,
      artefacts: mended?.artefacts ?? [],
      silent: (mended?.silent ?? []).map {
        Int(
          Double($0.lowerBound) / conversion.ratio)..<Int(Double($0.upperBound) / conversion.ratio)
      }, notches: notches)
  }
}
