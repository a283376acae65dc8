import Foundation

/// How a recording is written as EDF+ or BDF+.
public struct EDFWriterConfiguration: Hashable, Codable, Sendable {
  /// 24-bit samples (BDF+) instead of 16-bit ones (EDF+).
  public var isBDF: Bool
  /// The channels to write; nil takes all.
  public var channels: [Int]?
  /// Largest absolute value in the channels' unit that can be stored; nil takes each channel's own.
  public var physicalMaximum: Double?
  /// Patient code for the EDF+ patient field; blanks become underscores.
  public var patientCode: String
  /// Text for the equipment subfield of the EDF+ recording field.
  public var equipment: String

  /// Makes a configuration.
  public init(
    isBDF: Bool = false, channels: [Int]? = nil, physicalMaximum: Double? = nil,
    patientCode: String = "X", equipment: String = "X"
  ) {
    self.isBDF = isBDF
    self.channels = channels
    self.physicalMaximum = physicalMaximum
    self.patientCode = patientCode
    self.equipment = equipment
  }
}

/// Writes recordings as EDF+C or BDF+C, with annotations and a rate per channel.
public enum EDFWriter {
  /// What was written.
  public struct Summary: Hashable, Sendable {
    /// Seconds per data record.
    public var recordDuration: Double
    /// Samples of the last value repeated to fill the last record, at the highest rate.
    public var paddedSamples: Int
    /// Largest rounding step of any channel in its unit.
    public var largestStep: Double
  }

  /// Writes the file atomically, in bounded memory; the samples are gone through twice where the
  /// range is not given.
  ///
  /// Gaps are refused (write each part on its own).
  ///
  /// - Throws: `RecordingError`.
  @discardableResult
  public static func write(
    _ recording: Recording, to path: String,
    configuration: EDFWriterConfiguration = EDFWriterConfiguration()
  ) throws -> Summary {
    let indices = configuration.channels ?? Array(recording.channels.indices)
    let channels = indices.map { recording.channels[$0] }
    guard !channels.isEmpty, channels.allSatisfy({ $0.sampleCount > 0 }) else {
      throw RecordingError(.cannotWrite, path: path, "there are no samples to write")
    }
    guard recording.gaps.isEmpty else {
      throw RecordingError(
        .cannotWrite, path: path, "the recording has \(recording.gaps.count) gaps",
        remedy: "write its parts one by one")
    }
    guard let timing = EDFTiming(channels: channels) else {
      throw RecordingError(
        .cannotWrite, path: path,
        "no record duration of eight characters fits the rates "
          + channels.map { "\($0.samplingRate)" }.joined(separator: ", "))
    }
    var ranges: [EDFScale] = []
    for (place, index) in indices.enumerated() {
      let largest = try configuration.physicalMaximum ?? largest(recording, index)
      ranges.append(EDFScale(largest: largest, isBDF: configuration.isBDF, channels[place].unit))
    }
    let lists = EDFAnnotationWriter(
      recording.annotations, timing: timing, bytesPerSample: configuration.isBDF ? 3 : 2)
    let header = EDFHeaderWriter(
      configuration: configuration, channels: channels, scales: ranges, timing: timing,
      annotationSamples: lists.samplesPerRecord, startTime: recording.startTime,
      electrodes: indices.map { EDFElectrodeText.text(channel: $0, of: recording) })
    let file = try AtomicFile(path: path)
    try file.append(header.bytes)
    var block: [UInt8] = []
    for record in 0..<timing.recordCount {
      for (place, index) in indices.enumerated() {
        let perRecord = timing.samplesPerRecord[place]
        let start = min(record * perRecord, channels[place].sampleCount)
        let end = min(start + perRecord, channels[place].sampleCount)
        var values: [Float] = []
        if start < end { values = try recording.samples(channels: [index], range: start..<end)[0] }
        if values.count < perRecord {
          // Repeating the last value makes no step for filters to ring on.
          let last =
            try values.last
            ?? recording.samples(
              channels: [index],
              range: channels[place].sampleCount - 1..<channels[place].sampleCount
            )[0][0]
          values += [Float](repeating: last, count: perRecord - values.count)
        }
        ranges[place].append(values, to: &block)
      }
      block += lists.bytes(record: record)
      if block.count > 1 << 20 {
        try file.append(block)
        block.removeAll(keepingCapacity: true)
      }
    }
    try file.append(block)
    try file.finish()
    return Summary(
      recordDuration: timing.duration, paddedSamples: timing.paddedSamples,
      largestStep: ranges.map(\.step).max() ?? 0)
  }

  private static func largest(_ recording: Recording, _ channel: Int) throws -> Double {
    var largest: Float = 0
    try recording.forEachChunk(channels: [channel], length: 1 << 16) { _, block in
      for value in block[0] { largest = max(largest, abs(value)) }
    }
    return Double(largest)
  }
}

/// The range of one channel and its rounding to whole numbers.
struct EDFScale {
  let isBDF: Bool
  /// What stands in the header, eight characters at most.
  let physicalText: String
  let negativeText: String
  let unit: PhysicalUnit
  private let physicalMaximum: Double

  var digitalMaximum: Double { isBDF ? 8_388_607 : 32_767 }
  /// Physical value of one digital step.
  var step: Double { physicalMaximum / digitalMaximum }

  init(largest: Double, isBDF: Bool, _ unit: PhysicalUnit) {
    self.isBDF = isBDF
    self.unit = unit
    // The negative bound needs a sign, which leaves seven characters for the digits.
    let text = EDFScale.roundedUp(max(largest, 1e-6), characters: 7)
    physicalText = text
    negativeText = "-" + text
    physicalMaximum = Double(text) ?? largest
  }

  /// The shortest decimal not below a value in at most so many characters.
  static func roundedUp(_ value: Double, characters: Int) -> String {
    for decimals in stride(from: characters - 2, through: 0, by: -1) {
      let factor = pow(10, Double(decimals))
      let scaled = (value * factor).rounded(.up)
      let text = String(format: "%.\(decimals)f", scaled / factor)
      if text.count <= characters, (Double(text) ?? 0) >= value { return text }
    }
    // Beyond 9999999 an exponent is needed; six digits of range are always enough.
    let exponent = Int(log10(value).rounded(.down)) + 1
    return "1E\(exponent)"
  }

  func append(_ values: [Float], to bytes: inout [UInt8]) {
    for value in values {
      let scaled = (Double(value) / step).rounded()
      let digital = Int32(max(-digitalMaximum, min(digitalMaximum, scaled)))
      bytes.append(UInt8(truncatingIfNeeded: digital))
      bytes.append(UInt8(truncatingIfNeeded: digital >> 8))
      if isBDF { bytes.append(UInt8(truncatingIfNeeded: digital >> 16)) }
    }
  }
}
