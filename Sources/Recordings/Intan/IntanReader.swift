import Foundation

/// Reads Intan RHD2000 recordings: one `.rhd` file, or a folder with `info.rhd` and a file for each
/// kind of signal or for each channel (Intan Technologies, RHD data file formats; all versions).
///
/// Amplifiers are EMG in microvolts, digital inputs and outputs are triggers, the rest is auxiliary.
/// Blocks are decoded on demand; interruptions are found by their time stamps.
public struct IntanReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "Intan RHD2000 (.rhd, also info.rhd with its .dat files)" }

  /// Their extensions.
  public var extensions: [String] { ["rhd"] }

  /// Whether the file starts with the number of an RHD2000 file.
  public func recognises(_ file: SniffedFile) -> Bool { file.has(IntanHeader.magic) }

  /// Opens the file; throws `RecordingError` naming the byte.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let header = try IntanHeader(file.bytes)
    guard !header.channels.isEmpty else {
      throw RecordingError(.unsupported, path: file.path, "has no enabled channel")
    }
    var recording =
      file.bytes.count == header.byteCount
      ? try IntanFolder(file, header).recording(options)
      : try blocks(file, header, options)
    if let given = options.samplingRate, given != header.samplingRate {
      for index in recording.channels.indices {
        recording.channels[index].samplingRate *= given / header.samplingRate
      }
      recording.warnings.append(
        "the stated \(given) Hz replace the header's \(header.samplingRate) Hz")
    }
    recording.remarks = Self.remarks(header) + recording.remarks
    return recording
  }

  private func blocks(
    _ file: SniffedFile, _ header: IntanHeader, _ options: RecordingOptions
  ) throws -> Recording {
    let perBlock = header.samplesPerBlock
    let byKind = Dictionary(grouping: header.channels, by: \.kind)
    func count(_ kind: IntanHeader.Kind) -> Int { byKind[kind]?.count ?? 0 }
    // The parts of a block in their order, with the words of one channel.
    let parts: [(kind: IntanHeader.Kind?, words: Int, channels: Int)] = [
      (nil, 2 * perBlock, 1),
      (.amplifier, perBlock, count(.amplifier)),
      (.auxiliaryInput, perBlock / 4, count(.auxiliaryInput)),
      (.supplyVoltage, 1, count(.supplyVoltage)),
      (nil, 1, header.temperatureSensorCount),
      (.boardADC, perBlock, count(.boardADC)),
      (.digitalInput, perBlock, min(1, count(.digitalInput))),
      (.digitalOutput, perBlock, min(1, count(.digitalOutput))),
    ]
    let bytesPerBlock = parts.reduce(0) { $0 + 2 * $1.words * $1.channels }
    let stored = file.bytes.count - header.byteCount
    let blockCount = stored / bytesPerBlock
    guard blockCount > 0 else {
      throw RecordingError(
        .truncated, path: file.path, place: "byte \(header.byteCount)",
        "found \(stored) bytes of samples, one block has \(bytesPerBlock)",
        remedy: "copy the file again from its origin")
    }
    var warnings: [String] = []
    if stored % bytesPerBlock != 0 {
      warnings.append(
        "the file ends early, inside block \(blockCount + 1): the \(blockCount) whole blocks are "
          + "read; copy it again from its origin if it was longer there")
    }
    var channels: [Channel] = []
    var layouts: [IntanSamples.Layout] = []
    var doubts = ChannelDoubts()
    var offset = 0
    for part in parts {
      if let kind = part.kind {
        for (place, channel) in (byKind[kind] ?? []).enumerated() {
          let isDigital = kind == .digitalInput || kind == .digitalOutput
          guard !isDigital || (0..<16).contains(channel.nativeOrder) else {
            doubts.add("left out: its bit is \(channel.nativeOrder)", channel: channel.name)
            continue
          }
          let signal = IntanSignal(channel, header, options)
          doubts.add(signal.doubt, channel: channel.name)
          channels.append(
            signal.described(
              rate: header.samplingRate * Double(part.words) / Double(perBlock),
              sampleCount: blockCount * part.words))
          layouts.append(
            IntanSamples.Layout(
              file: 0, start: header.byteCount, bytesPerBlock: bytesPerBlock,
              samplesPerBlock: part.words,
              offset: offset + (isDigital ? 0 : 2 * place * part.words),
              stride: 2, meaning: signal.meaning))
        }
      }
      offset += 2 * part.words * part.channels
    }
    guard !channels.isEmpty else {
      throw RecordingError(.unsupported, path: file.path, "has no channel that can be read")
    }
    let stamps = IntanTimeStamps(
      file: file.bytes, start: header.byteCount, stride: bytesPerBlock, step: perBlock,
      count: blockCount, isSigned: (header.major, header.minor) >= (1, 2))
    let (gaps, doubt) = try stamps.gaps(samplingRate: header.samplingRate)
    return Recording(
      source: RecordingSource(
        path: file.path, formatName: "Intan RHD \(header.major).\(header.minor)"),
      channels: channels, samples: IntanSamples(files: [file.bytes], layouts: layouts),
      gaps: gaps, remarks: Self.siblings(of: file.path),
      warnings: warnings + doubts.warnings + [doubt].compactMap { $0 })
  }

  private static func remarks(_ header: IntanHeader) -> [String] {
    var remarks = header.notes.map { "note: \($0)" }
    let band = header.bandwidth
    if band.low.isFinite, band.high.isFinite {
      remarks.append("amplifier band: \(Float(band.low)) to \(Float(band.high)) Hz")
    }
    if let notch = header.notchFrequency {
      remarks.append(
        header.major >= 3
          ? "notch filter at \(notch) Hz, applied to the stored samples"
          : "notch filter at \(notch) Hz on the screen only: the stored samples are without it")
    }
    if !header.referenceChannel.isEmpty {
      remarks.append("reference channel: \(header.referenceChannel)")
    }
    if header.temperatureSensorCount > 0 {
      remarks.append("\(header.temperatureSensorCount) temperature sensors are not read")
    }
    return remarks
  }

  /// A remark where other parts of a session, which is cut into files of a minute, lie beside one.
  private static func siblings(of path: String) -> [String] {
    let url = URL(fileURLWithPath: path)
    func stem(_ name: String) -> Substring? {
      name.wholeMatch(of: /(.+)_\d{6}_\d{6}\.rhd/)?.output.1
    }
    guard let own = stem(url.lastPathComponent) else { return [] }
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: url.deletingLastPathComponent().path)
    let count = (names ?? []).filter { stem($0) == own }.count - 1
    return count > 0
      ? ["\(count) more files of \(own) lie beside this one; each is a recording of its own"] : []
  }
}

/// What one Intan channel is in terms of a recording.
struct IntanSignal {
  let name: String
  let reading: ChannelReading
  let meaning: IntanSamples.Meaning
  let doubt: String?

  /// `isSigned` where a file of one kind of signal stores amplifiers as signed words.
  init(
    _ channel: IntanHeader.Channel, _ header: IntanHeader, _ options: RecordingOptions,
    isSigned: Bool = false
  ) {
    name = channel.name.isEmpty ? "\(channel.nativeOrder + 1)" : channel.name
    func reading(_ unit: String, _ scale: String, role: ChannelRole?) -> ChannelReading {
      ChannelReading(
        name: channel.name, unitText: unit, place: "Intan \(scale)", options: options, role: role)
    }
    switch channel.kind {
    case .amplifier:
      self.reading = reading("uV", "0.195 uV per bit", role: .emg)
      let factor = 0.195 * self.reading.factor
      meaning = isSigned ? .signed(factor: factor) : .unsigned(offset: 32768, factor: factor)
    case .auxiliaryInput:
      self.reading = reading("V", "37.4 uV per bit", role: .auxiliary)
      meaning = .unsigned(offset: 0, factor: 37.4e-6 * self.reading.factor)
    case .supplyVoltage:
      self.reading = reading("V", "74.8 uV per bit", role: .auxiliary)
      meaning = .unsigned(offset: 0, factor: 74.8e-6 * self.reading.factor)
    case .boardADC:
      // Only a name tells what is plugged into the board: force and triggers are known by it.
      let guess = ChannelRole.guess(name: channel.customName, unit: nil)
      let isNamed = channel.customName != channel.nativeName && guess != .emg
      let (offset, scale): (Double, Double) =
        switch header.boardMode {
        case 1: (32768, 152.59e-6)
        case 13: (32768, 312.5e-6)
        default: (0, 50.354e-6)
        }
      self.reading = reading(
        "V", "\(scale * 1e6) uV per bit, board mode \(header.boardMode)",
        role: isNamed ? guess : .auxiliary)
      meaning = .unsigned(offset: offset, factor: scale * self.reading.factor)
    case .digitalInput, .digitalOutput:
      self.reading = reading("", "digital line", role: .trigger)
      meaning = .bit(channel.nativeOrder)
    }
    doubt = self.reading.doubt
  }

  func described(rate: Double, sampleCount: Int) -> Channel {
    Channel(
      name: name, role: reading.role, unit: reading.unit, gainProvenance: reading.provenance,
      samplingRate: rate, sampleCount: sampleCount, storedUnit: reading.storedUnit)
  }
}
