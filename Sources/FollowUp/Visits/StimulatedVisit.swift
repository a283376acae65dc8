import Analyses
import Foundation
import Recordings
import Registry
import Reports
import UnitNumber

/// What a file of a visit was named for on the command line.
package enum VisitFileUse: Equatable {
  /// Scans are known by their extension or first line; other recordings are decomposed.
  case byContent
  /// Responses to supramaximal stimuli.
  case cmap
  /// Graded voluntary efforts, for MUNIX.
  case patterns
  /// Responses to supramaximal stimuli on the channels of the decomposed array.
  case arrayCMAP
  /// A table of stimulated responses.
  case responses(StimulationMethod)
}

/// The CMAP of a visit, which MUNIX and the stimulation methods need.
package struct VisitCMAP {
  package let measures: CMAPMeasures
  /// Standard error of the amplitude in mV.
  package let standardError: Double
  /// Responses behind the standard error.
  package let responses: Int
  /// How the standard error was told.
  package let settings: RepeatedCMAP
  /// How each response was measured.
  package let measurement: CMAPMeasurement

  /// Measures the first EMG channel of a recording of supramaximal stimuli.
  ///
  /// The CMAP is the largest response; `RepeatedCMAP` tells its error.
  /// - Throws: `RecordingError`, `UnitNumberError` and `FollowUpError`, naming the file.
  package init(
    _ recording: Recording, stimulus: StimulusTimes, settings: RepeatedCMAP = RepeatedCMAP()
  ) throws {
    let signal = try MUNIXAnalysis.signal(recording, trigger: stimulus.triggerChannel)
    let name = recording.source.fileName
    let stimuli = try stimulus.stimuli(recording)
    measures = try stimulus.largest(
      signal.samples, samplingRate: signal.rate, stimuli: stimuli, name: name)
    let amplitudes = try stimulus.responses(
      signal.samples, samplingRate: signal.rate, stimuli: stimuli, name: name
    ).compactMap { try? stimulus.measurement.measure($0, name: name).amplitudeMillivolts }
    self.settings = settings
    measurement = stimulus.measurement
    (standardError, responses) = settings.standardError(
      of: measures.amplitudeMillivolts, among: amplitudes)
  }

  /// Error model of the methods that divide this CMAP.
  package var errors: UnitNumberErrorModel {
    var model = UnitNumberErrorModel()
    model.cmapRelativeError = max(
      settings.leastError, standardError / measures.amplitudeMillivolts)
    return model
  }
}

/// Results of recordings with stimuli, as the registry stores them.
package struct StimulatedVisit {
  package let modality: String
  package let method: String
  package let parameters: String
  package let seed: UInt64?
  package let measurements: [Registry.Measurement]
  package let warnings: [String]

  /// Results from their parts.
  package init(
    modality: String, method: String, parameters: String, seed: UInt64?,
    measurements: [Registry.Measurement], warnings: [String]
  ) {
    self.modality = modality
    self.method = method
    self.parameters = parameters
    self.seed = seed
    self.measurements = measurements
    self.warnings = warnings
  }

  /// The CMAP by itself.
  package init(cmap: VisitCMAP) throws {
    modality = "cmap"
    method = "cmap"
    seed = nil
    parameters = try Self.json(
      CMAPParameters(
        settings: cmap.measurement, repeated: cmap.settings, found: cmap.measures))
    warnings = []
    measurements = [
      Registry.Measurement(
        kind: .cmapAmplitude, value: cmap.measures.amplitudeMillivolts,
        standardError: cmap.standardError, quality: .pass,
        conditions: [VisitChange.responsesCondition: "\(cmap.responses)"])
    ]
  }

  /// MUNIX and MUSIX from the epochs of all recordings of efforts.
  package init(
    munix settings: MUNIX, cmap: VisitCMAP, epochs: [SurfaceInterferencePattern], name: String,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let estimate = try settings.estimate(
      cmap: cmap.measures, epochs: epochs, name: name
    ) { try progress(AnalysisProgress($0)) }
    modality = "surface-interference-pattern"
    method = "munix"
    seed = settings.seed
    parameters = try Self.json(MUNIXParameters(settings: settings, estimate: estimate))
    var warnings = estimate.flags
    if estimate.cmapDominated { warnings.append(MUNIXAnalysis.dominated) }
    self.warnings = warnings
    let quality: Registry.Measurement.Quality = warnings.isEmpty ? .pass : .warn
    let conditions = [
      "epoch_ms": Formatting.plain(settings.epochMilliseconds),
      "epochs_used": "\(estimate.epochsUsed)",
      "cmap_dominated": estimate.cmapDominated ? "yes" : "no",
    ]
    measurements = [
      Registry.Measurement(
        kind: .munix, value: estimate.munix,
        standardError: estimate.munix * estimate.logStandardError, quality: quality,
        conditions: conditions),
      Registry.Measurement(
        kind: .musix, value: estimate.musixMicrovolts,
        standardError: estimate.musixMicrovolts * estimate.logStandardError, quality: quality,
        conditions: conditions),
    ]
  }

  /// A further recording whose epochs went into the values of another.
  package init(epochsOf result: StimulatedVisit) {
    modality = result.modality
    method = result.method
    parameters = result.parameters
    seed = result.seed
    measurements = []
    warnings = []
  }

  /// A stimulation method on a table of responses.
  package init(
    _ table: ResponseTable, method: StimulationMethod, cmap: VisitCMAP,
    changes: ConfigurationChanges = ConfigurationChanges(),
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let estimate: UnitNumberEstimate
    do {
      let result = try method.estimate(
        table, cmapMillivolts: cmap.measures.amplitudeMillivolts, errors: cmap.errors,
        noiseMicrovolts: cmap.measures.noiseMicrovolts, changes: changes,
        progress: progress)
      estimate = result.estimate
      parameters = try Self.json(
        StimulationParameters(settings: AnyParameters(result.settings), estimate: estimate))
    } catch let error as UnitNumberError {
      throw FollowUpError(path: table.file, "\(error.description)")
    }
    modality = "stimulated-responses"
    self.method = estimate.method
    seed = cmap.errors.seed
    warnings =
      estimate.flags
      + estimate.rejected.map { "entry \($0.index + 1) left out: \($0.reason)" }
    measurements = [
      Registry.Measurement(
        kind: method.kind, value: estimate.unitCount,
        standardError: estimate.unitCount * estimate.logStandardError,
        quality: warnings.isEmpty ? .pass : .warn,
        conditions: ["units_used": "\(estimate.unitsUsed)"])
    ]
  }

  private struct StimulationParameters: Encodable {
    let settings: AnyParameters
    let estimate: UnitNumberEstimate
  }

  /// Settings of a method that only the method knows.
  private struct AnyParameters: Encodable {
    private let settings: any Encodable

    init(_ settings: any Encodable) { self.settings = settings }

    func encode(to encoder: any Encoder) throws { try settings.encode(to: encoder) }
  }

  private struct CMAPParameters: Encodable {
    package let settings: CMAPMeasurement
    package let repeated: RepeatedCMAP
    package let found: CMAPMeasures
  }

  private struct MUNIXParameters: Encodable {
    package let settings: MUNIX
    package let estimate: MUNIXEstimate
  }

  package static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
