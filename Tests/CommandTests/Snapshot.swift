import Foundation
import Testing

/// Stored outputs that later runs are compared with.
///
/// `MOTORPOOL_RECORD_SNAPSHOTS=1` writes them anew; look at the difference before committing it.
enum Snapshot {
  static let isRecording =
    ProcessInfo.processInfo.environment["MOTORPOOL_RECORD_SNAPSHOTS"] != nil

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  /// Compares a text with the stored one.
  static func expect(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appendingPathComponent(name)
    if isRecording {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    let data = try? Data(contentsOf: file)
    let stored = try #require(
      data, "no snapshot \(name); record it with MOTORPOOL_RECORD_SNAPSHOTS=1",
      sourceLocation: sourceLocation)
    let (old, new) = (String(decoding: stored, as: UTF8.self), text)
    if old == new { return }
    let (oldLines, newLines) = (old.split(separator: "\n"), new.split(separator: "\n"))
    let at = zip(oldLines, newLines).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      "\(name) differs: stored \(at?.element.0 ?? "end"), now \(at?.element.1 ?? "end")",
      sourceLocation: sourceLocation)
  }

  /// JSON without what differs between machines: hashes hidden, numbers to five digits.
  static func stable(_ json: String, hiding keys: [String]) -> String {
    var text = json
    for key in keys {
      text = text.replacing(#/"(?<key>[A-Za-z0-9]+)" : ("[^"]*"|-?[0-9.]+)/#) { match in
        String(match.key) == key ? "\"\(key)\" : \"…\"" : String(match.0)
      }
    }
    return text.replacing(#/-?[0-9]+(\.[0-9]+(e[-+]?[0-9]+)?|e[-+]?[0-9]+)\b/#) { match in
      guard let value = Double(match.0) else { return String(match.0) }
      // Rounding errors about zero are no more than that.
      return abs(value) < 1e-9 ? "0" : String(format: "%.5g", value)
    }
  }
}
