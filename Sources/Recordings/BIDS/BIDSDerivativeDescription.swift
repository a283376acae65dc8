import Foundation

/// The files that make a folder a BIDS derivative with units of decomposed recordings.
///
/// Source: BIDS 1.11, derivatives. The standard knows `desc` for the events of other data types only, so
/// `.bidsignore` names these; both programs that read motor-unit events from BIDS look for this name.
package enum BIDSDerivativeDescription {
  /// What comes after the recording's name in the name of its events.
  package static let eventsSuffix = "_desc-decomposition_events"

  /// Writes `dataset_description.json`, `.bidsignore` and `README`, where they are not there.
  ///
  /// - Parameters:
  ///   - folder: the root of the derivative, which exists.
  ///   - software: name and version of the program, parted by a space.
  ///   - ignored: further patterns that the validator passes over.
  /// - Throws: `RecordingError`.
  package static func write(to folder: String, software: String, ignored: [String]) throws {
    let words = software.split(separator: " ", maxSplits: 1).map(String.init)
    let name = words.first ?? software
    let description: [String: Any] = [
      "Name": "Motor units decomposed by \(name)", "BIDSVersion": "1.11.1",
      "DatasetType": "derivative", "License": "n/a",
      "GeneratedBy": [["Name": name, "Version": words.count > 1 ? words[1] : "unknown"]],
    ]
    let json = try JSONSerialization.data(
      withJSONObject: description, options: [.prettyPrinted, .sortedKeys])
    try write(json, to: folder + "/dataset_description.json")
    let patterns = ["*\(eventsSuffix).*"] + ignored
    try write(Data(patterns.map { $0 + "\n" }.joined().utf8), to: folder + "/.bidsignore")
    let text = """
      Motor units that could be told apart in each recording, with their discharge times.

      Their number is not an estimate of the number of motor units of the muscle. Research use.
      """
    try write(Data((text + "\n").utf8), to: folder + "/README")
  }

  private static func write(_ data: Data, to path: String) throws {
    if FileManager.default.fileExists(atPath: path) { return }
    try AtomicFile.write(data, to: path)
  }
}
