import Signal

/// Decomposes recordings from electrode arrays into motor units.
///
/// Rounds of search, joint template fit, re-estimation and subtraction run until two rounds in a
/// row add no unit. The result depends on the samples, the configuration and its seed only, not on
/// the number of threads.
public struct ArrayDecomposer: Sendable {
  /// Fewest usable channels.
  public static let fewestChannels = 4
  /// Most channels.
  public static let mostChannels = 512
  /// Shortest signal in seconds.
  public static let shortestDuration = 3.0
  /// Supported sampling rates in Hz.
  public static let samplingRates = 500.0...50_000.0

  /// How to decompose.
  public let configuration: ArrayConfiguration
  /// How channels are screened; by default as the configuration says.
  public let screening: ChannelScreening
  /// Threads to use.
  public let parallelism: Parallelism

  /// A decomposer with a configuration.
  public init(
    configuration: ArrayConfiguration = ArrayConfiguration(),
    screening: ChannelScreening? = nil, parallelism: Parallelism = Parallelism()
  ) {
    self.configuration = configuration
    self.screening = screening ?? configuration.screening
    self.parallelism = parallelism
  }

  /// How far a run has come: round, units so far, share of the most rounds done (0...1).
  public struct Progress: Sendable {
    /// The round that has just ended.
    public let round: Int
    /// Units accepted so far.
    public let unitCount: Int
    /// Residual power share so far.
    public let residualPowerShare: Double
    /// Share of the work done if every round is needed, 0...1.
    public let fraction: Double
  }

  /// Decomposes channels x samples in microvolts.
  ///
  /// - Parameters:
  ///   - channels: EMG channels of equal length.
  ///   - samplingRate: in Hz, 500 to 50,000.
  ///   - progress: called after each round.
  /// - Throws: `DecompositionError` where the signal cannot be decomposed.
  public func decompose(
    _ channels: [[Float]], samplingRate: Double, progress: (Progress) throws -> Void = { _ in }
  ) throws -> ArrayDecomposition {
    switch try following(channels, samplingRate: samplingRate, progress: progress) {
    case .whole(let decomposition): decomposition
    case .segmented(let segmented): segmented.decomposition
    }
  }

  /// How a recording was decomposed.
  public enum Outcome: Sendable {
    /// In one piece.
    case whole(ArrayDecomposition)
    /// In short segments, since its potentials move.
    case segmented(SegmentedDecomposition)
  }

  /// Decomposes as `decompose` does and keeps what the segments tell where potentials move.
  ///
  /// - Parameters:
  ///   - channels: EMG channels of equal length, in microvolts.
  ///   - samplingRate: in Hz, 500 to 50,000.
  ///   - segmentation: how the recording is cut where its potentials move.
  ///   - progress: called after each round on the recording in one piece.
  ///   - segmentProgress: called after each segment, if there are any.
  /// - Throws: `DecompositionError` where the signal cannot be decomposed.
  public func following(
    _ channels: [[Float]], samplingRate: Double,
    segmentation: SegmentConfiguration = SegmentConfiguration(),
    progress: (Progress) throws -> Void = { _ in },
    segmentProgress: (SegmentedDecomposition.Progress) throws -> Void = { _ in }
  ) throws -> Outcome {
    try check(channels, samplingRate: samplingRate)
    var clock = StageClock()
    let rounds = try ContinuedDecomposition(
      configuration: configuration, screening: screening, parallelism: parallelism, known: [],
      searchesRemainder: true
    ).run(channels, samplingRate: samplingRate, clock: &clock, progress: progress)
    let count = channels[0].count
    let result = rounds.result(
      samplingRate: samplingRate, sampleCount: count, allChannels: channels.count,
      timings: clock.timings)
    let moves = rounds.steadiness(of: result, settings: segmentation).map {
      $0 < segmentation.steadinessLimit
    }
    guard configuration.followsDrift, moves ?? false,
      let shorter = segmentation.followingDrift(
        duration: Double(count) / samplingRate, electrodes: configuration.electrodes)
    else { return .whole(result.withCompleteness(potentialsStay: moves == false)) }
    return .segmented(
      try SegmentedDecomposition(
        sampleCount: count, samplingRate: samplingRate, decomposer: self,
        segmentation: shorter, progress: segmentProgress,
        samples: { range in channels.map { Array($0[range]) } }))
  }

  /// Refuses what cannot be decomposed.
  func check(_ channels: [[Float]], samplingRate: Double) throws {
    try configuration.validate()
    if channels.count < Self.fewestChannels {
      throw DecompositionError.tooFewChannels(
        usable: channels.count, needed: Self.fewestChannels, reason: "")
    }
    if channels.count > Self.mostChannels {
      throw DecompositionError.tooManyChannels(found: channels.count, limit: Self.mostChannels)
    }
    if !Self.samplingRates.contains(samplingRate) {
      throw DecompositionError.samplingRate(
        found: samplingRate, lowest: Self.samplingRates.lowerBound,
        highest: Self.samplingRates.upperBound)
    }
    let count = channels[0].count
    if let other = channels.firstIndex(where: { $0.count != count }) {
      throw DecompositionError.unequalChannels(
        first: count, other: channels[other].count, channel: other)
    }
    let seconds = Double(count) / samplingRate
    if seconds < Self.shortestDuration {
      throw DecompositionError.tooShort(seconds: seconds, needed: Self.shortestDuration)
    }
  }
}
