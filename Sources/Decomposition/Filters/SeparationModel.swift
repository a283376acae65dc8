import Signal

/// The separation filters of a decomposition, kept so that they can be used again.
///
/// Holds what another recording with the same electrodes needs: how signals are conditioned, which
/// channels are used, and for each unit its filter, its potential and the heights of its source at
/// and between discharges.
public struct SeparationModel: Sendable, Equatable {
  /// Where a model comes from.
  public struct Provenance: Sendable, Equatable, Codable {
    /// Name and version of the software.
    public var software: String
    /// Name of the recording.
    public var recording: String
    /// SHA-256 of the recording's content; empty for one that was not a file.
    public var sha256: String
    /// Seconds of the recording that the thresholds and streaming filters were taken from.
    public var excerptSeconds: [Double]

    /// Provenance from its parts.
    public init(
      software: String, recording: String, sha256: String, excerptSeconds: [Double] = []
    ) {
      self.software = software
      self.recording = recording
      self.sha256 = sha256
      self.excerptSeconds = excerptSeconds
    }
  }

  /// Squared heights of a source at discharges and at its other peaks: the centres of the two
  /// classes, between which the threshold lies.
  public struct PeakHeights: Sendable, Equatable, Codable {
    /// Mean squared height of discharge peaks.
    public var discharges: Float
    /// Mean squared height of the other peaks.
    public var others: Float
    /// The threshold, half way between the centres.
    public var threshold: Float { (discharges + others) / 2 }

    /// Heights from their values.
    public init(discharges: Float, others: Float) {
      self.discharges = discharges
      self.others = others
    }
  }

  /// One unit's part of the model.
  public struct Unit: Sendable, Equatable {
    /// Number of the unit in the decomposition.
    public var id: Int
    /// Filter against what the other units leave, on the zero-phase conditioned signal.
    public var filter: SeparationFilter
    /// Potential in microvolts after zero-phase conditioning.
    public var template: MUAPTemplate
    /// Figures of merit in the recording it was found in, predicted agreement included.
    public var quality: UnitQuality
    /// Discharges in the recording it was found in.
    public var dischargeCount: Int
    /// Filters for causal use, one sample after the other.
    public var streaming: StreamingUnit
  }

  /// The electrodes.
  public var setUp: ChannelSetUp
  /// How the units were found, conditioning included.
  public var configuration: ArrayConfiguration
  /// Indices of the channels that are used.
  public var channels: [Int]
  /// Rate in Hz at which filters and templates are given.
  public var filterRate: Double
  /// Mains harmonics that were notched out, in Hz.
  public var notches: [Double]
  /// Microvolts of one unit of the signal that the filters are given for.
  public var scaleMicrovolts: Float
  /// Ridges of the covariances behind the first and the second streaming filters.
  public var ridges: [Float]
  /// Lagged correlations `[lag][c][d]` per sample behind them, from which updates start.
  public var correlations: [[Float]]
  /// The units.
  public var units: [Unit]
  /// Where the model comes from.
  public var provenance: Provenance

  /// Makes a model of a decomposition and the samples it was made from.
  ///
  /// Thresholds and streaming filters are taken from the stretch of at most `excerpt` seconds (by default
  /// as the configuration says) in which the most discharges fall, so the recording need not fit into
  /// memory.
  ///
  /// - `samples`: channels x samples in microvolts of a range of the recording.
  /// - Throws: `DecompositionError.model` without units; what `samples` throws.
  public init(
    _ decomposition: ArrayDecomposition, setUp: ChannelSetUp, provenance: Provenance,
    excerpt: Double? = nil, parallelism: Parallelism = Parallelism(),
    samples: (Range<Int>) throws -> [[Float]]
  ) throws {
    if decomposition.units.isEmpty {
      throw DecompositionError.model("no motor unit was identified, so there is nothing to keep")
    }
    let range = Self.busiestStretch(
      of: decomposition.units.map(\.train.times), sampleCount: decomposition.sampleCount,
      samples: Int(
        (excerpt ?? decomposition.configuration.kept.excerptSeconds) * decomposition.samplingRate))
    try self.init(
      decomposition, setUp: setUp, provenance: provenance, range: range, parallelism: parallelism,
      samples: try samples(range))
  }

  /// A model whose thresholds and streaming filters are taken from a range of the recording.
  private init(
    _ decomposition: ArrayDecomposition, setUp: ChannelSetUp, provenance: Provenance,
    range: Range<Int>, parallelism: Parallelism, samples: [[Float]]
  ) throws {
    let training = try StreamingTraining(
      decomposition: decomposition, samples: samples, start: range.lowerBound,
      parallelism: parallelism)
    self.setUp = setUp
    self.provenance = provenance
    self.provenance.excerptSeconds = [
      Double(range.lowerBound) / decomposition.samplingRate,
      Double(range.upperBound) / decomposition.samplingRate,
    ]
    configuration = decomposition.configuration
    channels = decomposition.channels
    filterRate = decomposition.filterRate
    notches = decomposition.notches
    scaleMicrovolts = training.scale
    ridges = training.ridges
    correlations = training.correlations
    let tapCount = training.tapCount
    units = zip(decomposition.units, training.units).map { unit, streaming in
      Unit(
        id: unit.id,
        filter: unit.filter
          ?? SeparationFilter(
            coefficients: [Float](
              repeating: 0, count: tapCount * decomposition.channels.count),
            tapCount: tapCount, channels: decomposition.channels),
        template: unit.template, quality: unit.quality, dischargeCount: unit.train.times.count,
        streaming: streaming)
    }
  }

  /// Makes a model from trains that are known, of a simulation or of another program.
  ///
  /// - `trains`: discharges of each unit in samples, ascending.
  /// - `samples`: channels x samples in microvolts.
  /// - Throws: `DecompositionError`.
  public init(
    trains: [[Double]], samples: [[Float]], setUp: ChannelSetUp,
    configuration: ArrayConfiguration, provenance: Provenance,
    parallelism: Parallelism = Parallelism()
  ) throws {
    let count = samples.first?.count ?? 0
    try self.init(
      trains: trains, sampleCount: count, setUp: setUp, configuration: configuration,
      provenance: provenance, excerpt: Double(count) / setUp.samplingRate, parallelism: parallelism
    ) { range in range.count == count ? samples : samples.map { Array($0[range]) } }
  }

  /// Makes a model from trains that are known and the stretch of at most `excerpt` seconds (by default
  /// as the configuration says) in which the most of their discharges fall.
  ///
  /// A unit with fewer than two discharges in that stretch is left out: it leaves no potential there.
  ///
  /// - `trains`: discharges of each unit in samples of the recording, ascending.
  /// - `ids`: numbers of the units; nil for 0, 1, ….
  /// - `qualities`: their figures of merit; nil where none are known.
  /// - `samples`: channels x samples in microvolts of a range of the recording.
  /// - Throws: `DecompositionError`, `.model` where no unit is left; what `samples` throws.
  public init(
    trains: [[Double]], ids: [Int]? = nil, qualities: [UnitQuality]? = nil, sampleCount: Int,
    setUp: ChannelSetUp, configuration: ArrayConfiguration, provenance: Provenance,
    excerpt: Double? = nil, parallelism: Parallelism = Parallelism(),
    samples: (Range<Int>) throws -> [[Float]]
  ) throws {
    precondition(ids.map { $0.count == trains.count } ?? true, "one number a train")
    precondition(qualities.map { $0.count == trains.count } ?? true, "one quality a train")
    let rate = setUp.samplingRate
    let excerpt = excerpt ?? configuration.kept.excerptSeconds
    let range = Self.busiestStretch(
      of: trains, sampleCount: sampleCount, samples: Int(excerpt * rate))
    let kept = trains.indices.filter { unit in
      trains[unit].lazy.filter { $0 >= Double(range.lowerBound) && $0 < Double(range.upperBound) }
        .prefix(2).count == 2
    }
    if kept.isEmpty {
      throw DecompositionError.model(
        "no motor unit discharges twice in any \(Int(excerpt.rounded())) s, so there is nothing to "
          + "keep")
    }
    let values = try samples(range)
    try ArrayDecomposer(configuration: configuration).check(values, samplingRate: rate)
    let conversion = configuration.rateConversion(samplingRate: rate)
    let filterRate = conversion.rate(from: rate)
    let length = configuration.templateLength(rate: filterRate)
    let taps = configuration.tapCount(channelCount: values.count, rate: filterRate)
    let conditioned = try SignalConditioning(
      configuration: configuration, screening: configuration.screening, parallelism: parallelism
    ).condition(values, samplingRate: rate, padding: length + 64 + taps)
    let count = Double(conditioned.signal.sampleCount)
    var model = ConvolutiveModel(
      length: length, channelCount: conditioned.channels.count,
      trains: kept.map { unit in
        PhasedTrain(
          trains[unit].map { ($0 - Double(range.lowerBound)) / conversion.ratio }
            .filter { $0 >= 0 && $0 < count })
      }, templates: kept.map { _ in [] })
    TemplateLeastSquares().fit(&model, to: conditioned.signal, parallelism: parallelism)
    let m = conditioned.channels.count
    let units = kept.enumerated().map { place, unit in
      var channels = [[Float]](repeating: [], count: values.count)
      for (electrode, channel) in conditioned.channels.enumerated() {
        channels[channel] = (0..<length).map {
          model.templates[place][$0 * m + electrode] * conditioned.scale
        }
      }
      let train = SpikeTrain(times: trains[unit], samplingRate: rate)
      return MotorUnit(
        id: ids?[unit] ?? unit, train: train,
        template: MUAPTemplate(channels: channels, samplingRate: filterRate, origin: length / 2),
        quality: qualities?[unit]
          ?? UnitQuality(
            silhouette: 1, pulseToNoise: 0, isiCoV: train.isiCoV,
            meanRate: train.meanRate, round: 0))
    }
    let decomposition = ArrayDecomposition(
      units: units, samplingRate: rate, sampleCount: sampleCount, filterRate: filterRate,
      channels: conditioned.channels, rejectedChannels: conditioned.rejected,
      notches: conditioned.notches, residualPowerShare: 0,
      power: PowerTrace(binDuration: 1, signal: [], residual: []), roundCount: 0,
      configuration: configuration, timings: [])
    try self.init(
      decomposition, setUp: setUp, provenance: provenance, range: range, parallelism: parallelism,
      samples: values)
  }

  /// A model from its parts.
  init(
    setUp: ChannelSetUp, configuration: ArrayConfiguration, channels: [Int], filterRate: Double,
    notches: [Double], scaleMicrovolts: Float, ridges: [Float],
    correlations: [[Float]], units: [Unit],
    provenance: Provenance
  ) {
    self.setUp = setUp
    self.configuration = configuration
    self.channels = channels
    self.filterRate = filterRate
    self.notches = notches
    self.scaleMicrovolts = scaleMicrovolts
    self.ridges = ridges
    self.correlations = correlations
    self.units = units
    self.provenance = provenance
  }

  /// The stretch with the most discharges, in samples of the recording.
  private static func busiestStretch(
    of trains: [[Double]], sampleCount: Int, samples: Int
  ) -> Range<Int> {
    let length = min(sampleCount, samples)
    let times = trains.joined().sorted()
    var best = 0
    var bestCount = -1
    var low = 0
    var high = 0
    let step = max(1, length / 4)
    for start in stride(from: 0, through: sampleCount - length, by: step) {
      while low < times.count && times[low] < Double(start) { low += 1 }
      while high < times.count && times[high] < Double(start + length) { high += 1 }
      if high - low > bestCount {
        bestCount = high - low
        best = start
      }
    }
    return best..<(best + length)
  }
}
