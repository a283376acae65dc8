import Foundation

/// Reads WFDB records (PhysioNet, EMGLAB): a `.hea` header and its signal files.
///
/// Formats 16, 24, 32, 61 (big-endian), 80, 160 and 212, several signal files, several samples per
/// frame. Checksums are verified at opening up to 256 MB. An EMGLAB `.eaf` beside the header gives
/// the stored discharge times. The most negative value of a format counts as a value, not as a
/// missing sample: EMG converters saturate there.
public struct WFDBReader: RecordingReader {
  /// Largest amount of samples, in bytes, whose checksums are verified at opening.
  private static let checksumLimit = 256 << 20

  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "WFDB and EMGLAB (.hea with its signal files)" }

  /// Whether the file is a WFDB header.
  public func recognises(_ file: SniffedFile) -> Bool {
    !file.head.contains(0) && WFDBHeader.recognises(file.head)
  }

  /// Opens header and signal files; throws `RecordingError` naming line and field.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let text = String(decoding: try file.bytes.all(limit: 1 << 24), as: UTF8.self)
    let header = try WFDBHeader(text, path: file.path)
    guard let frameRate = header.frameRate ?? options.samplingRate else {
      throw RecordingError(
        .missingSamplingRate, path: file.path, "states no sampling rate",
        remedy: "give it in Hz with --fs")
    }
    if let stated = header.frameRate, let given = options.samplingRate, stated != given {
      throw RecordingError(
        .wrongOption, path: file.path, "--fs \(given) contradicts the header's \(stated) Hz",
        remedy: "leave --fs away")
    }
    var warnings: [String] = []
    let files = try WFDBSignalFiles(header, headerPath: file.path, warnings: &warnings)
    var channels: [Channel] = []
    var scales: [WFDBSamples.Scale] = []
    for (index, signal) in header.signals.enumerated() {
      let name = signal.description.isEmpty ? "\(index + 1)" : signal.description
      var unit = PhysicalUnit.relative
      var factor = 1.0
      var provenance = "uncalibrated WFDB counts"
      if let gain = signal.gain {
        // Without a unit word WFDB gains are per millivolt.
        let stated = PhysicalUnit.parse(signal.unit ?? "mV") ?? (.microvolt, 1000)
        (unit, factor) = (stated.unit, stated.factor / gain)
        provenance = "WFDB gain \(gain)/\(signal.unit ?? "mV")"
      } else if let millivolts = options.millivoltsAtFullScale {
        (unit, factor) = (.microvolt, millivolts * 1000 / signal.format.fullScale)
        provenance = "--mv-per-fs \(millivolts)"
      } else {
        warnings.append(
          "signal \(name) is uncalibrated: its values are relative (give --mv-per-fs)")
      }
      channels.append(
        Channel(
          name: name, role: ChannelRole.guess(name: name, unit: unit), unit: unit,
          gainProvenance: provenance, samplingRate: frameRate * Double(signal.samplesPerFrame),
          sampleCount: files.frameCount * signal.samplesPerFrame))
      scales.append(.init(factor: factor, baseline: Double(signal.baseline)))
    }
    if files.byteCount <= Self.checksumLimit {
      try files.verifyChecksums(header)
    } else if header.signals.contains(where: { $0.checksum != nil }) {
      warnings.append("checksums were not verified because of the record's size")
    }
    let stem = URL(fileURLWithPath: file.path).deletingPathExtension().path
    return Recording(
      source: RecordingSource(
        path: file.path, formatName: "WFDB", files: [file.path] + files.paths),
      channels: channels,
      samples: WFDBSamples(files: files, scales: scales, annotationPath: stem + ".eaf"),
      startTime: header.startTime, remarks: header.comments.filter { !$0.isEmpty },
      warnings: warnings)
  }
}

extension WFDBFormat {
  /// Digital value of full scale.
  var fullScale: Double {
    switch self {
    case .format80: 128
    case .format212: 2048
    case .format16, .format61, .format160: 32768
    case .format24: 8_388_608
    case .format32: 2_147_483_648
    }
  }
}

/// Scaled samples of a WFDB record.
struct WFDBSamples: SampleSource {
  /// Physical value = (digital value - baseline) * factor.
  struct Scale: Sendable {
    var factor: Double
    var baseline: Double
  }

  let files: WFDBSignalFiles
  let scales: [Scale]
  /// Where EMGLAB keeps the annotation of the record, if there is one.
  let annotationPath: String

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    try files.forEachBlock(signals: channels, range: range) { place, digital in
      let scale = scales[channels[place]]
      for value in digital {
        result[place].append(Float((Double(value) - scale.baseline) * scale.factor))
      }
    }
    return result
  }

  func storedSpikes() throws -> SpikeAnnotations? {
    guard FileManager.default.fileExists(atPath: annotationPath) else { return nil }
    return try SpikeAnnotations.readEAF(annotationPath)
  }
}
