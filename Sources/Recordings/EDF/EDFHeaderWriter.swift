import Foundation

/// The header of an EDF+C or BDF+C file.
struct EDFHeaderWriter {
  let configuration: EDFWriterConfiguration
  let channels: [Channel]
  let scales: [EDFScale]
  let timing: EDFTiming
  let annotationSamples: Int
  let startTime: Date?
  /// What stands in the transducer field of each channel.
  let electrodes: [String]

  private static let months = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]

  var bytes: [UInt8] {
    let family = configuration.isBDF ? "BDF" : "EDF"
    let signalCount = channels.count + 1
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = startTime.map {
      calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: $0)
    }
    func two(_ value: Int?) -> String { String(format: "%02d", (value ?? 0) % 100) }
    let day = parts.map { "\(two($0.day)).\(two($0.month)).\(two($0.year))" } ?? "01.01.85"
    let clock = parts.map { "\(two($0.hour)).\(two($0.minute)).\(two($0.second))" } ?? "00.00.00"
    let start =
      parts.map { "\(two($0.day))-\(Self.months[($0.month ?? 1) - 1])-\($0.year ?? 1985)" } ?? "X"
    var bytes: [UInt8] = configuration.isBDF ? [0xFF] : []
    bytes += field(configuration.isBDF ? "BIOSEMI" : "0", configuration.isBDF ? 7 : 8)
    bytes += field("\(word(configuration.patientCode)) X X X", 80)
    bytes += field("Startdate \(start) X X \(word(configuration.equipment))", 80)
    bytes += field(day, 8) + field(clock, 8) + field("\(256 * (signalCount + 1))", 8)
    bytes += field("\(family)+C", 44) + field("\(timing.recordCount)", 8)
    bytes += field(timing.durationText, 8) + field("\(signalCount)", 4)

    let digital = scales.first.map { Int($0.digitalMaximum) } ?? 32767
    bytes += column(16, channels.map { label($0) }, "\(family) Annotations")
    bytes += column(80, electrodes, "")
    bytes += column(8, channels.map { dimension($0.unit) }, "")
    bytes += column(8, scales.map(\.negativeText), "-1")
    bytes += column(8, scales.map(\.physicalText), "1")
    bytes += column(
      8, scales.map { _ in "-\(digital)" }, configuration.isBDF ? "-8388608" : "-32768")
    bytes += column(8, scales.map { _ in "\(digital)" }, "\(digital)")
    bytes += column(80, channels.map { _ in "" }, "")
    bytes += column(8, timing.samplesPerRecord.map { "\($0)" }, "\(annotationSamples)")
    bytes += column(32, channels.map { _ in "" }, "")
    return bytes
  }

  private func column(_ width: Int, _ texts: [String], _ annotations: String) -> [UInt8] {
    (texts + [annotations]).flatMap { field($0, width) }
  }

  /// ASCII text padded with blanks; other characters become `?`, surplus is cut.
  private func field(_ text: String, _ width: Int) -> [UInt8] {
    let ascii = text.unicodeScalars.map { scalar -> UInt8 in
      (32...126).contains(scalar.value) ? UInt8(scalar.value) : UInt8(ascii: "?")
    }
    return Array(ascii.prefix(width)) + [UInt8](repeating: 32, count: max(0, width - ascii.count))
  }

  /// Subfields of EDF+ are separated by blanks, so a subfield holds none.
  private func word(_ text: String) -> String {
    let joined = text.split(whereSeparator: \.isWhitespace).joined(separator: "_")
    return joined.isEmpty ? "X" : joined
  }

  /// The name with the EDF+ type before it where the name alone would not tell the role.
  private func label(_ channel: Channel) -> String {
    let unit = channel.unit == .relative ? nil : channel.unit
    if ChannelRole.guess(name: channel.name, unit: unit) == channel.role { return channel.name }
    switch channel.role {
    case .emg: return "EMG \(channel.name)"
    case .force: return "Force \(channel.name)"
    case .trigger: return "Trigger \(channel.name)"
    case .auxiliary, .storedFirings, .storedSource: return "Aux \(channel.name)"
    }
  }

  private func dimension(_ unit: PhysicalUnit) -> String {
    switch unit {
    case .relative: ""
    case .percentMVC: "%"
    case .newtonMetre: "Nm"
    default: unit.symbol
    }
  }
}

/// The annotation signal of an EDF+C or BDF+C file.
struct EDFAnnotationWriter {
  let samplesPerRecord: Int
  private let lists: [Int: [UInt8]]
  private let timing: EDFTiming
  private let count: Int

  init(_ annotations: [Annotation], timing: EDFTiming, bytesPerSample: Int) {
    var lists: [Int: [UInt8]] = [:]
    for annotation in annotations {
      let record = (annotation.onset / timing.duration).rounded(.down)
      let place = Int(max(0, min(Double(timing.recordCount - 1), record)))
      lists[place, default: []] += EDFAnnotationWriter.list(annotation)
    }
    // Every record has room for its time and for the longest list of any record.
    let longest = (lists.values.map(\.count).max() ?? 0) + 24
    samplesPerRecord = (longest + bytesPerSample - 1) / bytesPerSample
    count = samplesPerRecord * bytesPerSample
    self.lists = lists
    self.timing = timing
  }

  func bytes(record: Int) -> [UInt8] {
    let onset = EDFAnnotationWriter.time(Double(record) * timing.duration)
    let bytes = Array(onset.utf8) + [0x14, 0x14, 0] + (lists[record] ?? [])
    return bytes + [UInt8](repeating: 0, count: count - bytes.count)
  }

  private static func list(_ annotation: Annotation) -> [UInt8] {
    var bytes = Array(time(annotation.onset).utf8)
    if let duration = annotation.duration {
      bytes += [0x15] + Array(time(duration).drop { $0 == "+" }.utf8)
    }
    let text = annotation.text.utf8.filter { $0 != 0x14 && $0 != 0x15 && $0 != 0 }
    return bytes + [0x14] + text + [0x14, 0]
  }

  /// A time with sign, as short as seven decimals allow.
  private static func time(_ seconds: Double) -> String {
    var text = String(format: "%+.7f", seconds)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
