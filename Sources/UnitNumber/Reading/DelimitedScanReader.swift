import Foundation

/// Reads CMAP scans from two-column text: stimulus (mA) and CMAP size.
///
/// Separator: comma, semicolon, tab or blanks; with semicolons, tabs or blanks a decimal comma is
/// understood. Lines that begin with `#` and empty lines are skipped. A first line of names is
/// optional; the second name may end in `mV` (default) or `uV`.
public enum DelimitedScanReader {
  /// Reads one file; throws `UnitNumberError` naming file, line, finding and expectation.
  public static func read(_ url: URL) throws -> CMAPScan {
    try parse(TextLines(url: url))
  }

  static func parse(_ text: TextLines) throws -> CMAPScan {
    var stimuli: [Double] = []
    var responses: [Double] = []
    var scale = 1.0
    var sawHeader = false
    for (index, raw) in text.lines.enumerated() {
      let line = index + 1
      let content = raw.trimmed
      if content.isEmpty || content.hasPrefix("#") { continue }
      let fields = Self.fields(content)
      let values = fields.map { number($0, content) }
      if stimuli.isEmpty, !sawHeader, fields.count >= 2, values.allSatisfy({ $0 == nil }) {
        scale = try unitScale(fields, text, line)
        sawHeader = true
        continue
      }
      guard fields.count == 2, let stimulus = values[0], let response = values[1] else {
        throw text.error(
          line: line, found: content.quotedExcerpt,
          expected: "two numbers, stimulus in mA and response in mV")
      }
      guard stimulus > 0 else {
        throw text.error(
          line: line, found: "stimulus \(fields[0])", expected: "a current above 0 mA")
      }
      stimuli.append(stimulus)
      responses.append(response * scale)
    }
    guard !stimuli.isEmpty else {
      throw text.error(
        line: max(text.lines.count, 1), found: "no number",
        expected: "lines of a stimulus in mA and a response in mV")
    }
    return CMAPScan(
      name: text.fileName, stimulusMilliamps: stimuli, responseMillivolts: responses)
  }

  private static func fields(_ line: String) -> [String] {
    for separator: Character in [";", "\t", ","] where line.contains(separator) {
      // "12,5 3,75": commas between digits with a blank between them are decimal commas.
      if separator == ",", line.filter({ $0 == "," }).count == 2, line.contains(" "),
        line.split(separator: " ").count == 2
      {
        break
      }
      return line.split(separator: separator, omittingEmptySubsequences: false)
        .map { $0.trimmed.trimmingCharacters(in: ["\""]) }.trailingEmptyRemoved
    }
    return line.split(separator: " ").map { $0.trimmed }
  }

  private static func number(_ field: String, _ line: String) -> Double? {
    let plain = Double(field)
    if let plain { return plain.isFinite ? plain : nil }
    return Double(field.replacingOccurrences(of: ",", with: ".")).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func unitScale(
    _ names: [String], _ text: TextLines, _ line: Int
  ) throws -> Double {
    let stimulus = names[0].lowercased()
    let response = names[1].lowercased()
    guard stimulus.hasPrefix("stim") || stimulus.contains("current") else {
      throw text.error(
        line: line, found: "first column \(names[0].quotedExcerpt)", expected: "stimulus",
        remedy: "put the stimulus in mA into the first column")
    }
    if response.contains("uv") || response.contains("\u{B5}v") || response.contains("\u{3BC}v") {
      return 1e-3
    }
    return 1
  }
}

extension Array where Element == String {
  /// The array without empty elements at its end (a trailing separator).
  fileprivate var trailingEmptyRemoved: [String] {
    var copy = self
    while copy.count > 2, copy.last == "" { copy.removeLast() }
    return copy
  }
}
