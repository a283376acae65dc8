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

    package init(
      reading: RecordingReading, electrodes: ElectrodeChoice, arraySetting: String? = nil,
      configuration: ArrayConfiguration, segmentation: SegmentConfiguration = .init(),
      needle: NeedleConfiguration = .init(),
      parallelism: Parallelism = Parallelism(threadCount: nil), muscle: String, side: BodySide,
      device: String? = nil, rater: String? = nil, research: Bool = false,
      stimulus: StimulusTimes = .init(), munix: MUNIX = .init()
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
      case responses(ResponseTable, VisitFileUse)
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
      if let columns = use.columns {
        content = .responses(try ResponseTable(path, columns: columns), use)
        source = RecordingSource(path: path, formatName: "response table")
        startTime = nil
      } else if use != .byContent {
        let recording = try reading.open(path)
        source = recording.source
        startTime = recording.startTime
        switch use {
        case .cmap:
          content = .cmap(try VisitCMAP(recording, stimulus: context.stimulus), recording)
        case .arrayCMAP: content = .arrayCMAP(recording)
        default: content = .patterns(recording)
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

  /// Analyses a file by what it holds; `all` are the files of the visit, which MUNIX joins, and
  /// `earlier` those analysed so far, whose units spike-triggered averaging takes.
  ///
  /// - Throws: `FollowUpError` for a needle recording that is refused: no value would be true.
  package init(
    _ opened: Opened, all: [Opened], earlier: [VisitFile], context: Context,
    progress: @escaping AnalysisProgressHandler
  ) throws {
    switch opened.content {
    case .arrayCMAP(let cmap):
      self.init(
        try Self.averaging(cmap, all: all, earlier: earlier, context: context), opened, cmap,
        context: context)
    case .cmap(let cmap, let recording):
      self.init(try StimulatedVisit(cmap: cmap), opened, recording, context: context)
    case .patterns(let recording):
      self.init(
        try Self.munix(opened, all: all, context: context), opened, recording, context: context)
    case .responses(let table, let use):
      self.init(
        try StimulatedVisit(table, use: use, cmap: try Self.cmap(of: all)), opened, nil,
        context: context)
    case .recording(let recording):
      try self.init(recording, opened, context: context, progress: progress)
    case .scan(let scan):
      try self.init(scan, opened, context: context)
    }
  }

  private init(_ scan: CMAPScan, _ opened: Opened, context: Context) throws {
    let analysis = try ScanAnalysis(scan, path: opened.path, estimator: try CMAPScanEstimator())
    name = opened.source.fileName
    warnings = analysis.estimate.flags.map { "\($0.kind.rawValue): \($0.reason)" }
    entry = try analysis.entry(
      muscle: context.muscle, side: context.side, device: context.device, rater: context.rater)
  }

  private init(
    _ recording: Recording, _ opened: Opened, context: Context,
    progress: @escaping AnalysisProgressHandler
  ) throws {
    name = recording.source.fileName
    let modality: String
    let parameters: String
    let measurements: [Registry.Measurement]
    let units: [StoredUnit]
    var electrodes: [[Double]]?
    if context.electrodes.isNeedle(channelCount: recording.emgChannels.count) {
      if let setting = context.arraySetting {
        throw FollowUpError(
          .wrongSetting, path: opened.path,
          "\(setting) is for arrays, and this recording is decomposed as a needle's; leave it out, or "
            + "state that the electrodes are an array")
      }
      let analysis = try NeedleAnalysis(
        recording, configuration: context.needle, parallelism: context.parallelism,
        progress: progress)
      if let refusal = analysis.result.refusal {
        throw FollowUpError(path: opened.path, "not decomposed: \(refusal); nothing was added")
      }
      modality = "needle"
      parameters = try RunParameters(analysis.result.configuration, context).json
      (warnings, measurements, units) = (
        analysis.warnings, analysis.measurements, analysis.storedUnits
      )
    } else {
      let analysis = try ArrayAnalysis(
        recording, configuration: context.configuration, parallelism: context.parallelism,
        segmentation: context.segmentation,
        progress: progress)
      modality =
        context.configuration.electrodes == .surface ? "surface-grid" : "intramuscular-array"
      parameters = try RunParameters(context.configuration, context).json
      electrodes = analysis.electrodePositions
      (warnings, measurements, units) = (
        analysis.warnings,
        analysis.measurements + (context.research ? analysis.researchMeasurements : []),
        analysis.storedUnits
      )
    }
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
}

/// Everything that is needed to repeat a run: how the file was read and decomposed.
private struct RunParameters<Configuration: Encodable>: Encodable {
  package let decomposition: Configuration
  package let reading: RecordingReading

  package init(_ decomposition: Configuration, _ context: VisitFile.Context) {
    self.decomposition = decomposition
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
