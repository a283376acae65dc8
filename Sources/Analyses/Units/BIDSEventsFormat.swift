import Foundation
import Recordings
import Reports

/// A BIDS derivative: the discharges of one recording as events, in a dataset of its own.
struct BIDSEventsFormat: UnitFormat {
  let name = "bids"
  let summary = "BIDS derivative (desc-decomposition_events.tsv and .json), into a folder"
  let form = OutputPlace.Form.folder
  let needs = UnitNeeds.trains

  func write(_ units: UnitCollection, to path: String) throws {
    guard let entities = units.bidsEntities else {
      throw AnalysisError(
        .wrongSetting, path: units.name, "is no name of a BIDS recording such as sub-01_task-hold")
    }
    try BIDSDerivativeDescription.write(
      to: path, software: SoftwareVersion.text, ignored: [OutputPlace.manifestName])
    var folder = path
    for entity in entities where ["sub", "ses"].contains(entity.key) {
      folder += "/\(entity.key)-\(entity.label)"
    }
    folder += "/emg"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw AnalysisError(.cannotWrite, path: folder, "the folder cannot be made")
    }
    let stem =
      folder + "/" + entities.map { "\($0.key)-\($0.label)" }.joined(separator: "_")
      + BIDSDerivativeDescription.eventsSuffix
    let export = units.export()
    try AtomicFile.write(export.bidsEventsTSV(), to: stem + ".tsv")
    try AtomicFile.write(export.bidsEventsJSON(), to: stem + ".json")
  }
}

extension UnitCollection {
  /// The parts of the recording's BIDS name: the one that was given, else its file's; nil where that is
  /// none.
  package var bidsEntities: [(key: String, label: String)]? {
    if let bidsName { return BIDSDatasetWriter.entities(bidsName) }
    var stem = String(name.prefix { $0 != "." })
    if stem.hasSuffix("_emg") { stem.removeLast(4) }
    return BIDSDatasetWriter.entities(stem)
  }
}
