import Foundation

/// Time-stamped annotation lists of EDF+ and BDF+ (Kemp and Olivan 2003, section 2.2).
struct EDFAnnotations {
  /// Start of each data record in seconds after the header's start time, nil where not given.
  var recordOnsets: [Double?] = []
  /// The annotations, onsets in seconds after the header's start time.
  var annotations: [Annotation] = []
  /// Lists that could not be understood.
  var malformedCount = 0
  /// Annotations beyond the number that is kept.
  var surplusCount = 0
  /// Records whose times were not read because there are too many of them.
  var isUnread = false

  /// Most records whose times are kept.
  private static let recordLimit = 4_000_000

  /// Reads the annotation signals of all records, and nothing else of the file where records are
  /// large; memory is bounded by the annotations themselves.
  static func read(_ bytes: FileBytes, _ header: EDFHeader) throws -> EDFAnnotations {
    var result = EDFAnnotations()
    let signals = header.signals.filter(\.isAnnotations)
    guard !signals.isEmpty else { return result }
    guard header.recordCount <= recordLimit else {
      result.isUnread = true
      return result
    }
    let size = header.bytesPerRecord
    let blockRecords = size > 1 << 16 ? 0 : max(1, (1 << 20) / size)
    var record = 0
    while record < header.recordCount {
      let start = header.headerCount + record * size
      if blockRecords == 0 {
        for (place, signal) in signals.enumerated() {
          let list = try bytes.read(
            at: start + signal.offsetInRecord * header.bytesPerSample,
            count: signal.samplesPerRecord * header.bytesPerSample)
          result.add(list[...], isFirstOfRecord: place == 0)
        }
        record += 1
      } else {
        let count = min(blockRecords, header.recordCount - record)
        let block = try bytes.read(at: start, count: count * size)
        for index in 0..<count {
          for (place, signal) in signals.enumerated() {
            let from = index * size + signal.offsetInRecord * header.bytesPerSample
            let end = from + signal.samplesPerRecord * header.bytesPerSample
            result.add(block[from..<end], isFirstOfRecord: place == 0)
          }
        }
        record += count
      }
    }
    return result
  }

  /// Takes one signal's bytes of one record: lists ended by 0, each
  /// `onset [0x15 duration] 0x14 text 0x14 text 0x14`.
  mutating func add(_ bytes: ArraySlice<UInt8>, isFirstOfRecord: Bool) {
    var isTimekeeping = isFirstOfRecord
    if isFirstOfRecord { recordOnsets.append(nil) }
    for list in bytes.split(separator: 0) {
      let parts = list.split(separator: 0x14, omittingEmptySubsequences: false)
      let times = parts[parts.startIndex].split(separator: 0x15, omittingEmptySubsequences: false)
      guard parts.count >= 2, let onset = EDFAnnotations.seconds(times.first) else {
        malformedCount += 1
        isTimekeeping = false
        continue
      }
      var texts = parts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
      if texts.last?.isEmpty == true { texts.removeLast() }
      if isTimekeeping {
        // The first list of a record has an empty first text and gives the record's start.
        if texts.first?.isEmpty ?? true {
          recordOnsets[recordOnsets.count - 1] = onset
          texts = Array(texts.dropFirst())
        }
        isTimekeeping = false
      }
      let duration = times.count > 1 ? EDFAnnotations.seconds(times[1]) : nil
      for text in texts where !text.isEmpty {
        guard annotations.count < RecordingLimits.annotationCount else {
          surplusCount += 1
          continue
        }
        annotations.append(Annotation(onset: onset, duration: duration, text: text))
      }
    }
  }

  private static func seconds(_ bytes: ArraySlice<UInt8>?) -> Double? {
    guard let bytes, !bytes.isEmpty, bytes.count < 32,
      let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite,
      abs(value) < 1e12
    else { return nil }
    return value
  }
}
