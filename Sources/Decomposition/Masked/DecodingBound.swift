import Signal

/// How many units could be told apart in a recording whose truth is known: what is left of the true
/// trains when a decoder that is given every unit's potential decides them anew.
///
/// The potentials of all units are fitted jointly to the true trains and stay as they are; then all
/// trains are decided by `JointDecoding`, pass after pass, from the true ones on. A decomposition
/// knows neither potentials nor a start, so it can hardly pass what this decoder keeps: the distance
/// is what its search misses.
public struct DecodingBound: Sendable {
  /// Decisions of all units, one after the other.
  public static let passes = 4

  /// How signals are conditioned and trains decided.
  public let configuration: ArrayConfiguration
  /// How channels are screened; by default as the configuration says.
  public let screening: ChannelScreening
  /// Threads to use.
  public let parallelism: Parallelism

  /// A bound for decompositions with a configuration.
  public init(
    configuration: ArrayConfiguration = ArrayConfiguration(),
    screening: ChannelScreening? = nil, parallelism: Parallelism = Parallelism()
  ) {
    self.configuration = configuration
    self.screening = screening ?? configuration.screening
    self.parallelism = parallelism
  }

  /// The trains that the decoder finds, one for each true one and empty where it finds none, in
  /// samples of the recording and at lags of their own.
  ///
  /// - Parameters:
  ///   - truth: the true trains, ascending, in samples of the recording.
  ///   - channels: channels x samples in microvolts.
  ///   - samplingRate: in Hz.
  /// - Throws: `DecompositionError` where the signal cannot be decomposed.
  public func trains(
    like truth: [[Double]], in channels: [[Float]], samplingRate: Double
  ) throws -> [[Double]] {
    try ArrayDecomposer(
      configuration: configuration, screening: screening, parallelism: parallelism
    ).check(channels, samplingRate: samplingRate)
    let ratio = configuration.rateConversion(samplingRate: samplingRate).ratio
    let length = configuration.templateLength(rate: samplingRate / ratio)
    let conditioned = try SignalConditioning(
      configuration: configuration, screening: screening, parallelism: parallelism
    ).condition(channels, samplingRate: samplingRate, padding: 3 * length + 64)
    let signal = conditioned.signal
    var model = fitted(truth.map { $0.map { $0 / ratio } }, to: signal, length: length)
    let taps = configuration.polishingTapCount(
      channelCount: signal.channelCount, rate: conditioned.rate)
    let ridge = covariance(of: signal, taps: taps, ridge: nil).ridge
    var residual = model.residual(of: signal, parallelism: parallelism)
    var decided = truth.map { _ in [Double]() }
    for _ in 0..<Self.passes {
      let decoding = JointDecoding(
        covariance: covariance(
          of: residual, taps: taps, ridge: Float(configuration.maskedRidge) * ridge),
        configuration: configuration, rate: conditioned.rate, parallelism: parallelism)
      decided = decoding.decisions(for: &model, residual: &residual).map { $0?.times ?? [] }
    }
    return decided.map { $0.map { $0 * ratio } }
  }

  private func covariance(
    of signal: TimeMajorSignal, taps: Int, ridge: Float?
  ) -> ExtendedCovariance {
    let spectra = OverlapSaveSpectra(signal, filterLength: taps, parallelism: parallelism)
    return ExtendedCovariance(
      laggedCorrelations: spectra.laggedCorrelations(parallelism: parallelism),
      channelCount: spectra.channelCount, tapCount: taps,
      sampleCount: spectra.layout.sampleCount, ridgeFactor: configuration.ridgeFactor,
      ridge: ridge)
  }

  /// The potentials of trains, each moved to where its potential is strongest: it may follow its
  /// discharges by more than half of a template.
  private func fitted(
    _ trains: [[Double]], to signal: TimeMajorSignal, length: Int
  ) -> ConvolutiveModel {
    let m = signal.channelCount
    let wide = ConvolutiveModel(
      length: 3 * length, channelCount: m, trains: trains.map { PhasedTrain($0) }, templates: [])
    let centred = parallelism.map(trains.count) { unit -> [Double] in
      let mean = wide.correlation(of: unit, with: signal)
      let energies = (0..<wide.length).map { sample in
        mean[(sample * m)..<((sample + 1) * m)].reduce(Float(0)) { $0 + $1 * $1 }
      }
      var best = (first: 0, energy: -Float.infinity)
      for first in 0...(wide.length - length) {
        let energy = energies[first..<(first + length)].reduce(0, +)
        if energy > best.energy { best = (first, energy) }
      }
      let shift = Double(best.first + length / 2 - wide.origin)
      return trains[unit].map { $0 + shift }
    }
    var model = ConvolutiveModel(
      length: length, channelCount: m, trains: centred.map { PhasedTrain($0) },
      templates: [[Float]](repeating: [], count: trains.count))
    TemplateLeastSquares().fit(&model, to: signal, parallelism: parallelism)
    let templates = model.templates
    model.templates = parallelism.map(templates.count) {
      TemplateRank.limited(templates[$0], channelCount: m, rank: configuration.maskedRank)
    }
    return model
  }
}
