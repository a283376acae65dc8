import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports
import Signal

/// One needle recording decomposed, with everything that outputs need.
public struct NeedleAnalysis {
  /// The recording that was analysed.
  public let recording: Recording
  /// SHA-256 of its content.
  public let inputHash: String
  /// Indices in the recording of the channels that were decomposed, in order.
  package let channels: [Int]
  /// Samples of these channels without artefacts and mains hum, in microvolts where the recording is calibrated.
  package let signals: [[Float]]
  /// What was found.
  public let result: NeedleResult
  /// Measures of each unit in the order of the units; empty without a calibration.
  public let measures: [NeedleUnitMeasures]
  /// The interference pattern of the first channel; empty without a calibration.
  package let interference: [InterferenceEpoch]
  /// Counts in windows of two lengths, the longer first.
  public let counts: [ActiveUnitCounts]
  /// What the user should know: assumptions, contradictions, doubts.
  public let warnings: [String]

  /// Shortest recording in seconds that holds enough discharges of a unit to tell its rhythm.
  package static let shortestDuration = 2.0

  /// Decomposes the EMG channels of an opened recording.
  ///
  /// A signal that the decomposer refuses gives an analysis without units that says why.
  /// - Throws: `RecordingError`, `AnalysisError` naming the file for input that cannot be decomposed at
  ///   all, and what `progress` throws.
  public init(
    _ recording: Recording, configuration: NeedleConfiguration = NeedleConfiguration(),
    parallelism: Parallelism = Parallelism(), counting: CountSettings = CountSettings(),
    progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    self.recording = recording
    channels = recording.emgChannels
    let file = recording.source.path
    do {
      if channels.isEmpty {
        throw DecompositionError.tooFewChannels(usable: 0, needed: 1, reason: "")
      }
      if channels.count > 4 {
        throw DecompositionError.tooManyChannels(found: channels.count, limit: 4)
      }
      if recording.duration < Self.shortestDuration {
        throw DecompositionError.tooShort(
          seconds: recording.duration, needed: Self.shortestDuration)
      }
      let stored = try recording.emgSamples()
      result = try NeedleDecomposition.decompose(
        channels: stored, samplingRate: recording.samplingRate, configuration: configuration,
        parallelism: parallelism
      ) { try progress(AnalysisProgress($0)) }
      signals = LineNoise.removing(
        result.lineHarmonics, from: result.mendedChannels ?? stored,
        samplingRate: recording.samplingRate,
        parallelism: parallelism)
    } catch let error as DecompositionError {
      throw AnalysisError(path: file, "\(error.description)")
    }
    inputHash = try recording.source.inputHash()
    measures =
      recording.hasPhysicalAmplitude ? needleUnitMeasures(result, channels: signals) : []
    interference =
      recording.hasPhysicalAmplitude && result.refusal == nil
      ? interferencePattern(signals[0], samplingRate: recording.samplingRate) : []
    let trains = result.units.map(\.train)
    let power = result.units.isEmpty ? nil : needlePowerTrace(result, channels: signals)
    counts = counting.counts(trains: trains, duration: recording.duration, power: power)
    warnings = Self.warnings(recording, result)
  }

  private static func warnings(_ recording: Recording, _ result: NeedleResult) -> [String] {
    var warnings = recording.warnings
    if !recording.gaps.isEmpty {
      warnings.append(
        "\(recording.gaps.count) gap(s) in the recording: samples on either side are analysed as "
          + "neighbours, times count recorded signal only")
    }
    if let refusal = result.refusal { warnings.append("not decomposed: \(refusal)") }
    warnings += result.flags.map(\.message)
    if !recording.hasPhysicalAmplitude {
      warnings.append("amplitudes are not calibrated: potentials are not measured")
    }
    for unit in result.units where unit.isTentative {
      warnings.append(
        "unit \(name(of: unit)) is tentative: \(unit.reservations.joined(separator: "; "))")
    }
    return warnings
  }

  /// The name of a unit in all outputs, from 1: annotation programs take 0 for unassigned spikes.
  package static func name(of unit: NeedleUnit) -> String { String(unit.id + 1) }

  /// Whether amplitudes are in microvolts.
  package var hasPhysicalAmplitude: Bool { recording.hasPhysicalAmplitude }

  /// Measures of the averaged potential of a unit, by its place; nil where there are none.
  package func potential(_ index: Int) -> PotentialMeasures? {
    measures.indices.contains(index) ? measures[index].potential : nil
  }

  /// Peak-to-peak amplitude of a unit in microvolts, by its place; nil without a calibration.
  package func amplitude(_ index: Int) -> Double? {
    guard hasPhysicalAmplitude else { return nil }
    return potential(index)?.amplitudeMicrovolts
      ?? Double(result.units[index].template.peakToPeak)
  }

  /// Mean discharge rate over units, each while active, in Hz.
  package var meanRate: Double? {
    let rates = result.units.map { 1 / max(1e-6, $0.meanInterval) }
    return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
  }

  /// Parameters of the run as labelled values, in a fixed order.
  package var parameters: [(label: String, value: String)] {
    let configuration = result.configuration
    let highPass =
      recording.samplingRate <= 4_000 ? configuration.highPassAtLowRate : configuration.highPass
    let further = configuration.restartHighPasses.map(Formatting.rate).joined(separator: ", ")
    return [
      ("Electrodes", "needle"),
      ("High-pass of the search", "\(Formatting.rate(highPass)) Hz"),
      ("Further analyses at", "\(further) Hz"),
      ("Segments", "\(result.segments.count)"),
      ("Most units searched", "\(configuration.maximumUnits)"),
      ("Firings in one superposition", "at most \(configuration.superpositionDepth)"),
    ]
  }

  /// The median of some values; nil without any.
  package static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    if sorted.isEmpty { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
