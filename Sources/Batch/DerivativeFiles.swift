import Foundation
import Recordings

/// What makes an output folder a BIDS derivative that other tools read.
///
/// Source: BIDS 1.11, derivatives and task events.
enum DerivativeFiles {
  /// `dataset_description.json`, `.bidsignore` and `README`, where they are not there.
  static func writeDescription(to output: String, software: String) throws {
    try BIDSDerivativeDescription.write(
      to: output, software: software, ignored: ["**/emg/sub-*", "group*"])
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
    let stem = "\(output)/\(item.name)\(BIDSDerivativeDescription.eventsSuffix)"
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
