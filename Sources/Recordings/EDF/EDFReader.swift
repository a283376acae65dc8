import Foundation

/// Reads EDF, EDF+, BDF and BDF+, continuous and discontinuous, with a rate of its own per channel.
///
/// The header is checked field by field and samples are decoded on demand. Of EDF+ and BDF+ the
/// annotation signals are read at opening, because they hold the times of the records. A BIDS data
/// set's sidecars beside the file are read too; where they contradict the header, the header wins
/// with a warning.
public struct EDFReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "EDF, EDF+, BDF, BDF+ (also with BIDS sidecars)" }

  /// Their extensions.
  public var extensions: [String] { ["edf", "bdf"] }

  /// Whether the file starts like EDF (`0` and blanks) or BDF (255 `BIOSEMI`).
  public func recognises(_ file: SniffedFile) -> Bool {
    file.has("0       ") || file.has([0xFF] + Array("BIOSEMI".utf8))
  }

  /// Opens the file; throws `RecordingError` naming byte and field.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let header = try EDFHeader(file.bytes)
    var warnings = header.warnings
    let stored = header.signals.filter { !$0.isAnnotations && $0.samplesPerRecord > 0 }
    guard !stored.isEmpty else {
      throw RecordingError(
        .unsupported, path: file.path, "holds annotations only and no signal",
        remedy: "open the file that holds the signals")
    }
    var channels: [Channel] = []
    var layouts: [EDFSamples.Layout] = []
    var sites: [EDFElectrodeText?] = []
    var doubts = ChannelDoubts()
    /// Place among the stored signals of each channel.
    var places: [Int] = []
    for (index, signal) in stored.enumerated() {
      let name = signal.label.isEmpty ? "\(index + 1)" : signal.label
      let rate = Double(signal.samplesPerRecord) / header.recordDuration
      let rateProblem =
        RecordingLimits.samplingRate.contains(rate) ? nil : "its sampling rate would be \(rate) Hz"
      if let problem = signal.problem ?? rateProblem {
        doubts.add("left out: \(problem)", channel: name)
        continue
      }
      let reading = ChannelReading(
        name: name, unitText: signal.dimension, place: header.isBDF ? "BDF header" : "EDF header",
        options: options)
      doubts.add(reading.doubt, channel: name)
      channels.append(
        Channel(
          name: name, role: reading.role, unit: reading.unit, gainProvenance: reading.provenance,
          samplingRate: rate, sampleCount: signal.samplesPerRecord * header.recordCount,
          storedUnit: reading.storedUnit))
      var layout = EDFSamples.Layout(
        samplesPerRecord: signal.samplesPerRecord, offsetInRecord: signal.offsetInRecord,
        gain: signal.gain * reading.factor, offset: signal.offset * reading.factor)
      if reading.role == .trigger, Self.isStatus(name) {
        // BioSemi keeps the state of the amplifier in the upper bits: only the lower 16 are codes.
        layout = EDFSamples.Layout(
          samplesPerRecord: signal.samplesPerRecord, offsetInRecord: signal.offsetInRecord,
          gain: 1, offset: 0, mask: 0xFFFF)
        channels[channels.count - 1].gainProvenance = "trigger bits 0 to 15"
        channels[channels.count - 1].unit = .dimensionless
      }
      layouts.append(layout)
      sites.append(EDFElectrodeText(signal.transducer))
      places.append(index)
    }
    warnings += doubts.warnings
    guard !channels.isEmpty else {
      throw RecordingError(
        .malformed, path: file.path, place: "\(header.formatName) header",
        "no signal can be read: \(warnings.last ?? "")")
    }
    if channels.contains(where: { $0.role == .emg && $0.unit == .relative }) {
      warnings.append(
        "some channels state no unit: their values are relative until it is stated (uV, mV or V)")
    }
    applyRate(options.samplingRate, &channels, &warnings)

    let lists = try EDFAnnotations.read(file.bytes, header)
    let fastest = channels.map(\.samplingRate).max() ?? 1
    let times = try EDFTimes(lists, header, path: file.path, tolerance: 0.5 / fastest)
    warnings += times.warnings
    var recording = Recording(
      source: RecordingSource(path: file.path, formatName: header.formatName), channels: channels,
      samples: EDFSamples(
        bytes: file.bytes, headerCount: header.headerCount, bytesPerRecord: header.bytesPerRecord,
        bytesPerSample: header.bytesPerSample, layouts: layouts),
      startTime: header.startTime.map { $0.addingTimeInterval(times.firstOnset) },
      gaps: times.gaps, annotations: times.annotations,
      remarks: remarks(header), warnings: warnings)
    recording.electrodeGrids = EDFElectrodeText.grids(sites, channels: channels)
    try BIDSSidecars(dataFile: file.path)?.apply(
      to: &recording, places: places, storedCount: stored.count, options: options)
    return recording
  }

  /// Lets a stated rate correct the header's rate, which may be rounded to eight characters or wrong.
  private func applyRate(
    _ given: Double?, _ channels: inout [Channel], _ warnings: inout [String]
  ) {
    guard let given else { return }
    let stated = (channels.first { $0.role == .emg } ?? channels[0]).samplingRate
    guard given != stated else { return }
    for index in channels.indices { channels[index].samplingRate *= given / stated }
    warnings += [
      RecordingOptions(samplingRate: given).replacement(ofRate: stated, of: "the header")
    ].compactMap { $0 }
  }

  /// Whether a channel is BioSemi's status word, in its own files and in what is made of them.
  private static func isStatus(_ name: String) -> Bool {
    name.lowercased().hasPrefix("status")
  }

  private func remarks(_ header: EDFHeader) -> [String] {
    var remarks: [String] = []
    if !header.patient.isEmpty { remarks.append("patient field: \(header.patient.onOneLine)") }
    if !header.recording.isEmpty {
      remarks.append("recording field: \(header.recording.onOneLine)")
    }
    for filter in Set(header.signals.map(\.prefiltering)).sorted() where !filter.isEmpty {
      remarks.append("prefiltering: \(filter.onOneLine)")
    }
    return remarks
  }
}
