import Foundation

extension SpikeAnnotations {
  /// Reads a WFDB annotation file in MIT format (annot(5), Moody) as discharges.
  ///
  /// An annotation's unit is its auxiliary text, else its type code with `.subtype` where that is
  /// not 0. `samplingRate` in Hz is that of the record; a time resolution stated in the file goes
  /// before. Throws `RecordingError`.
  public static func readWFDB(_ path: String, samplingRate: Double) throws -> SpikeAnnotations {
    precondition(samplingRate > 0, "a sampling rate is positive")
    let bytes = try FileBytes(path: path).all(limit: 1 << 28)
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
    var rate = samplingRate
    var at = 0
    var time = 0
    var isEnded = false
    var events: [(time: Int, unit: String)] = []
    var pending: (time: Int, type: Int, subtype: Int, text: String)?
    func flush() {
      guard let event = pending else { return }
      pending = nil
      let mark = "## time resolution:"
      if event.text.hasPrefix(mark) {
        if let value = Double(
          event.text.dropFirst(mark.count).trimmingCharacters(in: .whitespaces)),
          value > 0, value.isFinite
        {
          rate = value
        }
        return
      }
      let code = event.subtype == 0 ? "\(event.type)" : "\(event.type).\(event.subtype)"
      events.append((event.time, event.text.isEmpty ? code : event.text.onOneLine))
    }
    while at < bytes.count {
      let value = try word(at)
      let (code, field) = (value >> 10, value & 0x3FF)
      at += 2
      switch code {
      case 0 where field == 0:
        isEnded = true
      case 59:
        // A 32-bit interval, its high half first.
        let interval = Int(
          Int32(truncatingIfNeeded: try word(at) << 16 | word(at + 2)))
        time += interval
        at += 4
      case 60, 62: break
      case 61: pending?.subtype = field
      case 63:
        guard at + field <= bytes.count else { throw truncated(at) }
        pending?.text = String(decoding: bytes[at..<at + field].filter { $0 != 0 }, as: UTF8.self)
        at += field + field % 2
      default:
        flush()
        time += field
        pending = (time, code, 0, "")
      }
      if isEnded { break }
    }
    flush()
    guard isEnded else { throw truncated(bytes.count) }
    guard events.allSatisfy({ $0.time >= 0 }) else {
      throw RecordingError(.malformed, path: path, "holds an annotation before the record's start")
    }
    var times: [String: [Double]] = [:]
    for event in events { times[event.unit, default: []].append(Double(event.time) / rate) }
    let name = URL(fileURLWithPath: path).lastPathComponent
    return SpikeAnnotations(origin: "WFDB annotation file \(name)", trains: trains(times))
  }
}
