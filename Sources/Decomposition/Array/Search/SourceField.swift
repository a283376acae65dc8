import Signal

/// A stretch of a recording with the potentials of known trains fitted to it, from which the source
/// of each unit is computed, and computed anew when its train is edited.
///
/// The filter of a unit is C_res^-1 E[y(t) at its discharges], with y the residual of the joint fit
/// plus the unit's own potentials: the other units are gone before it is made, as in
/// the decomposition (Frost 1972; Holobar and Zazula 2007, IEEE Trans. Signal Process. 55). It
/// needs trains only, so decompositions of other programs can be looked at and edited alike.
public struct SourceField: UnitField {
  /// Rate of the sources in Hz.
  public let rate: Double
  /// Samples of the recording for each value of a source.
  public let ratio: Double
  /// Sample of the recording at which the stretch starts.
  public let start: Int
  /// Samples of the recording in the stretch.
  public let sampleCount: Int

  private let conditioned: ConditionedArray
  private let channelCount: Int
  private let model: ConvolutiveModel
  private let reestimation: UnitReestimation

  /// Fits the potentials of all trains to a stretch.
  ///
  /// - `channels`: channels x samples of the stretch, microvolts.
  /// - `start`: sample of the recording at which it starts.
  /// - `trains`: discharges of each unit in samples of the recording, ascending.
  /// - `configuration`: how the recording was decomposed.
  /// - Throws: `DecompositionError` where the signal cannot be used.
  public init(
    channels: [[Float]], samplingRate: Double, start: Int = 0, trains: [[Double]],
    configuration: ArrayConfiguration = ArrayConfiguration(),
    parallelism: Parallelism = Parallelism()
  ) throws {
    try ArrayDecomposer(configuration: configuration).check(channels, samplingRate: samplingRate)
    let conversion = configuration.rateConversion(samplingRate: samplingRate)
    let rate = conversion.rate(from: samplingRate)
    let length = configuration.templateLength(rate: rate)
    let m = channels.count
    let longest = max(
      configuration.polishingTapCount(channelCount: m, rate: rate),
      configuration.tapCount(
        channelCount: m, rate: rate, sampleCount: conversion.outputCount(of: channels[0].count)))
    conditioned = try SignalConditioning(
      configuration: configuration, screening: configuration.screening, parallelism: parallelism
    ).condition(channels, samplingRate: samplingRate, padding: length + 64 + longest)
    let count = conditioned.signal.sampleCount
    let ratio = conversion.ratio
    var model = ConvolutiveModel(
      length: length, channelCount: conditioned.channels.count,
      trains: trains.map { train in
        PhasedTrain(
          train.map { ($0 - Double(start)) / ratio }.filter { $0 >= 0 && $0 < Double(count) })
      }, templates: trains.map { _ in [] })
    TemplateLeastSquares().fit(&model, to: conditioned.signal, parallelism: parallelism)
    let residual = model.residual(of: conditioned.signal, parallelism: parallelism)
    let spectra = OverlapSaveSpectra(residual, filterLength: longest, parallelism: parallelism)
    let covariance = ExtendedCovariance(
      laggedCorrelations: spectra.laggedCorrelations(parallelism: parallelism),
      channelCount: spectra.channelCount, tapCount: longest, sampleCount: count,
      ridgeFactor: configuration.ridgeFactor)
    self.rate = rate
    self.ratio = ratio
    self.start = start
    self.model = model
    channelCount = m
    sampleCount = channels[0].count
    reestimation = UnitReestimation(
      configuration: configuration, residual: residual, spectra: spectra, covariance: covariance,
      rate: rate, parallelism: parallelism)
  }

  /// Indices of the channels that are used, and those left out with reasons.
  public var channels: [Int] { conditioned.channels }
  /// The channels that screening left out.
  public var rejectedChannels: [RejectedChannel] { conditioned.rejected }

  /// The potential of a unit in this stretch, in microvolts.
  public func template(of unit: Int) -> MUAPTemplate {
    let m = conditioned.channels.count
    var waveforms = [[Float]](repeating: [], count: channelCount)
    if !model.templates[unit].isEmpty {
      for (place, channel) in conditioned.channels.enumerated() {
        waveforms[channel] = (0..<model.length).map {
          model.templates[unit][$0 * m + place] * conditioned.scale
        }
      }
    }
    return MUAPTemplate(channels: waveforms, samplingRate: rate, origin: model.origin)
  }

  /// The source of a unit, its filter made from some of its discharges.
  ///
  /// - Parameters:
  ///   - components: trains given at the start whose potentials are the unit's own; a merged unit
  ///     has several.
  ///   - discharges: samples of the recording, ascending.
  /// - Returns: nil where none of the discharges lies in the stretch or the filter comes to nothing.
  public func source(components: [Int], discharges: [Double]) -> UnitSource? {
    let samples = conditioned.signal.sampleCount
    let instants = discharges.map { Int((($0 - Double(start)) / ratio).rounded()) }
      .filter { $0 >= 0 && $0 < samples }
    if instants.isEmpty { return nil }
    let covariance = reestimation.covariance
    var mean = reestimation.residual.meanOfPast(at: instants, length: covariance.tapCount)
    let own = components.filter { model.trains.indices.contains($0) && model.trains[$0].count > 0 }
    let phases = own.map { model.renderedPhases(of: $0) }
    for (component, waveform) in zip(own, phases) {
      reestimation.addOwnMean(
        to: &mean, at: instants, train: model.trains[component], model: model, rendered: waveform)
    }
    let filter = covariance.filters(for: [mean])
    var values = reestimation.spectra.filter(
      bank: filter, filterCount: 1, parallelism: reestimation.parallelism)
    for (component, waveform) in zip(own, phases) {
      UnitReestimation.addOwnSource(
        to: &values, filter: filter, taps: covariance.tapCount, train: model.trains[component],
        model: model, rendered: waveform)
    }
    let level = instants.reduce(Float(0)) { $0 + values[$1] } / Float(instants.count)
    if !(level > 0) || !level.isFinite { return nil }
    return UnitSource(
      values: values.prefix(samples).map { $0 / level }, rate: rate, ratio: ratio,
      start: Double(start))
  }
  /// How much the single potentials of a unit vary about their mean, by channel and sample, in microvolts.
  ///
  /// The mean is taken away with the unit's own potentials: what is left at its discharges is the
  /// residual of the joint fit, whose standard deviation about its mean this is.
  public func spread(components: [Int], discharges: [Double]) -> MUAPTemplate? {
    let residual = reestimation.residual
    let m = conditioned.channels.count
    let starts = discharges.map { Int((($0 - Double(start)) / ratio).rounded()) - model.origin }
      .filter { $0 >= 0 && $0 + model.length <= residual.sampleCount }
    if starts.count < 2 { return nil }
    var sum = [Double](repeating: 0, count: model.length * m)
    var squares = sum
    for place in starts {
      var run = [Float](repeating: 0, count: model.length * m)
      residual.addRun(startingAt: place, scale: 1, into: &run)
      for (index, value) in run.enumerated() {
        sum[index] += Double(value)
        squares[index] += Double(value) * Double(value)
      }
    }
    let count = Double(starts.count)
    var waveforms = [[Float]](repeating: [], count: channelCount)
    for (place, channel) in conditioned.channels.enumerated() {
      waveforms[channel] = (0..<model.length).map { sample in
        let index = sample * m + place
        let mean = sum[index] / count
        let variance = max(0, squares[index] - count * mean * mean) / (count - 1)
        return Float(variance.squareRoot()) * conditioned.scale
      }
    }
    return MUAPTemplate(channels: waveforms, samplingRate: rate, origin: model.origin)
  }
}
