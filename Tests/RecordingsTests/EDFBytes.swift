import Foundation

/// Builds EDF and BDF files byte by byte, independently of the writer under test.
struct EDFBytes {
  struct Signal {
    var label: String
    var unit: String
    var perRecord: Int
    var physical: (String, String)
    var digital: (String, String)
    /// Bytes of an annotation signal per record.
    var lists: [[UInt8]]?
  }

  var isBDF: Bool
  var records: Int
  var duration: String
  var stated: String?
  var reserved = ""
  var signals: [Signal] = []
  /// Changes of the finished bytes: offset and replacement.
  var patches: [(Int, String)] = []

  init(isBDF: Bool, records: Int, duration: String, stated: String? = nil) {
    self.isBDF = isBDF
    self.records = records
    self.duration = duration
    self.stated = stated
  }

  mutating func add(
    _ label: String, unit: String, perRecord: Int, physical: (String, String),
    digital: (String, String) = ("-32768", "32767")
  ) {
    signals.append(
      Signal(
        label: label, unit: unit, perRecord: perRecord, physical: physical, digital: digital))
  }

  mutating func addAnnotations(_ lists: [String], perRecord: Int) {
    signals.append(
      Signal(
        label: isBDF ? "BDF Annotations" : "EDF Annotations", unit: "", perRecord: perRecord,
        physical: ("-1", "1"), digital: ("-32768", "32767"), lists: lists.map { Array($0.utf8) }))
  }

  func bytes(_ value: (_ signal: Int, _ record: Int, _ index: Int) -> Int) -> [UInt8] {
    func field(_ text: String, _ width: Int) -> [UInt8] {
      Array(text.utf8.prefix(width)) + [UInt8](repeating: 32, count: width - text.utf8.count)
    }
    var bytes: [UInt8] = isBDF ? [255] + Array("BIOSEMI".utf8) : field("0", 8)
    bytes += field("X X X X", 80) + field("Startdate 02-MAR-2026 X X X", 80)
    bytes += field("02.03.26", 8) + field("10.20.30", 8)
    bytes += field("\(256 * (signals.count + 1))", 8) + field(reserved, 44)
    bytes += field(stated ?? "\(records)", 8) + field(duration, 8) + field("\(signals.count)", 4)
    for signal in signals { bytes += field(signal.label, 16) }
    for _ in signals { bytes += field("", 80) }
    for signal in signals { bytes += field(signal.unit, 8) }
    for signal in signals { bytes += field(signal.physical.0, 8) }
    for signal in signals { bytes += field(signal.physical.1, 8) }
    for signal in signals { bytes += field(signal.digital.0, 8) }
    for signal in signals { bytes += field(signal.digital.1, 8) }
    for _ in signals { bytes += field("HP:10Hz", 80) }
    for signal in signals { bytes += field("\(signal.perRecord)", 8) }
    for _ in signals { bytes += field("", 32) }
    let size = isBDF ? 3 : 2
    for record in 0..<records {
      for (index, signal) in signals.enumerated() {
        if let lists = signal.lists {
          let list = lists[record]
          bytes += list + [UInt8](repeating: 0, count: signal.perRecord * size - list.count)
          continue
        }
        for sample in 0..<signal.perRecord {
          let word = UInt32(truncatingIfNeeded: value(index, record, sample))
          for shift in 0..<size { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * shift))) }
        }
      }
    }
    for (offset, text) in patches {
      bytes.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
    }
    return bytes
  }
}
