import Signal

/// How one unit's potential changes over the segments of a long recording.
public struct UnitDrift: Sendable, Equatable, Codable {
  /// What one segment holds.
  public struct Point: Sendable, Equatable, Codable {
    /// First second of the segment.
    public let start: Double
    /// Last second of the segment.
    public let end: Double
    /// Discharges in the segment.
    public let dischargeCount: Int
    /// Largest peak-to-peak amplitude of the potential in microvolts.
    public let amplitudeMicrovolts: Double
    /// Cosine of the potential with that of the unit's first segment.
    public let similarity: Double
    /// Silhouette value in the segment.
    public let silhouette: Double
  }

  /// Number of the unit.
  public let unit: Int
  /// The segments that hold the unit, in order; a gap means that it was not found there.
  public let points: [Point]
}

/// A long recording decomposed in overlapping segments, read one after the other.
///
/// Memory holds one segment, whatever the length of the recording. Each segment starts from the
/// units seen so far: their filters are made from their last potentials and the segment's own
/// covariance, then what is left is searched for new units. Potentials may drift from segment to
/// segment, and units may come and go.
public struct SegmentedDecomposition: Sendable {
  /// All units over the whole recording.
  ///
  /// Each unit's potential and filter are those of the segment with most of its discharges.
  public let decomposition: ArrayDecomposition
  /// The segments in seconds.
  public let segments: [[Double]]
  /// For each unit how its potential changes.
  public let drift: [UnitDrift]

  /// How far a run has come.
  public struct Progress: Sendable {
    /// Segments that are done.
    public let segment: Int
    /// All segments.
    public let segmentCount: Int
    /// Units so far.
    public let unitCount: Int
    /// Share of the work that is done, 0...1: units are looked for in segments before theirs too.
    public let fraction: Double
  }

  /// Decomposes a recording of `sampleCount` samples.
  ///
  /// - `progress`: called after each round and segment; what it throws ends the run.
  /// - `samples`: channels x samples in microvolts of a range of the recording.
  /// - Throws: `DecompositionError`; what `progress` and `samples` throw.
  public init(
    sampleCount: Int, samplingRate: Double, decomposer: ArrayDecomposer,
    segmentation: SegmentConfiguration = SegmentConfiguration(),
    progress: (Progress) throws -> Void = { _ in }, samples: (Range<Int>) throws -> [[Float]]
  ) throws {
    try segmentation.validate()
    let configuration = decomposer.configuration
    let conversion = configuration.rateConversion(samplingRate: samplingRate)
    // Bins of the power trace and reduced samples must not be cut by a segment.
    let bin =
      conversion.binLength(rate: conversion.rate(from: samplingRate)) / conversion.up
      * conversion.down
    func makeRun(_ segmentation: SegmentConfiguration, clock: StageClock) -> SegmentRun {
      let ranges = segmentation.segments(
        sampleCount: sampleCount, samplingRate: samplingRate, step: 2 * bin)
      return SegmentRun(
        decomposer: decomposer, segmentation: segmentation, samplingRate: samplingRate,
        ranges: ranges, bin: bin, clock: clock)
    }
    var run = makeRun(segmentation, clock: StageClock())
    func state(_ done: Int, of run: SegmentRun, back: Bool = false) -> Progress {
      let count = run.ranges.count
      let all = segmentation.looksBack ? 2 * count : count
      return Progress(
        segment: done, segmentCount: count, unitCount: run.tracks.tracks.count,
        fraction: Double(back ? count + done : done) / Double(max(1, all)))
    }
    var index = 0
    while index < run.ranges.count {
      let before = state(index, of: run)
      try run.goForward(index, samples: samples, checkpoint: { try progress(before) })
      index += 1
      try progress(state(index, of: run))
      // Potentials that move within a segment are followed in shorter ones, from the start.
      if configuration.followsDrift, let steadiness = run.steadiness,
        steadiness < run.segmentation.steadinessLimit,
        let shorter = run.segmentation.followingDrift(
          duration: Double(sampleCount) / samplingRate, electrodes: configuration.electrodes)
      {
        run = makeRun(shorter, clock: run.clock)
        index = 0
      }
    }
    let ranges = run.ranges
    guard let first = run.merged.first else {
      throw run.merged.silence ?? DecompositionError.noSignal("the analysed band is empty")
    }
    run.join()
    if segmentation.looksBack {
      for index in ranges.indices.reversed() {
        let before = state(ranges.count - index - 1, of: run, back: true)
        try run.goBack(index, samples: samples, checkpoint: { try progress(before) })
        try progress(state(ranges.count - index, of: run, back: true))
      }
      run.join()
    }
    var trained = run.tracks.tracks.map { track in
      (
        track,
        UnitTracks.train(
          of: track, segments: ranges, samplingRate: samplingRate,
          refractory: configuration.refractoryTime * samplingRate / 2)
      )
    }.filter { $0.1.times.count >= configuration.fewestDischarges }
    trained.sort { ($0.1.times.first ?? 0, $0.0.id) < ($1.1.times.first ?? 0, $1.0.id) }
    let whole = run.merged.decomposition(
      units: trained.enumerated().map { Self.unit($0, track: $1.0, train: $1.1) },
      like: first, sampleCount: sampleCount, configuration: configuration,
      timings: run.clock.timings
    ).withCompleteness()
    decomposition = whole
    let kept = Set(whole.units.map(\.train.times))
    trained = trained.filter { kept.contains($0.1.times) }
    segments = ranges.map {
      [Double($0.lowerBound) / samplingRate, Double($0.upperBound) / samplingRate]
    }
    let times = segments
    drift = trained.enumerated().map { id, entry in
      Self.drift(id, track: entry.0, segments: times, samplingRate: samplingRate)
    }
  }

  private static func unit(_ id: Int, track: UnitTrack, train: SpikeTrain) -> MotorUnit {
    let main = track.pieces.max { $0.times.count < $1.times.count } ?? track.pieces[0]
    let total = Double(track.pieces.reduce(0) { $0 + $1.times.count })
    func mean(_ value: (UnitQuality) -> Double) -> Double {
      track.pieces.reduce(0) { $0 + value($1.unit.quality) * Double($1.times.count) } / total
    }
    var unit = main.unit
    unit.id = id
    unit.train = train
    unit.template.origin -= Int(
      (main.lag * unit.template.samplingRate / train.samplingRate).rounded())
    unit.quality = UnitQuality(
      silhouette: mean(\.silhouette), pulseToNoise: mean(\.pulseToNoise),
      isiCoV: train.isiCoV, meanRate: train.meanRate,
      predictedAgreement: mean { $0.predictedAgreement ?? 0 },
      halvesAgreement: track.pieces.contains { $0.unit.quality.halvesAgreement == nil }
        ? nil : mean { $0.halvesAgreement ?? 0 },
      round: main.unit.quality.round)
    return unit
  }

  private static func drift(
    _ id: Int, track: UnitTrack, segments: [[Double]], samplingRate: Double
  ) -> UnitDrift {
    let first = track.pieces[0].unit.template
    return UnitDrift(
      unit: id,
      points: track.pieces.map { piece in
        // Potentials stand off each other by the lag of their trains.
        let lag = abs(piece.lag) / samplingRate
        let longest = max(1, Int(((lag + 0.002) * first.samplingRate).rounded(.up)))
        return UnitDrift.Point(
          start: segments[piece.segment][0], end: segments[piece.segment][1],
          dischargeCount: piece.times.count,
          amplitudeMicrovolts: Double(piece.unit.template.peakToPeak),
          similarity: TemplateSimilarity(
            first, piece.unit.template, longestShift: longest
          ).cosine,
          silhouette: piece.unit.quality.silhouette)
      })
  }
}
