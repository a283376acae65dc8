import Signal

/// The segments of a long recording one after the other: forwards, then back.
struct SegmentRun {
  let decomposer: ArrayDecomposer
  let segmentation: SegmentConfiguration
  let samplingRate: Double
  let ranges: [Range<Int>]
  private(set) var tracks: UnitTracks
  private(set) var merged: MergedSegments
  private(set) var clock: StageClock
  /// How steady potentials are within the segment looked at last; nil where nothing tells.
  private(set) var steadiness: Double?

  init(
    decomposer: ArrayDecomposer, segmentation: SegmentConfiguration, samplingRate: Double,
    ranges: [Range<Int>], bin: Int, clock: StageClock = StageClock()
  ) {
    self.clock = clock
    self.decomposer = decomposer
    self.segmentation = segmentation
    self.samplingRate = samplingRate
    self.ranges = ranges
    tracks = UnitTracks(configuration: segmentation, samplingRate: samplingRate)
    merged = MergedSegments(ranges: ranges, bin: bin)
  }

  private var configuration: ArrayConfiguration { decomposer.configuration }

  /// Looks for the units seen so far in a segment, searches what is left, and links.
  mutating func goForward(
    _ index: Int, samples: (Range<Int>) throws -> [[Float]],
    checkpoint: () throws -> Void = {}
  ) throws {
    let channels = try read(index, samples)
    try decomposer.check(channels, samplingRate: samplingRate)
    let continued = ContinuedDecomposition(
      configuration: configuration, screening: decomposer.screening,
      parallelism: decomposer.parallelism, known: tracks.known, searchesRemainder: true)
    do {
      let rounds = try continued.run(
        channels, samplingRate: samplingRate, clock: &clock, progress: { _ in try checkpoint() },
        checkpoint: { _ in try checkpoint() })
      let result = result(rounds, channels)
      merged.add(result, segment: index)
      steadiness = rounds.steadiness(of: result, settings: segmentation)
      tracks.add(
        result.units, links: continued.links(of: result, in: rounds),
        ends: rounds.endPotentials(of: result, settings: segmentation), segment: index,
        range: ranges[index],
        overlap: index > 0
          ? overlap(index - 1) : ranges[index].lowerBound..<ranges[index].lowerBound)
    } catch let error as DecompositionError where error.isSilence && ranges.count > 1 {
      // A rest, or electrodes that were off for a while, do not end a long recording.
      merged.addSilent(index, error: error)
      steadiness = nil
    }
  }

  /// Looks in a segment for the units that the one after it holds and it lacks.
  ///
  /// Its own units are the start: they are subtracted, and re-estimated with what is found.
  mutating func goBack(
    _ index: Int, samples: (Range<Int>) throws -> [[Float]],
    checkpoint: () throws -> Void = {}
  ) throws {
    if index + 1 >= ranges.count || merged.isSilent(index) { return }
    let missing = tracks.missing(in: index)
    if missing.isEmpty { return }
    let held = tracks.held(in: index)
    let channels = try read(index, samples)
    let factor = configuration.rateConversion(samplingRate: samplingRate).ratio
    let offset = Double(ranges[index].lowerBound)
    let continued = ContinuedDecomposition(
      configuration: configuration, screening: decomposer.screening,
      parallelism: decomposer.parallelism,
      known: missing + held.map { KnownUnit(id: $0.track, template: $0.piece.unit.template) },
      started: held.map { track, piece in
        (
          track,
          SourceSearch.Candidate(
            times: piece.times.map { ($0 - offset) / factor }, quality: piece.unit.quality)
        )
      }, searchesRemainder: false)
    let rounds = try continued.run(
      channels, samplingRate: samplingRate, clock: &clock, progress: { _ in try checkpoint() },
      checkpoint: { _ in try checkpoint() })
    let result = result(rounds, channels)
    tracks.insert(
      result.units, links: continued.links(of: result, in: rounds),
      ends: rounds.endPotentials(of: result, settings: segmentation), segment: index,
      range: ranges[index],
      overlap: overlap(index))
  }

  /// Joins tracks that are pieces of one unit.
  mutating func join() {
    let joining = TrackJoining(
      segments: ranges, samplingRate: samplingRate,
      refractory: configuration.refractoryTime * samplingRate, configuration: configuration)
    let before = tracks.tracks
    tracks.replace(with: clock.measure(.joining) { joining.joined(before) })
  }

  private mutating func read(
    _ index: Int, _ samples: (Range<Int>) throws -> [[Float]]
  ) throws -> [[Float]] {
    let range = ranges[index]
    let channels = try clock.measure(.reading) { try samples(range) }
    if channels.contains(where: { $0.count != range.count }) {
      throw DecompositionError.unequalChannels(
        first: range.count, other: channels.map(\.count).min() ?? 0, channel: 0)
    }
    return channels
  }

  private func result(_ rounds: RoundState, _ channels: [[Float]]) -> ArrayDecomposition {
    rounds.result(
      samplingRate: samplingRate, sampleCount: channels[0].count, allChannels: channels.count,
      timings: [])
  }

  /// The common stretch of a segment and the one after it.
  private func overlap(_ index: Int) -> Range<Int> {
    let start = ranges[index + 1].lowerBound
    return start..<max(start, ranges[index].upperBound)
  }
}

extension SourceSearch.Candidate {
  /// A train found before, positions in samples at the rate of the search.
  init(times: [Double], quality: UnitQuality) {
    self.times = times
    samples = times.map { Int($0.rounded()) }
    silhouette = quality.silhouette
    variation = quality.isiCoV ?? 9
  }
}

extension DecompositionError {
  /// Whether there is nothing to decompose, rather than a fault of the request.
  fileprivate var isSilence: Bool {
    switch self {
    case .noSignal, .tooFewChannels: return true
    default: return false
    }
  }
}
