import Analyses
import Decomposition
import Foundation
import Recordings

/// One opened recording with its runs: what the pages of a recording are made from.
final class RecordingDesk: Sendable {
  /// 1 for the one that was named at the start, else its number in the registry.
  let id: Int64
  /// What its pages call it.
  let title: String
  let file: String
  let options: RecordingOptions
  let folder: String
  let opened: OpenedRecording
  let runs: RunFolder
  let fields: SourceFields
  let editors = Editors()

  /// Opens a recording.
  ///
  /// - Parameters:
  ///   - folder: where its runs are kept.
  ///   - sha256: its hash where it is known; nil works it out.
  /// - Throws: `RecordingError` or `ViewerError`.
  init(
    id: Int64, title: String? = nil, file: String, options: RecordingOptions, folder: String,
    sha256: String? = nil
  ) throws {
    self.id = id
    self.file = file
    self.options = options
    self.folder = folder
    opened = try OpenedRecording(file: file, options: options, folder: folder, sha256: sha256)
    self.title = title ?? opened.recording.source.fileName
    runs = RunFolder(path: folder, sha256: opened.sha256)
    fields = SourceFields(opened.recording)
  }

  /// The recording that was named at the start, with its runs beside it or in the folder that was given.
  convenience init(_ configuration: ViewerConfiguration, file: String) throws {
    try self.init(
      id: 1, file: file, options: configuration.options,
      folder: configuration.output
        ?? URL(fileURLWithPath: file).deletingPathExtension().path + ".motorpool")
    try takeStoredUnits(author: configuration.author)
  }

  /// Units that the file itself holds, as programs that edit trains store them, become the first run.
  private func takeStoredUnits(author: String) throws {
    let recording = opened.recording
    // Annotations that cannot be read are no reason to refuse the signals.
    guard runs.ids().isEmpty, let stored = try? recording.storedSpikes(), stored.spikeCount > 0
    else { return }
    let isNeedle = ElectrodeChoice.auto.isNeedle(channelCount: recording.emgChannels.count)
    let end = Double(recording.sampleCount)
    let units = stored.trains.enumerated().map { index, train in
      StoredRun.Unit(
        id: index,
        times: Array(
          Set(train.samples(samplingRate: recording.samplingRate).filter { $0 >= 0 && $0 < end })
        ).sorted(), silhouette: train.silhouette)
    }
    _ = try runs.add(
      StoredRun(
        id: 1, method: .imported, parent: nil, author: author, at: StoredRun.now(),
        software: SoftwareVersion.text, sha256: opened.sha256,
        samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
        channels: recording.emgChannels, excludedSeconds: [], configuration: ArrayConfiguration(),
        units: units, warnings: ["units as they stand in the file: \(stored.origin)"],
        needle: isNeedle ? NeedleConfiguration() : nil), recording: recording, model: nil)
  }

  /// A run's name among those of all recordings: its number, after that of a recording of the registry.
  func name(ofRun run: Int) -> String { id == 1 ? "\(run)" : "\(id)-\(run)" }

  /// The editors of the runs that were opened.
  actor Editors {
    private var open: [Int: RunEditor] = [:]

    func editor(_ id: Int, desk: RecordingDesk) throws -> RunEditor {
      if let known = open[id] { return known }
      let run = try desk.runs.run(id, recording: desk.opened.recording)
      let editor = try RunEditor(run, folder: desk.runs, fields: desk.fields)
      open[id] = editor
      return editor
    }
  }
}
