import Foundation
import Recordings

/// What makes an output folder a BIDS derivative that other tools read.
///
/// Source: BIDS 1.11, derivatives and task events. The standard knows `desc` for the events of other
/// data types only, so `.bidsignore` names these; both programs that read motor-unit events from
/// BIDS look for this name.
enum DerivativeFiles {
  /// `dataset_description.json`, `.bidsignore` and `README`, where they are not there.
  static func writeDescription(to output: String, software: String) throws {
    let words = software.split(separator: " ", maxSplits: 1).map(String.init)
    let description: [String: Any] = [
      "Name": "Motor units decomposed by \(words[0])", "BIDSVersion": "1.11.1",
      "DatasetType": "derivative", "License": "n/a",
      "GeneratedBy": [["Name": words[0], "Version": words.count > 1 ? words[1] : "unknown"]],
    ]
    let json = try JSONSerialization.data(
      withJSONObject: description, options: [.prettyPrinted, .sortedKeys])
    try write(json, to: output + "/dataset_description.json")
    let ignored = "*_desc-decomposition_events.*\n**/emg/sub-*\ngroup*\n"
    try write(Data(ignored.utf8), to: output + "/.bidsignore")
    let text = """
      Motor units that could be told apart in each recording, with their discharge times.

      Their number is not an estimate of the number of motor units of the muscle. Research use.
      """
    try write(Data((text + "\n").utf8), to: output + "/README")
  }

  private static func write(_ data: Data, to path: String) throws {
    if FileManager.default.fileExists(atPath: path) { return }
    try AtomicFile.write(data, to: path)
  }

  /// The events of a BIDS recording, a discharge a row, beside its result folder.
  static func writeEvents(of item: BatchItem, from work: String, to output: String) throws {
    guard item.entities != nil else { return }
    let result = try DecompositionResult(folder: work)
    var rows: [(sample: Int, unit: String, onset: Double)] = []
    for unit in result.units {
      for (index, sample) in unit.samples.enumerated() {
        let onset =
          index < unit.times.count ? unit.times[index] : Double(sample) / result.samplingRate
        rows.append((sample, unit.id, onset))
      }
    }
    rows.sort { ($0.onset, $0.unit) < ($1.onset, $1.unit) }
    var text = "onset\tduration\tsample\tunit_id\tevent_type\tdescription\n"
    for row in rows {
      text += "\(row.onset)\t0\t\(row.sample)\t\(row.unit)\tmotor-unit-spike\tmotor-unit-spike\n"
    }
    let stem = "\(output)/\(item.name)_desc-decomposition_events"
    let parent = URL(fileURLWithPath: stem).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try AtomicFile.write(text, to: stem + ".tsv")
    let columns: [String: Any] = [
      "onset": ["Description": "Discharge time from the first sample", "Units": "s"],
      "duration": ["Description": "A discharge has none", "Units": "s"],
      "sample": ["Description": "Nearest sample, counted from 0"],
      "unit_id": ["Description": "Number of the identified motor unit in this recording"],
      "event_type": ["Description": "Kind of event"],
      "description": ["Description": "Kind of event, for programs that look here"],
    ]
    let json = try JSONSerialization.data(
      withJSONObject: columns, options: [.prettyPrinted, .sortedKeys])
    try AtomicFile.write(json, to: stem + ".json")
  }
}
