import Decomposition
import Foundation
import MotorUnits
import Recordings
import Signal

/// One recording decomposed, with everything that outputs need.
struct ArrayAnalysis {
  let recording: Recording
  let inputHash: String
  /// Indices in the recording of the channels that went into the decomposition, in order.
  let channels: [Int]
  let decomposition: ArrayDecomposition
  /// Counts in windows of two lengths, the longer first.
  let counts: [ActiveUnitCounts]
  let recruitment: [UnitRecruitment]
  /// Force samples in the force channel's unit; empty without a force channel.
  let force: [Float]
  let warnings: [String]
  /// How potentials change over the segments of a long recording; empty for one decomposed whole.
  let drift: [UnitDrift]
  /// Segments that the recording was cut into, 1 for none.
  let segmentCount: Int

  /// Decomposes the EMG channels of an opened recording, a long one in segments.
  ///
  /// - Throws: `RecordingError` and `DecompositionError`, the latter naming the file.
  init(
    _ recording: Recording, configuration: ArrayConfiguration, parallelism: Parallelism,
    segmentation: SegmentConfiguration = SegmentConfiguration(), meter: ProgressMeter? = nil
  ) throws {
    let decomposer = ArrayDecomposer(configuration: configuration, parallelism: parallelism)
    var segmented: SegmentedDecomposition?
    try self.init(
      recording,
      decompose: {
        if recording.duration > segmentation.automaticAbove {
          let result = try Self.segmented(
            recording, decomposer: decomposer, segmentation: segmentation, meter: meter)
          segmented = result
          return result.decomposition
        }
        let outcome = try decomposer.following(
          try recording.emgSamples(), samplingRate: recording.samplingRate,
          progress: { progress in
            meter?.update(
              progress.fraction, detail: "round \(progress.round), \(progress.unitCount) units")
          }, segmentProgress: Self.showing(meter))
        switch outcome {
        case .whole(let decomposition): return decomposition
        case .segmented(let result):
          segmented = result
          return result.decomposition
        }
      }, drift: { segmented?.drift ?? [] }, segmentCount: { segmented?.segments.count ?? 1 })
    meter?.finish()
  }

  /// An analysis around a decomposition made in any way.
  ///
  /// - Throws: `RecordingError` and `DecompositionError`, the latter naming the file.
  init(
    _ recording: Recording, decompose: () throws -> ArrayDecomposition,
    drift: () -> [UnitDrift] = { [] }, segmentCount: () -> Int = { 1 },
    remarks: () -> [String] = { [] }
  ) throws {
    self.recording = recording
    channels = recording.emgChannels
    var warnings = recording.warnings
    if !recording.gaps.isEmpty {
      warnings.append(
        "\(recording.gaps.count) gap(s) in the recording: samples on either side are analysed as "
          + "neighbours, times count recorded signal only")
    }
    let file = recording.source.path
    do {
      try Self.checkSize(recording)
      decomposition = try decompose()
    } catch let error as DecompositionError {
      throw Failure.Message("\(file): \(error.description)")
    }
    self.drift = drift()
    self.segmentCount = segmentCount()
    inputHash = try recording.source.inputHash()
    let trains = decomposition.units.map(\.train)
    let power = decomposition.power
    counts = [2.0, 1.0].map { window in
      ActiveUnitCounts(
        trains: trains, duration: recording.duration, power: power,
        configuration: .init(window: window, step: window / 2))
    }
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
    if !decomposition.notches.isEmpty {
      warnings.append(LineNoise.note(decomposition.notches))
    }
    if decomposition.units.isEmpty {
      warnings.append("no motor unit could be identified in this recording")
    }
    self.warnings = warnings + remarks()
  }

  private static func segmented(
    _ recording: Recording, decomposer: ArrayDecomposer, segmentation: SegmentConfiguration,
    meter: ProgressMeter?
  ) throws -> SegmentedDecomposition {
    try SegmentedDecomposition(
      sampleCount: recording.sampleCount, samplingRate: recording.samplingRate,
      decomposer: decomposer, segmentation: segmentation,
      progress: showing(meter), samples: { try recording.emgSamples(in: $0) })
  }

  /// Shows the progress over segments; the time left counts anew where they are cut anew.
  private static func showing(
    _ meter: ProgressMeter?
  ) -> (SegmentedDecomposition.Progress) -> Void {
    var count: Int?
    return { progress in
      if count != progress.segmentCount { meter?.restart() }
      count = progress.segmentCount
      meter?.update(
        progress.fraction,
        detail: "segment \(progress.segment) of \(progress.segmentCount), "
          + "\(progress.unitCount) units")
    }
  }

  /// Refuses what cannot be decomposed before its samples are read.
  private static func checkSize(_ recording: Recording) throws {
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
  var forceChannel: Channel? { recording.forceChannel.map { recording.channels[$0] } }

  /// Whether amplitudes are in microvolts.
  var hasPhysicalAmplitude: Bool { recording.hasPhysicalAmplitude }

  /// Mean discharge rate over units, each while active, in Hz.
  var meanRate: Double? {
    let rates = decomposition.units.compactMap(\.quality.meanRate)
    return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
  }

  /// The electrode grid, where rows and columns are known.
  var grid: ElectrodeGrid? { recording.electrodeGrid }

  /// Parameters of the run as labelled values, in a fixed order.
  var parameters: [(label: String, value: String)] {
    let configuration = decomposition.configuration
    let band = configuration.band(samplingRate: recording.samplingRate)
    return [
      ("Electrodes", configuration.electrodes.rawValue),
      ("Band", "\(Formatting.rate(band.low))–\(Formatting.rate(band.high)) Hz"),
      ("Analysis rate", "\(Formatting.rate(decomposition.filterRate)) Hz"),
      ("Filter taps", "\(decomposition.units.first?.filter?.tapCount ?? 0)"),
      ("Candidates a round", "\(configuration.batchSize)"),
      ("Fixed-point iterations", "\(configuration.iterations)"),
      ("Rounds run", "\(decomposition.roundCount) of at most \(configuration.roundLimit)"),
      ("Lowest silhouette", "\(configuration.silhouetteLimit)"),
      ("Highest interval CoV", "\(configuration.intervalVariationLimit)"),
      ("Duplicates from", "\(configuration.duplicateShare) agreement"),
    ]
  }
}
