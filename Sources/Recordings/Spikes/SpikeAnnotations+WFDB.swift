import Foundation

extension SpikeAnnotations {
  /// Codes of annotation words that are not annotations themselves (annot(5)).
  private enum Code {
    static let end = 0
    static let normal = 1
    static let note = 22
    static let skip = 59
    static let number = 60
    static let subtype = 61
    static let channel = 62
    static let auxiliary = 63
  }

  private static let resolutionMark = "## time resolution:"

  /// Reads a WFDB annotation file in MIT format (annot(5), Moody) as discharges.
  ///
  /// An annotation's unit is its auxiliary text, else its type code with `.subtype` and `#num`
  /// where these are not 0. A time resolution stated in the file goes before `samplingRate`, that
  /// of the record in Hz; where neither is known, the header (.hea) of the same record is asked.
  ///
  /// - Throws: `RecordingError`.
  public static func readWFDB(_ path: String, samplingRate: Double? = nil) throws
    -> SpikeAnnotations
  {
    precondition(samplingRate.map { $0 > 0 } ?? true, "a sampling rate is positive")
    let bytes = try FileBytes(path: path).all(limit: 1 << 28)
    let (events, resolution) = try wfdbEvents(bytes, path: path)
    guard let rate = try resolution ?? samplingRate ?? recordRate(beside: path) else {
      throw RecordingError(
        .missingSamplingRate, path: path,
        "states no time resolution, and no header of its record is beside it",
        remedy: "put the .hea file of the record beside it, or state the sampling rate")
    }
    var times: [String: [Double]] = [:]
    for event in events { times[event.unit, default: []].append(Double(event.time) / rate) }
    let name = URL(fileURLWithPath: path).lastPathComponent
    return SpikeAnnotations(origin: "WFDB annotation file \(name)", trains: trains(times))
  }

  /// Whether a file is taken for WFDB annotations: by the annotator's name in its extension, or by a
  /// statement of the time resolution at its start.
  public static func isWFDB(_ path: String) throws -> Bool {
    let annotators = ["mu", "atr", "ann", "man", "qrs"]
    if annotators.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) { return true }
    let head = try FileBytes(path: path).head(4 + resolutionMark.utf8.count)
    return head.starts(with: [0, UInt8(Code.note << 2)])
      && head.dropFirst(4).elementsEqual(resolutionMark.utf8)
  }

  /// Writes the discharges as a WFDB annotation file in MIT format, atomically.
  ///
  /// The file's extension is the annotator's name to WFDB programs, as in `R00108.mu` for the
  /// record of `R00108.hea`.
  ///
  /// - Throws: `RecordingError` where the file cannot be written.
  public func writeWFDB(to path: String, samplingRate: Double) throws {
    try AtomicFile.write(wfdbBytes(samplingRate: samplingRate), to: path)
  }

  /// The bytes of the annotation file that `writeWFDB` writes.
  ///
  /// Each discharge is a normal annotation at the whole sample nearest to it, at `samplingRate` in
  /// Hz, which the file states as its time resolution. The unit's name is the auxiliary text, cut
  /// to the 255 bytes that WFDB allows, and its number in order, from 1 up to 127, the field `num`.
  /// Discharges before the first sample are moved onto it.
  public func wfdbBytes(samplingRate: Double) -> [UInt8] {
    precondition(samplingRate > 0 && samplingRate.isFinite, "a sampling rate is positive")
    var bytes: [UInt8] = []
    func append(word: Int) {
      bytes.append(UInt8(word & 255))
      bytes.append(UInt8(word >> 8 & 255))
    }
    func append(code: Int, _ field: Int) { append(word: code << 10 | field & 0x3FF) }
    func append(auxiliary text: some Collection<UInt8>) {
      append(code: Code.auxiliary, text.count)
      bytes += text
      if text.count % 2 == 1 { bytes.append(0) }
    }
    let whole = samplingRate == samplingRate.rounded() && samplingRate < 1e15
    append(code: Code.note, 0)
    append(
      auxiliary: "\(Self.resolutionMark) \(whole ? "\(Int(samplingRate))" : "\(samplingRate)")".utf8
    )
    // Far beyond any recording, and whole in the arithmetic below.
    let last = Double(1 << 48)
    let events = trains.enumerated().flatMap { index, train in
      let name = Self.auxiliaryText(train.unit)
      return train.times.filter(\.isFinite).map {
        (
          sample: Int(max(0, min(last, ($0 * samplingRate).rounded()))), number: index + 1,
          name: name
        )
      }
    }.sorted { ($0.sample, $0.number) < ($1.sample, $1.number) }
    var sample = 0
    var number = 0
    for event in events {
      var step = event.sample - sample
      while step > 1023 {
        let interval = min(step, Int(Int32.max))
        append(code: Code.skip, 0)
        append(word: interval >> 16)
        append(word: interval & 0xFFFF)
        step -= interval
      }
      append(code: Code.normal, step)
      let wanted = event.number <= 127 ? event.number : 0
      if wanted != number {
        append(code: Code.number, wanted)
        number = wanted
      }
      append(auxiliary: event.name)
      sample = event.sample
    }
    append(word: Code.end)
    return bytes
  }

  /// At most 255 bytes of a unit's name on one line, cut between characters; never empty.
  private static func auxiliaryText(_ name: String) -> [UInt8] {
    var text: [UInt8] = []
    for character in name.onOneLine.filter({ $0 != "\0" }) {
      if text.count + character.utf8.count > 255 { break }
      text += character.utf8
    }
    return text.isEmpty ? Array("?".utf8) : text
  }

  /// The sampling rate in the header of an annotation file's record, nil where there is none.
  private static func recordRate(beside path: String) throws -> Double? {
    let header = URL(fileURLWithPath: path).deletingPathExtension().appendingPathExtension("hea")
    guard FileManager.default.fileExists(atPath: header.path) else { return nil }
    let text = String(
      decoding: try FileBytes(path: header.path).all(limit: 1 << 20), as: UTF8.self)
    return try WFDBHeader(text, path: header.path).frameRate
  }

  /// The annotations in file order, and the time resolution that the file states in Hz.
  private static func wfdbEvents(
    _ bytes: [UInt8], path: String
  ) throws -> (events: [(time: Int, unit: String)], resolution: Double?) {
    guard bytes.count >= 2, bytes.count % 2 == 0 else {
      throw RecordingError(
        .malformed, path: path,
        "has \(bytes.count) bytes; a WFDB annotation file is a sequence of 16-bit words")
    }
    func truncated(_ at: Int) -> RecordingError {
      RecordingError(
        .truncated, path: path, place: "byte \(at)", "ends inside an annotation",
        remedy: "copy the file again from its origin")
    }
    func word(_ at: Int) throws -> Int {
      guard at + 1 < bytes.count else { throw truncated(at) }
      return Int(bytes[at]) | Int(bytes[at + 1]) << 8
    }
    var resolution: Double?
    var at = 0
    var time = 0
    var number = 0
    var isEnded = false
    var events: [(time: Int, unit: String)] = []
    var pending: (time: Int, type: Int, subtype: Int, number: Int, text: String)?
    func flush() {
      guard let event = pending else { return }
      pending = nil
      if event.text.hasPrefix(resolutionMark) {
        let stated = event.text.dropFirst(resolutionMark.count).trimmingCharacters(in: .whitespaces)
        if let value = Double(stated), value > 0, value.isFinite { resolution = value }
        return
      }
      var code = "\(event.type)"
      if event.subtype != 0 { code += ".\(event.subtype)" }
      if event.number != 0 { code += "#\(event.number)" }
      events.append((event.time, event.text.isEmpty ? code : event.text.onOneLine))
    }
    while at < bytes.count, !isEnded {
      let value = try word(at)
      let (code, field) = (value >> 10, value & 0x3FF)
      at += 2
      switch code {
      case Code.end where field == 0:
        isEnded = true
      case Code.skip:
        // A 32-bit interval, its high half first.
        time += Int(Int32(truncatingIfNeeded: try word(at) << 16 | word(at + 2)))
        at += 4
      case Code.number:
        // It holds for this annotation and those after it.
        number = Int(Int8(truncatingIfNeeded: field))
        pending?.number = number
      case Code.channel: break
      case Code.subtype: pending?.subtype = field
      case Code.auxiliary:
        guard at + field <= bytes.count else { throw truncated(at) }
        pending?.text = String(decoding: bytes[at..<at + field].filter { $0 != 0 }, as: UTF8.self)
        at += field + field % 2
      default:
        flush()
        time += field
        pending = (time, code, 0, number, "")
      }
    }
    flush()
    guard isEnded else { throw truncated(bytes.count) }
    guard events.allSatisfy({ $0.time >= 0 }) else {
      throw RecordingError(.malformed, path: path, "holds an annotation before the record's start")
    }
    return (events, resolution)
  }
}
