import Analyses
import Decomposition
import Foundation
import MotorUnits
import Recordings
import Registry
import Reports
import Signal
import UnitNumber

/// A file of a visit, analysed and ready for the registry.
package struct VisitFile {
  /// What all files of one command share.
  package struct Context {
    /// What is stated of files that leave it open.
    package let reading: RecordingReading
    /// What the electrodes are.
    package let electrodes: ElectrodeChoice
    /// Name of a setting that was stated and is for arrays only; nil without one.
    package let arraySetting: String?
    package let configuration: ArrayConfiguration
    package let segmentation: SegmentConfiguration
    package let needle: NeedleConfiguration
    package let parallelism: Parallelism
    package let muscle: String
    package let side: BodySide
    package let device: String?
    package let rater: String?
    /// Whether the research-only extrapolation is stored too.
    package let research: Bool
    /// How stimuli are found.
    package let stimulus: StimulusTimes
    /// Settings of MUNIX.
    package let munix: MUNIX
    /// Settings of the other unit-number methods that the user changed.
    package let changes: ConfigurationChanges

    package init(
      reading: RecordingReading, electrodes: ElectrodeChoice, arraySetting: String? = nil,
      configuration: ArrayConfiguration, segmentation: SegmentConfiguration = .init(),
      needle: NeedleConfiguration = .init(),
      parallelism: Parallelism = Parallelism(threadCount: nil), muscle: String, side: BodySide,
      device: String? = nil, rater: String? = nil, research: Bool = false,
      stimulus: StimulusTimes = .init(), munix: MUNIX = .init(),
      changes: ConfigurationChanges = .init()
    ) {
      self.reading = reading
      self.electrodes = electrodes
      self.arraySetting = arraySetting
      self.configuration = configuration
      self.segmentation = segmentation
      self.needle = needle
      self.parallelism = parallelism
      self.muscle = muscle
      self.side = side
      self.device = device
      self.rater = rater
      self.research = research
      self.stimulus = stimulus
      self.munix = munix
      self.changes = changes
    }
  }

  /// A file that was opened but not analysed.
  package struct Opened {
    /// What the file holds.
    package enum Content {
      case recording(Recording)
      case scan(CMAPScan)
      case cmap(VisitCMAP, Recording)
      case patterns(Recording)
      case arrayCMAP(Recording)
      case responses(ResponseTable, StimulationMethod)
    }

    package let path: String
    package let source: RecordingSource
    package let startTime: Date?
    package let content: Content
    package let sha256: String

    /// Opens a file as what it is named for, or as what it is: CMAP scans are known by their
    /// extension or first line.
    package init(_ path: String, use: VisitFileUse, context: Context) throws {
      self.path = path
      let reading = context.reading
      if case .responses(let method) = use {
        content = .responses(try ResponseTable(path, columns: method.columns), method)
        source = RecordingSource(path: path, formatName: "response table")
        startTime = nil
      } else if use != .byContent {
        let recording = try reading.open(path)
        source = recording.source
        startTime = recording.startTime
        switch use {
        case .cmap:
          content = .cmap(
            try VisitCMAP(
              recording, stimulus: context.stimulus,
              settings: try context.changes.applied(to: RepeatedCMAP(), group: "cmap")),
            recording)
        case .arrayCMAP: content = .arrayCMAP(recording)
        case .patterns, .byContent, .responses: content = .patterns(recording)
        }
      } else if ScanAnalysis.isScan(path) {
        let scan = try CMAPScan.open(URL(fileURLWithPath: path))
        source = ScanAnalysis.source(path, scan)
        startTime = scan.acquisition.date.flatMap { CivilDate($0) }.map {
          Date(timeIntervalSince1970: Double($0.dayNumber) * 86_400)
        }
        content = .scan(scan)
      } else {
        let recording = try reading.open(path)
        source = recording.source
        startTime = recording.startTime
        content = .recording(recording)
      }
      sha256 = try source.inputHash()
    }
  }

  package let name: String
  package let entry: RecordingEntry
  package let warnings: [String]

  /// The entry with what may be a mix-up, and beside it what the analysis says of the recording.
  package func entry(doubts: [EntryDoubt]) -> RecordingEntry {
    var result = entry
    result.doubts = doubts + warnings.map { EntryDoubt("analysis", $0, isMixUp: false) }
    return result
  }

  /// Opens the files in turn and refuses those that the subject has already, or that are named twice.
  ///
  /// - Throws: `RegistryError.alreadyStored`, `FollowUpError` or `RecordingError`.
  package static func open(
    _ files: [(path: String, use: VisitFileUse)], context: Context, subject: Subject,
    registry: PatientRegistry, allowsStored: Bool = false
  ) throws -> [Opened] {
    var names: [String: String] = [:]
    return try files.map { path, use in
      let opened = try Opened(path, use: use, context: context)
      let sha256 = opened.sha256
      if let other = names.updateValue(path, forKey: sha256) {
        throw FollowUpError(
          path: path, "the same file as \(other); name it once; nothing was added")
      }
      if !allowsStored, let stored = try registry.recording(subject: subject.id, sha256: sha256) {
        let visit = try registry.record(Visit.self, id: stored.visit)
        throw RegistryError.alreadyStored(
          sha256: sha256, subject: subject.pseudonym, date: visit?.date?.description,
          recording: stored.id)
      }
      return opened
    }
  }

  /// A CMAP scan.
  ///
  /// - Parameter progress: what it throws ends the estimate.
  init(
    _ scan: CMAPScan, _ opened: Opened, context: Context,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let analysis = try ScanAnalysis(
      scan, path: opened.path,
      estimator: try CMAPScanEstimator(
        configuration: try context.changes.applied(to: ScanConfiguration(), group: "scan")),
      progress: progress)
    name = opened.source.fileName
    warnings = analysis.estimate.flags.map { "\($0.kind.rawValue): \($0.reason)" }
    entry = try analysis.entry(
      muscle: context.muscle, side: context.side, device: context.device, rater: context.rater)
  }

  /// A recording that is decomposed; of an array the discharges of its units in samples come with it.
  ///
  /// - Throws: `FollowUpError` for a needle recording that is refused: no value would be true.
  static func decomposed(
    _ recording: Recording, _ opened: Opened, context: Context,
    progress: @escaping AnalysisProgressHandler
  ) throws -> (file: VisitFile, arrayTrains: [[Double]]?) {
    let counting = try context.changes.applied(to: CountSettings(), group: "counts")
    if context.electrodes.isNeedle(channelCount: recording.emgChannels.count) {
      if let setting = context.arraySetting {
        throw FollowUpError(
          .wrongSetting, path: opened.path,
          "\(setting) is for arrays, and this recording is decomposed as a needle's; leave it out, or "
            + "state that the electrodes are an array")
      }
      let analysis = try NeedleAnalysis(
        recording, configuration: context.needle, parallelism: context.parallelism,
        counting: counting, progress: progress)
      if let refusal = analysis.result.refusal {
        throw FollowUpError(path: opened.path, "not decomposed: \(refusal); nothing was added")
      }
      let file = VisitFile(
        recording, opened, context: context, modality: "needle",
        parameters: try RunParameters(analysis.result.configuration, counting, context).json,
        warnings: analysis.warnings, measurements: analysis.measurements,
        units: analysis.storedUnits)
      return (file, nil)
    }
    let analysis = try ArrayAnalysis(
      recording, configuration: context.configuration, parallelism: context.parallelism,
      segmentation: context.segmentation, counting: counting, progress: progress)
    let file = VisitFile(
      recording, opened, context: context,
      modality: context.configuration.electrodes == .surface
        ? "surface-grid" : "intramuscular-array",
      parameters: try RunParameters(
        context.configuration, counting, context, segments: context.segmentation
      ).json,
      electrodes: analysis.electrodePositions, warnings: analysis.warnings,
      measurements: analysis.measurements + (context.research ? analysis.researchMeasurements : []),
      units: analysis.storedUnits)
    return (file, analysis.decomposition.units.map(\.train.times))
  }

  private init(
    _ recording: Recording, _ opened: Opened, context: Context, modality: String,
    parameters: String, electrodes: [[Double]]? = nil, warnings: [String],
    measurements: [Registry.Measurement], units: [StoredUnit]
  ) {
    name = recording.source.fileName
    self.warnings = warnings
    entry = RecordingEntry(
      recording: StoredRecording(
        visit: 0, muscle: context.muscle, side: context.side, modality: modality,
        device: context.device, rater: context.rater, sha256: opened.sha256,
        fileFormat: recording.source.formatName, samplingRate: recording.samplingRate,
        channels: recording.emgChannels.count, duration: recording.duration),
      run: AnalysisRun(
        recording: 0, method: "decompose", softwareVersion: SoftwareVersion.text,
        parameters: parameters, seed: context.configuration.seed, electrodes: electrodes),
      measurements: measurements, units: units)
  }

  /// A file of stimulated responses or efforts: an entry without units.
  init(
    _ result: StimulatedVisit, _ opened: Opened, _ recording: Recording?, context: Context
  ) {
    name = opened.source.fileName
    warnings = result.warnings
    entry = RecordingEntry(
      recording: StoredRecording(
        visit: 0, muscle: context.muscle, side: context.side, modality: result.modality,
        device: context.device, rater: context.rater, sha256: opened.sha256,
        fileFormat: opened.source.formatName, samplingRate: recording?.samplingRate,
        channels: recording?.emgChannels.count, duration: recording?.duration),
      run: AnalysisRun(
        recording: 0, method: result.method, softwareVersion: SoftwareVersion.text,
        parameters: result.parameters, seed: result.seed),
      measurements: result.measurements, units: [])
  }
}

/// Everything that is needed to repeat a run: how the file was read and decomposed.
private struct RunParameters<Configuration: Encodable>: Encodable {
  package let decomposition: Configuration
  package let segments: SegmentConfiguration?
  package let counts: CountSettings
  package let reading: RecordingReading

  package init(
    _ decomposition: Configuration, _ counts: CountSettings, _ context: VisitFile.Context,
    segments: SegmentConfiguration? = nil
  ) {
    self.decomposition = decomposition
    self.segments = segments
    self.counts = counts
    reading = context.reading
  }

  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
