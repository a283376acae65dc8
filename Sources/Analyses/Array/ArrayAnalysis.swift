import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports
import Signal

/// One recording decomposed, with everything that outputs need.
public struct ArrayAnalysis {
  /// The recording that was analysed.
  public let recording: Recording
  /// SHA-256 of its content.
  public let inputHash: String
  /// Indices in the recording of the channels that went into the decomposition, in order.
  package let channels: [Int]
  /// The units and how they were found.
  public let decomposition: ArrayDecomposition
  /// Counts in windows of two lengths, the longer first.
  public let counts: [ActiveUnitCounts]
  /// How they were counted.
  package let counting: CountSettings
  /// Force at which each unit is recruited, where the recording has a force channel.
  public let recruitment: [UnitRecruitment]
  /// Force samples in the force channel's unit; empty without a force channel.
  public let force: [Float]
  /// What the user should know: assumptions, contradictions, doubts.
  public let warnings: [String]
  /// How potentials change over the segments of a long recording; empty for one decomposed whole.
  package let drift: [UnitDrift]
  /// Segments that the recording was cut into, 1 for none.
  package let segmentCount: Int

  /// Decomposes the EMG channels of an opened recording, a long one in segments.
  ///
  /// - Throws: `RecordingError`, `AnalysisError` naming the file, and what `progress` throws.
  public init(
    _ recording: Recording, configuration: ArrayConfiguration = ArrayConfiguration(),
    parallelism: Parallelism = Parallelism(),
    segmentation: SegmentConfiguration = SegmentConfiguration(),
    counting: CountSettings = CountSettings(),
    progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    let decomposer = ArrayDecomposer(configuration: configuration, parallelism: parallelism)
    let outcome: ArrayDecomposer.Outcome
    do {
      try Self.checkSize(recording)
      outcome = try decomposer.decompose(
        sampleCount: recording.sampleCount, samplingRate: recording.samplingRate,
        segmentation: segmentation,
        progress: {
          try progress(
            AnalysisProgress($0.fraction, detail: "round \($0.round), \($0.unitCount) units"))
        }, segmentProgress: Self.segmentProgress(progress),
        samples: { range in
          range == 0..<recording.sampleCount
            ? try recording.emgSamples() : try recording.emgSamples(in: range)
        })
    } catch let error as DecompositionError {
      throw AnalysisError(path: recording.source.path, error.description)
    }
    switch outcome {
    case .whole(let decomposition):
      try self.init(recording, decomposition, counting: counting)
    case .segmented(let result):
      try self.init(
        recording, result.decomposition, drift: result.drift, segmentCount: result.segments.count,
        counting: counting)
    }
  }

  /// An analysis around a decomposition made in any way.
  ///
  /// - Throws: `RecordingError`.
  package init(
    _ recording: Recording, _ decomposition: ArrayDecomposition, drift: [UnitDrift] = [],
    segmentCount: Int = 1, remarks: [String] = [], counting: CountSettings = CountSettings()
  ) throws {
    self.recording = recording
    self.decomposition = decomposition
    self.drift = drift
    self.segmentCount = segmentCount
    channels = recording.emgChannels
    var warnings = recording.warnings
    if !recording.gaps.isEmpty {
      warnings.append(
        "\(recording.gaps.count) gap(s) in the recording: samples on either side are analysed as "
          + "neighbours, times count recorded signal only")
    }
    inputHash = try recording.source.inputHash()
    let trains = decomposition.units.map(\.train)
    let power = decomposition.power
    self.counting = counting
    counts = counting.counts(trains: trains, duration: recording.duration, power: power)
    if let channel = recording.forceChannel {
      force = try recording.samples(channel: channel)
      recruitment = UnitRecruitment.of(
        decomposition.units, force: force,
        forceRate: recording.channels[channel].samplingRate)
    } else {
      force = []
      recruitment = UnitRecruitment.of(decomposition.units)
    }
    for rejected in decomposition.rejectedChannels {
      let name = recording.channels[channels[rejected.index]].name
      warnings.append("channel \(name) was left out: \(rejected.reason)")
    }
    warnings += decomposition.artefactWarnings(
      names: channels.map { recording.channels[$0].name })
    if !decomposition.notches.isEmpty {
      warnings.append(LineNoise.note(decomposition.notches))
    }
    if decomposition.units.isEmpty {
      warnings.append("no motor unit could be identified in this recording")
    }
    self.warnings = warnings + remarks
  }

  /// The progress over segments; the time left counts anew where they are cut anew.
  private static func segmentProgress(
    _ progress: @escaping AnalysisProgressHandler
  ) -> (SegmentedDecomposition.Progress) throws -> Void {
    var count: Int?
    var pass = 0
    return { state in
      if count != state.segmentCount { pass += 1 }
      count = state.segmentCount
      try progress(
        AnalysisProgress(
          state.fraction,
          detail: "segment \(state.segment) of \(state.segmentCount), \(state.unitCount) units",
          pass: pass))
    }
  }

  /// Refuses what cannot be decomposed before its samples are read.
  static func checkSize(_ recording: Recording) throws {
    let count = recording.emgChannels.count
    if count < ArrayDecomposer.fewestChannels {
      throw DecompositionError.tooFewChannels(
        usable: count, needed: ArrayDecomposer.fewestChannels, reason: "")
    }
    if recording.duration < ArrayDecomposer.shortestDuration {
      throw DecompositionError.tooShort(
        seconds: recording.duration, needed: ArrayDecomposer.shortestDuration)
    }
  }

  /// The force channel's description; nil without one.
  package var forceChannel: Channel? { recording.forceChannel.map { recording.channels[$0] } }

  /// Whether amplitudes are in microvolts.
  package var hasPhysicalAmplitude: Bool { recording.hasPhysicalAmplitude }

  /// Mean discharge rate over units, each while active, in Hz.
  package var meanRate: Double? {
    let rates = decomposition.units.compactMap(\.quality.meanRate)
    return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
  }

  /// The electrode grid, where rows and columns are known.
  package var grid: ElectrodeGrid? { recording.electrodeGrid }

  /// Parameters of the run as labelled values, in a fixed order.
  package var parameters: [(label: String, value: String)] {
    let configuration = decomposition.configuration
    let band = configuration.band(samplingRate: recording.samplingRate)
    return [
      ("Electrodes", configuration.electrodes.rawValue),
      ("Band", "\(Formatting.rate(band.low))–\(Formatting.rate(band.high)) Hz"),
      ("Analysis rate", "\(Formatting.rate(decomposition.filterRate)) Hz"),
      ("Filter taps", "\(decomposition.units.first?.filter?.tapCount ?? 0)"),
      ("Candidates a round", "\(configuration.batchSize)"),
      ("Fixed-point iterations", "\(configuration.iterations)"),
      ("Rounds run", "\(decomposition.roundCount) of at most \(configuration.mostRounds)"),
      ("Effort", configuration.effort.rawValue),
      ("Lowest silhouette", "\(configuration.silhouetteLimit)"),
      ("Highest interval CoV", "\(configuration.intervalVariationLimit)"),
      ("Duplicates from", "\(configuration.duplicateShare) agreement"),
    ]
  }
}
