import Foundation

/// A WFDB header (`.hea`): one record line, one line per signal, comments (header(5), Moody).
///
/// Lines may end in CR, LF or CR LF: EMGLAB writes CR alone.
struct WFDBHeader {
  /// One signal line.
  struct Signal {
    var fileName: String
    var format: WFDBFormat
    var samplesPerFrame = 1
    /// Bytes before the first sample of the file.
    var byteOffset = 0
    /// Digital units per physical unit; nil where uncalibrated.
    var gain: Double?
    var unit: String?
    /// Digital value of physical zero.
    var baseline = 0
    var initialValue: Int?
    var checksum: Int?
    var description = ""
  }

  var recordName: String
  var signals: [Signal] = []
  /// Frames per second, nil where the header gives none.
  var frameRate: Double?
  /// Frames of the record, nil where the header gives none.
  var frameCount: Int?
  var startTime: Date?
  var comments: [String] = []
  var warnings: [String] = []

  /// Whether a text looks like a WFDB header.
  static func recognises(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head.prefix(2048), as: UTF8.self)
    let lines = text.split { $0.isNewline }.filter { !$0.hasPrefix("#") }
    guard lines.count >= 2 else { return false }
    let record = lines[0].split(separator: " ")
    let signal = lines[1].split { $0 == " " || $0 == "\t" }
    guard record.count >= 2, Int(record[1]) != nil, signal.count >= 2 else { return false }
    return signal[1].first?.isNumber == true
  }

  /// Parses the text; throws `RecordingError` naming line and field.
  init(_ text: String, path: String) throws {
    func malformed(_ line: Int, _ field: String, _ found: some StringProtocol) -> RecordingError {
      RecordingError(
        .malformed, path: path, place: "line \(line), \(field)",
        "found \(String(found).quoted), expected a WFDB header field")
    }
    recordName = ""
    var signalCount = 0
    var isRecordLine = true
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = String(raw).trimmingWhitespace()
      if line.hasPrefix("#") {
        comments.append(String(line.dropFirst()).trimmingWhitespace())
        continue
      }
      if line.isEmpty { continue }
      let words = line.split { $0 == " " || $0 == "\t" }.map { String($0) }
      if isRecordLine {
        isRecordLine = false
        guard words.count >= 2, let count = Int(words[1]), (1...10_000).contains(count) else {
          throw malformed(index + 1, "number of signals", words.count > 1 ? words[1] : "")
        }
        guard !words[0].contains("/") else {
          throw RecordingError(
            .unsupported, path: path, place: "line \(index + 1)",
            "is a record of several segments, which cannot be read",
            remedy: "open the header of one segment")
        }
        (recordName, signalCount) = (words[0], count)
        if words.count > 2 {
          let rate = words[2].prefix { $0 != "/" && $0 != "(" }
          guard let value = Double(rate), RecordingLimits.samplingRate.contains(value) else {
            throw malformed(index + 1, "sampling rate", words[2])
          }
          frameRate = value
        }
        if words.count > 3 {
          guard let value = Int(words[3]), RecordingLimits.sampleCount.contains(value) else {
            throw malformed(index + 1, "number of samples", words[3])
          }
          frameCount = value == 0 ? nil : value
        }
        if words.count > 4 {
          let text = words[4...].joined(separator: " ")
          startTime = Self.date(text)
          if startTime == nil, words.count > 5 {
            warnings.append(
              "the start \(text.quoted) cannot be read as time and date; none is taken")
          } else if startTime != nil, text.contains("-") || !words[4].contains(":") {
            warnings.append(
              "the start \(text.quoted) is not written as the format has it (HH:MM:SS DD/MM/YYYY); "
                + "it is read as an ISO date")
          }
        }
      } else if signals.count < signalCount {
        signals.append(try Self.signal(words) { malformed(index + 1, $0, $1) })
      }
    }
    guard !isRecordLine else { throw malformed(1, "record line", "") }
    guard signals.count == signalCount else {
      throw RecordingError(
        .truncated, path: path,
        "found \(signals.count) signal lines, expected \(signalCount) by the record line")
    }
  }

  private static func signal(
    _ words: [String], _ malformed: (String, String) -> RecordingError
  ) throws -> Signal {
    guard words.count >= 2 else { throw malformed("format", "") }
    // FORMAT[xSAMPLES-PER-FRAME][:SKEW][+OFFSET]
    let formatDigits = words[1].prefix { $0.isNumber }
    guard let code = Int(formatDigits) else { throw malformed("format", words[1]) }
    guard let format = WFDBFormat(rawValue: code) else {
      throw malformed("format (can be read: 16, 24, 32, 61, 80, 160, 212)", words[1])
    }
    var signal = Signal(fileName: words[0], format: format)
    var rest = words[1].dropFirst(formatDigits.count)
    while let mark = rest.first {
      let digits = rest.dropFirst().prefix { $0.isNumber }
      guard let value = Int(digits) else { throw malformed("format", words[1]) }
      switch mark {
      case "x":
        guard (1...100_000).contains(value) else {
          throw malformed("samples per frame", words[1])
        }
        signal.samplesPerFrame = value
      case ":":
        guard value == 0 else { throw malformed("skew (only 0 can be read)", words[1]) }
      case "+": signal.byteOffset = value
      default: throw malformed("format", words[1])
      }
      rest = rest.dropFirst(1 + digits.count)
    }
    // GAIN[(BASELINE)][/UNITS]
    var baseline: Int?
    if words.count > 2 {
      let sides = words[2].split(separator: "/", maxSplits: 1).map { String($0) }
      let open = sides[0].split(separator: "(", maxSplits: 1).map { String($0) }
      guard let first = open.first, let gain = Double(first),
        gain == 0 || RecordingLimits.scale.contains(abs(gain))
      else {
        throw malformed("gain", words[2])
      }
      // A negative gain is legal (inverted leads); 0 says uncalibrated.
      signal.gain = gain == 0 ? nil : gain
      if open.count > 1 {
        guard let value = Int(open[1].replacingSuffix(")")) else {
          throw malformed("baseline", words[2])
        }
        baseline = value
      }
      signal.unit = sides.count > 1 ? sides[1] : nil
    }
    func integer(_ index: Int, _ field: String) throws -> Int? {
      guard words.count > index else { return nil }
      guard let value = Int(words[index]) else { throw malformed(field, words[index]) }
      return value
    }
    _ = try integer(3, "ADC resolution")
    signal.baseline = try baseline ?? integer(4, "ADC zero") ?? 0
    signal.initialValue = try integer(5, "initial value")
    signal.checksum = try integer(6, "checksum")
    _ = try integer(7, "block size")
    if words.count > 8 { signal.description = words[8...].joined(separator: " ") }
    return signal
  }

  /// `HH:MM:SS DD/MM/YYYY` as the format has it, and the other way round or with an ISO date as some
  /// programs write it; nil where there is no date that exists.
  private static func date(_ text: String) -> Date? {
    var words = text.split { $0 == " " || $0 == "T" }.map { String($0) }
    guard words.count >= 2 else { return nil }
    if words[1].contains(":"), !words[0].contains(":") { words.swapAt(0, 1) }
    let clock = words[0].split(separator: ":").compactMap { Double($0) }
    var day = words[1].split { $0 == "/" || $0 == "-" || $0 == "." }.compactMap { Int($0) }
    guard clock.count == 3, day.count == 3 else { return nil }
    if day[0] > 31 { day.reverse() }
    guard (1...31).contains(day[0]), (1...12).contains(day[1]), (1...9999).contains(day[2]),
      (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0..<61).contains(clock[2])
    else { return nil }
    var components = DateComponents()
    (components.day, components.month, components.year) = (day[0], day[1], day[2])
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.date(from: components)?
      .addingTimeInterval(clock[0] * 3600 + clock[1] * 60 + clock[2])
  }
}
