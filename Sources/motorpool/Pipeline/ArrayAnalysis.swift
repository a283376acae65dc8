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

  /// Decomposes the EMG channels of an opened recording.
  ///
  /// - Throws: `RecordingError` and `DecompositionError`, the latter naming the file.
  init(
    _ recording: Recording, configuration: ArrayConfiguration, parallelism: Parallelism,
    meter: ProgressMeter? = nil
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
      let signals = try recording.emgSamples()
      decomposition = try ArrayDecomposer(configuration: configuration, parallelism: parallelism)
        .decompose(signals, samplingRate: recording.samplingRate) { progress in
          meter?.update(
            progress.fraction, detail: "round \(progress.round), \(progress.unitCount) units")
        }
    } catch let error as DecompositionError {
      throw Failure.Message("\(file): \(error.description)")
    }
    meter?.finish()
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
      let list = decomposition.notches.map { String(Int($0)) }.joined(separator: ", ")
      warnings.append("mains hum was removed at \(list) Hz")
    }
    if decomposition.units.isEmpty {
      warnings.append("no motor unit could be identified in this recording")
    }
    self.warnings = warnings
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
