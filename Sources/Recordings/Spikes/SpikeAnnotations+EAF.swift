import Foundation
import Tables

extension SpikeAnnotations {
  /// Reads an EMGLAB annotation file (.eaf): XML with lines of spike events.
  ///
  /// The header element names the columns; `time` (s) and `unit` are needed, others are passed
  /// over. Units come in ascending order.
  ///
  /// - Throws: `RecordingError` naming the event.
  public static func readEAF(_ path: String) throws -> SpikeAnnotations {
    let bytes = try FileBytes(path: path).all(limit: 1 << 28)
    let text = Self.withoutComments(bytes[...])
    let name = URL(fileURLWithPath: path).lastPathComponent
    guard let header = element("emglab_spike_header", in: text),
      let events = element("emglab_spike_events", in: text)
    else {
      throw RecordingError(
        .malformed, path: path,
        "is not an EMGLAB annotation file: emglab_spike_header or emglab_spike_events is missing")
    }
    let columns = elementNames(header)
    guard let time = columns.firstIndex(of: "time"), let unit = columns.firstIndex(of: "unit")
    else {
      throw RecordingError(
        .malformed, path: path, place: "emglab_spike_header",
        "found columns \(columns.joined(separator: ", ").quoted), expected time and unit")
    }
    var times: [String: [Double]] = [:]
    let decimal = DecimalText(acceptsComma: false)
    for (index, line) in events.split(whereSeparator: { $0 == 10 || $0 == 13 }).enumerated() {
      let words = line.split { $0 == 32 || $0 == 9 }
      if words.isEmpty { continue }
      guard words.count >= columns.count, let seconds = decimal.number(words[time]),
        abs(seconds) < 1e9
      else {
        throw RecordingError(
          .malformed, path: path, place: "spike event \(index + 1)",
          "found \(FileText.decode(line).quoted), expected \(columns.joined(separator: " "))")
      }
      times[FileText.decode(words[unit]), default: []].append(seconds)
    }
    return SpikeAnnotations(origin: "EAF file \(name)", trains: trains(times))
  }

  /// Writes the discharges as an EMGLAB annotation file (.eaf), atomically.
  ///
  /// `channel` is the 1-based channel number that EMGLAB wants with each spike. Times are written
  /// to a microsecond.
  ///
  /// - Throws: `RecordingError` where the file cannot be written.
  public func writeEAF(to path: String, channel: Int = 1) throws {
    try AtomicFile.write(eafText(channel: channel), to: path)
  }

  /// The text of the annotation file that `writeEAF` writes.
  public func eafText(channel: Int = 1) -> String {
    var lines: [String] = [
      "<?xml version=\"1.0\" encoding=\"ASCII\"?>", "", "<emglab_annotation_file>", "",
      "<emglab_version>0.01</emglab_version>", "", "<emglab_spike_header>", "<time></time>",
      "<unit></unit>", "<chan></chan>", "</emglab_spike_header>", "", "<emglab_spike_events>",
    ]
    let events = trains.enumerated().flatMap { index, train in
      train.times.map { (time: $0, order: index, unit: train.unit) }
    }.sorted { ($0.time, $0.order) < ($1.time, $1.order) }
    for event in events {
      let unit = event.unit.split(whereSeparator: \.isWhitespace).joined(separator: "_")
        .filter { $0 != "<" && $0 != ">" && $0 != "&" }
      lines.append("\(Self.fixed(event.time)) \(unit) \(channel)")
    }
    lines += ["</emglab_spike_events>", "", "</emglab_annotation_file>", ""]
    return lines.joined(separator: "\n")
  }

  /// Trains by unit name, whole numbers in numeric order before other names.
  static func trains(_ times: [String: [Double]]) -> [Train] {
    times.keys.sorted { first, second in
      switch (Int(first), Int(second)) {
      case (let a?, let b?): return a < b
      case (.some, nil): return true
      case (nil, .some): return false
      case (nil, nil): return first < second
      }
    }.map { Train(unit: $0, times: times[$0] ?? []) }
  }

  private static func fixed(_ seconds: Double) -> String {
    let micros = Int(bounded: seconds * 1e6, in: -(1 << 60)...(1 << 60)) ?? 0
    let fraction = String(abs(micros) % 1_000_000)
    let padded = String(repeating: "0", count: 6 - fraction.count) + fraction
    return "\(micros < 0 ? "-" : "")\(abs(micros) / 1_000_000).\(padded)"
  }

  /// The bytes inside the first element of a name, nil where it is missing.
  private static func element(_ name: String, in text: [UInt8]) -> ArraySlice<UInt8>? {
    guard let open = place(of: Array("<\(name)".utf8), in: text, from: 0),
      let start = text[open...].firstIndex(of: UInt8(ascii: ">")),
      let end = place(of: Array("</\(name)>".utf8), in: text, from: start + 1)
    else { return nil }
    return text[start + 1..<end]
  }

  /// Names of the elements inside a text, in order.
  private static func elementNames(_ text: ArraySlice<UInt8>) -> [String] {
    text.split(separator: UInt8(ascii: "<")).compactMap { part in
      let name = FileText.decode(part.prefix(64)).prefix {
        $0.isLetter || $0.isNumber || $0 == "_"
      }
      return name.first?.isLetter == true ? String(name) : nil
    }
  }

  /// The text without its comments, in one pass; an open comment takes the rest.
  private static func withoutComments(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let (open, close) = (Array("<!--".utf8), Array("-->".utf8))
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var at = text.startIndex
    while at < text.endIndex {
      if text[at] == open[0], text[at...].starts(with: open) {
        at += open.count
        while at < text.endIndex, !(text[at] == close[0] && text[at...].starts(with: close)) {
          at += 1
        }
        at = min(at + close.count, text.endIndex)
      } else {
        result.append(text[at])
        at += 1
      }
    }
    return result
  }

  private static func place(of pattern: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard text.count >= pattern.count, start <= text.count - pattern.count else { return nil }
    return (start...text.count - pattern.count).first { at in
      text[at] == pattern[0] && text[at..<at + pattern.count].elementsEqual(pattern)
    }
  }
}
