import Foundation

/// The fixed-width header of EDF, EDF+, BDF and BDF+ (Kemp 1992; Kemp and Olivan 2003).
struct EDFHeader {
  /// One signal's part of the header.
  struct Signal {
    var label: String
    var transducer: String
    var dimension: String
    var physicalMinimum: Double
    var physicalMaximum: Double
    var digitalMinimum: Double
    var digitalMaximum: Double
    var prefiltering: String
    /// Samples in one data record.
    var samplesPerRecord: Int
    /// Samples of the signals before this one in a record.
    var offsetInRecord: Int
    var isAnnotations: Bool
    /// Why its samples cannot be used, nil where they can.
    var problem: String?

    /// Physical value = digital value * gain + offset.
    var gain: Double {
      (physicalMaximum - physicalMinimum) / (digitalMaximum - digitalMinimum)
    }
    var offset: Double { physicalMinimum - gain * digitalMinimum }

    /// What is wrong with the ranges, nil where they give a scale.
    var rangeProblem: String? {
      if digitalMinimum == digitalMaximum {
        return "digital minimum and maximum are both \(digitalMinimum)"
      }
      if digitalMinimum > digitalMaximum {
        return "digital minimum \(digitalMinimum) is above maximum \(digitalMaximum)"
      }
      if physicalMinimum == physicalMaximum {
        return "physical minimum and maximum are both \(physicalMinimum)"
      }
      guard RecordingLimits.scale.contains(abs(gain)), offset.isFinite,
        abs(offset) <= RecordingLimits.scale.upperBound
      else { return "physical range \(physicalMinimum) to \(physicalMaximum) gives no scale" }
      return nil
    }
  }

  var isBDF: Bool
  var formatName: String
  var isDiscontinuous: Bool
  var patient: String
  var recording: String
  var startTime: Date?
  var headerCount: Int
  var recordCount: Int
  /// Duration of a data record in seconds.
  var recordDuration: Double
  var signals: [Signal]
  var warnings: [String]

  var bytesPerSample: Int { isBDF ? 3 : 2 }
  var samplesPerRecord: Int { signals.reduce(0) { $0 + $1.samplesPerRecord } }
  var bytesPerRecord: Int { samplesPerRecord * bytesPerSample }

  /// Reads and checks the header; throws `RecordingError` naming byte and field.
  init(_ bytes: FileBytes) throws {
    var fields = try EDFFields(bytes, at: 0, count: 256)
    let first = fields.raw(0, 1)[0]
    isBDF = first == 0xFF
    let family = isBDF ? "BDF" : "EDF"
    patient = fields.text(8, 80)
    recording = fields.text(88, 80)
    let dateText = fields.text(168, 8)
    let timeText = fields.text(176, 8)
    headerCount = try fields.integer(184, 8, "number of header bytes", in: 256...2_560_000)
    let reserved = fields.text(192, 44)
    recordCount = try fields.integer(236, 8, "number of data records", in: -1...99_999_999)
    recordDuration = try fields.number(244, 8, "duration of a data record")
    let signalCount = try fields.integer(252, 4, "number of signals", in: 1...9999)
    warnings = fields.warnings

    let isPlus = reserved.hasPrefix(family + "+")
    isDiscontinuous = reserved.hasPrefix(family + "+D")
    formatName = isPlus ? family + (isDiscontinuous ? "+D" : "+") : family
    guard headerCount == 256 * (signalCount + 1) else {
      throw RecordingError(
        .malformed, path: bytes.path, place: "\(family) header, byte 184 (number of header bytes)",
        "found \(headerCount), expected \(256 * (signalCount + 1)) for \(signalCount) signals")
    }
    guard bytes.count >= headerCount else {
      throw RecordingError(
        .truncated, path: bytes.path, place: "\(family) header",
        "the file ends after \(bytes.count) bytes inside its header of \(headerCount) bytes")
    }
    startTime = EDFHeader.date(dateText, timeText, recording: recording)
    if startTime == nil { warnings.append("start date \(dateText.quoted) cannot be read") }
    signals = try EDFHeader.signals(
      bytes, count: signalCount, family: family, warnings: &warnings)
    guard signals.allSatisfy(\.isAnnotations) || isPlausibleDuration else {
      throw RecordingError(
        .malformed, path: bytes.path,
        place: "\(family) header, byte 244 (duration of a data record)",
        "found \(recordDuration) s, expected more than 0 and a sampling rate from 0.001 to 1e7 Hz")
    }
    try checkSize(bytes, family: family)
  }

  /// Whether at least one signal has a sampling rate that a recording can have.
  private var isPlausibleDuration: Bool {
    recordDuration > 0
      && signals.contains {
        !$0.isAnnotations && $0.samplesPerRecord > 0
          && RecordingLimits.samplingRate.contains(Double($0.samplesPerRecord) / recordDuration)
      }
  }

  /// Compares the number of records with the size of the file; -1 (unknown) is taken from it.
  private mutating func checkSize(_ bytes: FileBytes, family: String) throws {
    guard bytesPerRecord > 0 else {
      throw RecordingError(
        .malformed, path: bytes.path, place: "\(family) header", "all signals have 0 samples")
    }
    let available = bytes.count - headerCount
    let complete = available / bytesPerRecord
    if recordCount == -1 {
      recordCount = complete
      warnings.append("the header gives no number of records; \(complete) found by file size")
      if available % bytesPerRecord != 0 {
        warnings.append(
          "an incomplete last record (\(available % bytesPerRecord) bytes) is left out")
      }
    } else if complete < recordCount {
      guard complete > 0 else {
        throw RecordingError(
          .truncated, path: bytes.path, place: "data record 1 of \(recordCount)",
          "the file ends early: found \(available) bytes of data, expected \(bytesPerRecord) bytes "
            + "a record",
          remedy: "copy the file again from its origin")
      }
      // A recorder that crashed leaves whole records: they are good, and the rest is said.
      let rest = available % bytesPerRecord
      warnings.append(
        "the file ends early: \(complete) of \(recordCount) data records "
          + "(\(Double(complete) * recordDuration) s) are read"
          + (rest > 0 ? ", an incomplete one of \(rest) bytes is left out" : "")
          + "; copy the file again from its origin if it was longer there")
      recordCount = complete
    } else if available > recordCount * bytesPerRecord {
      warnings.append(
        "\(available - recordCount * bytesPerRecord) bytes after the last data record are ignored")
    }
    guard recordCount > 0 else {
      throw RecordingError(
        .malformed, path: bytes.path, place: "\(family) header", "there is no data record")
    }
  }

  private static func signals(
    _ bytes: FileBytes, count: Int, family: String, warnings: inout [String]
  ) throws -> [Signal] {
    // The second part holds one field for all signals, then the next field for all signals.
    var fields = try EDFFields(bytes, at: 256, count: 256 * count)
    let starts = [0, 16, 96, 104, 112, 120, 128, 136, 216, 224]
    func place(_ field: Int, _ width: Int, _ signal: Int) -> Int {
      starts[field] * count + width * signal
    }
    var result: [Signal] = []
    result.reserveCapacity(count)
    var offset = 0
    for index in 0..<count {
      let label = fields.text(place(0, 16, index), 16)
      let name = "signal \(index + 1) (\(label.onOneLine))"
      var signal = Signal(
        label: label, transducer: fields.text(place(1, 80, index), 80),
        dimension: fields.text(place(2, 8, index), 8),
        physicalMinimum: 0, physicalMaximum: 0, digitalMinimum: 0, digitalMaximum: 0,
        prefiltering: fields.text(place(7, 80, index), 80),
        samplesPerRecord: try fields.integer(
          place(8, 8, index), 8, "samples per record of \(name)", in: 0...99_999_999),
        offsetInRecord: offset, isAnnotations: label == family + " Annotations")
      if !signal.isAnnotations {
        // A signal without a scale is left out: the others are not worse for it.
        do {
          signal.physicalMinimum = try fields.number(
            place(3, 8, index), 8, "physical minimum of \(name)")
          signal.physicalMaximum = try fields.number(
            place(4, 8, index), 8, "physical maximum of \(name)")
          signal.digitalMinimum = try fields.number(
            place(5, 8, index), 8, "digital minimum of \(name)")
          signal.digitalMaximum = try fields.number(
            place(6, 8, index), 8, "digital maximum of \(name)")
          signal.problem = signal.rangeProblem
        } catch let error as RecordingError {
          signal.problem = "\(error.place): \(error.problem)"
        }
      }
      offset += signal.samplesPerRecord
      result.append(signal)
    }
    warnings += fields.warnings
    return result
  }

  /// The start from the header's date and time, nil where they hold none.
  ///
  /// Years 85-99 are 19xx, and the four-digit year of an EDF+ `Startdate` goes before.
  static func date(_ date: String, _ time: String, recording: String) -> Date? {
    func parts(_ text: String) -> [Int]? {
      let parts = text.split(whereSeparator: { ".:-/ ".contains($0) }).map { Int($0) }
      return parts.count == 3 ? parts.compactMap { $0 } : nil
    }
    guard let day = parts(date), day.count == 3, let clock = parts(time), clock.count == 3,
      (1...31).contains(day[0]), (1...12).contains(day[1]), (0...99).contains(day[2]),
      (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
    else { return nil }
    var components = DateComponents()
    components.year = day[2] >= 85 ? 1900 + day[2] : 2000 + day[2]
    let words = recording.split(separator: " ")
    if words.count > 1, words[0] == "Startdate", let year = Int(words[1].suffix(4)),
      year % 100 == day[2], (1900...2200).contains(year)
    {
      components.year = year
    }
    (components.month, components.day) = (day[1], day[0])
    (components.hour, components.minute, components.second) = (clock[0], clock[1], clock[2])
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.date(from: components)
  }
}
