import Foundation

/// Copies of recordings without what their headers say of a person.
///
/// | format | taken out | kept |
/// |---|---|---|
/// | EDF, BDF and their plus forms | patient and recording field, texts of annotations | labels, units, samples, times of annotations |
/// | WFDB | comments, names of the record and its files, what is no sample in signal files | numbers, labels, units, samples |
/// | Qtrac (.MEM) | name, operator, comments, file | settings, points, age, sex |
///
/// Dates are moved by the same number of days for one patient, or taken out. Labels of channels are
/// kept: look at them. Sources: EDF (Kemp 1992), EDF+ (Kemp and Olivan 2003).
public struct Deidentification: Sendable {
  /// Days that dates are moved by; nil takes them out.
  public var days: Int?

  /// A removal of personal fields.
  public init(days: Int? = nil) {
    self.days = days
  }

  /// Writes the copy through `place`; returns what was taken out, in words.
  ///
  /// - Throws: `RecordingError` where the file is of another format or malformed, `OutputError`.
  public func copy(_ path: String, to place: OutputPlace, origin: OutputOrigin) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RecordingError(.cannotOpen, path: path, "cannot be opened")
    }
    var bytes = [UInt8](data)
    var removed: [String] = []
    if (path as NSString).pathExtension.lowercased() == "hea" {
      return try wfdb(FileText.decode(bytes), path, to: place, origin: origin)
    }
    if bytes.count >= 256, bytes[0] == 0xFF || bytes[0] == UInt8(ascii: "0") {
      removed = try edf(&bytes, path)
    } else if (path as NSString).pathExtension.lowercased() == "mem" {
      removed = qtrac(&bytes)
    } else {
      throw RecordingError(
        .unsupported, path: path,
        "found a format whose personal fields are not known, expected EDF, BDF, WFDB (.hea), MAT or Qtrac (.MEM)",
        remedy: "convert it to EDF first")
    }
    try place.write(origin, bytes)
    return removed
  }

  // MARK: EDF and BDF

  private func edf(_ bytes: inout [UInt8], _ path: String) throws -> [String] {
    // The header is read as any other: what contradicts the format is refused.
    let header = try EDFHeader(try FileBytes(path: path))
    let isPlus = header.formatName.contains("+")
    var removed: [String] = []
    func put(_ text: String, _ offset: Int, _ count: Int) {
      let padded = Array(text.utf8.prefix(count))
      for index in 0..<count {
        bytes[offset + index] = index < padded.count ? padded[index] : UInt8(ascii: " ")
      }
    }
    if !header.patient.isEmpty { removed.append("patient field") }
    if !header.recording.isEmpty { removed.append("recording field") }
    let date = shifted(header.startTime)
    put(isPlus ? "X X X X" : "", 8, 80)
    put(isPlus ? "Startdate \(date.map(Self.plusDate) ?? "X") X X X" : "", 88, 80)
    put(date.map(Self.shortDate) ?? "01.01.85", 168, 8)
    removed.append(days == nil ? "date" : "date moved")
    let texts = blankAnnotations(&bytes, header)
    if texts > 0 { removed.append("texts of \(texts) annotations") }
    return removed
  }

  /// Writes an "x" for each letter and digit of the texts of annotations; onsets and durations stay.
  private func blankAnnotations(_ bytes: inout [UInt8], _ header: EDFHeader) -> Int {
    var texts = 0
    let width = header.bytesPerSample
    for signal in header.signals where signal.isAnnotations {
      for record in 0..<max(0, header.recordCount) {
        let start =
          header.headerCount + record * header.bytesPerRecord + signal.offsetInRecord * width
        let end = min(bytes.count, start + signal.samplesPerRecord * width)
        guard start < end else { break }
        var isText = false
        var hasText = false
        for index in start..<end {
          switch bytes[index] {
          case 0:
            isText = false
            if hasText { texts += 1 }
            hasText = false
          case 0x14: isText = true
          default:
            guard isText else { continue }
            hasText = true
            if bytes[index] != UInt8(ascii: " ") { bytes[index] = UInt8(ascii: "x") }
          }
        }
      }
    }
    return texts
  }

  private func shifted(_ date: Date?) -> Date? {
    guard let days, let date else { return nil }
    return date.addingTimeInterval(Double(days) * 86_400)
  }

  private static func parts(_ date: Date) -> DateComponents {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.dateComponents([.year, .month, .day], from: date)
  }

  private static func shortDate(_ date: Date) -> String {
    let parts = parts(date)
    return String(
      format: "%02d.%02d.%02d", parts.day ?? 1, parts.month ?? 1, (parts.year ?? 1985) % 100)
  }

  private static func plusDate(_ date: Date) -> String {
    let months = [
      "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    let parts = parts(date)
    return String(format: "%02d-", parts.day ?? 1) + months[((parts.month ?? 1) + 11) % 12]
      + String(format: "-%04d", parts.year ?? 1985)
  }

  // MARK: Qtrac

  private static let personal = ["Name:", "Operator:", "Comments:", "File:", "Hospital number:"]

  private func qtrac(_ bytes: inout [UInt8]) -> [String] {
    var removed: [String] = []
    let separator = bytes.contains(0x0D) ? "\r\n" : "\n"
    let lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let cleaned = lines.map { line -> String in
      let head = line.drop { $0 == " " || $0 == "\t" }
      if let field = Self.personal.first(where: { head.hasPrefix($0) }) {
        removed.append(String(field.dropLast()))
        return "\(field)\t X"
      }
      guard head.hasPrefix("Date:") else { return String(line) }
      removed.append(days == nil ? "date" : "date moved")
      return "Date:\t \(qtracDate(head.dropFirst(5)))"
    }
    bytes = Array(cleaned.joined(separator: separator).utf8)
    return removed
  }

  /// Day/month/year moved; the first day of 1985, which stands for none, where there is no shift.
  private func qtracDate(_ text: Substring) -> String {
    let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
    guard let days, parts.count == 3 else { return "1/1/85" }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let year = parts[2] < 100 ? (parts[2] < 70 ? 2000 : 1900) + parts[2] : parts[2]
    guard
      let date = calendar.date(
        from: DateComponents(year: year, month: parts[1], day: parts[0]))
    else { return "1/1/85" }
    let moved = Self.parts(date.addingTimeInterval(Double(days) * 86_400))
    return String(
      format: "%d/%d/%02d", moved.day ?? 1, moved.month ?? 1, (moved.year ?? 1985) % 100)
  }
}

extension Deidentification {
  /// A copy that was written.
  public struct Summary: Encodable, Sendable {
    /// The copy.
    public let path: String
    /// What was taken out, in words.
    public let removed: [String]

    /// The summary of a copy.
    public init(path: String, removed: [String]) {
      self.path = path
      self.removed = removed
    }

    /// The summary for people.
    public var text: String { "\(path): taken out: \(removed.joined(separator: ", "))" }
  }
}
