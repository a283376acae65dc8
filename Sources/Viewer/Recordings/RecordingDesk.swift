import Foundation
import Hummingbird
import Recordings

/// One opened recording with its runs: what the pages of a recording are made from.
final class RecordingDesk: RouteGroup {
  let configuration: ViewerConfiguration
  let file: String
  let folder: String
  let opened: OpenedRecording
  let runs: RunFolder
  let fields: SourceFields
  let jobs: Jobs
  let editors = Editors()

  /// Opens the recording.
  ///
  /// - Throws: `RecordingError` or `ViewerError`.
  init(_ configuration: ViewerConfiguration, file: String, program: String) throws {
    self.configuration = configuration
    self.file = file
    folder =
      configuration.output ?? URL(fileURLWithPath: file).deletingPathExtension().path + ".motorpool"
    opened = try OpenedRecording(file: file, options: configuration.options, folder: folder)
    runs = RunFolder(path: folder, sha256: opened.sha256)
    fields = SourceFields(opened.recording)
    jobs = Jobs(program: program)
  }

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

  func add(to table: inout RouteTable) {
    addPages(to: &table)
    addRecordingRoutes(to: &table)
    addRunRoutes(to: &table)
  }
}
