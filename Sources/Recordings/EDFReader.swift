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

  /// Whether the file starts like EDF (`0` and blanks) or BDF (255 `BIOSEMI`).
  public func recognises(_ file: SniffedFile) -> Bool {
    file.has("0       ") || file.has([0xFF] + Array("BIOSEMI".utf8))
  }

  /// Opens the file; throws `RecordingError` naming byte and field.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let header = try EDFHeader(file.bytes)
    var warnings = header.warnings
    let signals = header.signals.filter { !$0.isAnnotations && $0.samplesPerRecord > 0 }
    guard !signals.isEmpty else {
      throw RecordingError(
        .unsupported, path: file.path, "holds annotations only and no signal",
        remedy: "open the file that holds the signals")
    }
    var channels: [Channel] = []
    var layouts: [EDFSamples.Layout] = []
    for (index, signal) in signals.enumerated() {
      let stated = PhysicalUnit.parse(signal.dimension)
      let name = signal.label.isEmpty ? "\(index + 1)" : signal.label
      var scale = stated?.factor ?? 1
      var unit = stated?.unit ?? .relative
      let role = ChannelRole.guess(name: name, unit: stated?.unit)
      var provenance = stated == nil ? "EDF header without unit" : "EDF header"
      if header.isBDF { provenance = provenance.replacingOccurrences(of: "EDF", with: "BDF") }
      if role == .trigger, stated == nil { unit = .dimensionless }
      if role == .emg, stated == nil, let given = options.unit {
        (unit, scale) = (.microvolt, given.microvolts)
        provenance = "--unit \(given.rawValue)"
      } else if role == .emg, let given = options.unit,
        let voltage = VoltageUnit(spelling: signal.dimension),
        voltage != given
      {
        throw RecordingError(
          .wrongOption, path: file.path, place: "signal \(index + 1) (\(name))",
          "--unit \(given.rawValue) contradicts the header, which states \(signal.dimension)",
          remedy: "leave --unit away")
      }
      channels.append(
        Channel(
          name: name, role: role, unit: unit, gainProvenance: provenance,
          samplingRate: Double(signal.samplesPerRecord) / header.recordDuration,
          sampleCount: signal.samplesPerRecord * header.recordCount))
      layouts.append(
        EDFSamples.Layout(
          samplesPerRecord: signal.samplesPerRecord, offsetInRecord: signal.offsetInRecord,
          gain: signal.gain * scale, offset: signal.offset * scale))
    }
    if channels.contains(where: { $0.role == .emg && $0.unit == .relative }) {
      warnings.append(
        "some channels state no unit: their values are relative (state it with --unit uV|mV|V)")
    }
    try applyRate(options.samplingRate, path: file.path, header, &channels, &warnings)

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
    try BIDSSidecars(dataFile: file.path)?.apply(to: &recording)
    return recording
  }

  /// Lets `--fs` correct a rate that the header can only give rounded (eight characters).
  private func applyRate(
    _ given: Double?, path: String, _ header: EDFHeader, _ channels: inout [Channel],
    _ warnings: inout [String]
  ) throws {
    guard let given else { return }
    let stated = (channels.first { $0.role == .emg } ?? channels[0]).samplingRate
    guard abs(given / stated - 1) < 0.01 else {
      throw RecordingError(
        .wrongOption, path: path,
        "--fs \(given) contradicts the header, which states \(stated) Hz",
        remedy: "leave --fs away")
    }
    guard given != stated else { return }
    for index in channels.indices { channels[index].samplingRate *= given / stated }
    warnings.append("--fs \(given) replaces the header's \(stated) Hz")
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
