import Foundation

/// Reads WFDB records (PhysioNet, EMGLAB): a `.hea` header and its signal files.
///
/// Formats 16, 24, 32, 61 (big-endian), 80, 160 and 212, several signal files, several samples per
/// frame. Checksums are verified at opening up to 256 MB. An EMGLAB `.eaf` beside the header gives
/// the stored discharge times. The most negative value of a format stands for a sample that was not
/// recorded: it is said, and reading it as signal is an error.
public struct WFDBReader: RecordingReader {
  /// Largest amount of samples, in bytes, whose checksums are verified at opening.
  private static let checksumLimit = 256 << 20

  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "WFDB and EMGLAB (.hea with its signal files)" }

  /// Their extensions.
  public var extensions: [String] { ["hea"] }

  /// Whether the file is a WFDB header.
  public func recognises(_ file: SniffedFile) -> Bool {
    !file.head.contains(0) && WFDBHeader.recognises(file.head)
  }

  /// Opens header and signal files; throws `RecordingError` naming line and field.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let text = FileText.decode(try file.bytes.all(limit: 1 << 22))
    let header = try WFDBHeader(text, path: file.path)
    let (frameRate, replaced) = try options.rate(stated: header.frameRate, path: file.path)
    var warnings = header.warnings + [replaced].compactMap { $0 }
    let files = try WFDBSignalFiles(header, headerPath: file.path, warnings: &warnings)
    var channels: [Channel] = []
    var scales: [WFDBSamples.Scale] = []
    var doubts = ChannelDoubts()
    for (index, signal) in header.signals.enumerated() {
      let name = signal.description.isEmpty ? "\(index + 1)" : signal.description
      var unit = PhysicalUnit.relative
      var factor = 1.0
      var provenance = "uncalibrated WFDB counts"
      var role = ChannelRole.guess(name: name, unit: nil)
      if let gain = signal.gain {
        // Without a unit word WFDB gains are per millivolt.
        let reading = ChannelReading(
          name: name, unitText: signal.unit ?? "mV", place: "WFDB gain", options: options)
        doubts.add(reading.doubt, channel: name)
        (role, unit, factor) = (reading.role, reading.unit, reading.factor / gain)
        provenance = "WFDB gain \(gain)/\(options.unit?.rawValue ?? signal.unit ?? "mV")"
      } else if let millivolts = options.millivoltsAtFullScale {
        (unit, factor) = (.microvolt, millivolts * 1000 / signal.format.fullScale)
        provenance = "given scale of \(millivolts) mV at full scale"
      } else {
        doubts.add(
          "uncalibrated: its values are relative until the millivolts at full scale are stated",
          channel: name)
      }
      channels.append(
        Channel(
          name: name, role: role, unit: unit, gainProvenance: provenance,
          samplingRate: frameRate * Double(signal.samplesPerFrame),
          sampleCount: files.frameCount * signal.samplesPerFrame))
      scales.append(
        .init(
          factor: factor, baseline: Double(signal.baseline), missing: signal.format.missingValue))
    }
    if files.byteCount <= Self.checksumLimit {
      let survey = try files.survey()
      try files.verifyChecksums(header, survey)
      for (index, count) in survey.missing.enumerated() where count > 0 {
        let first = Double(survey.firstMissing[index] ?? 0) / channels[index].samplingRate
        doubts.add(
          "\(count) of \(channels[index].sampleCount) samples are missing (marked as not recorded), "
            + "the first at \(first) s", channel: channels[index].name)
      }
    } else {
      warnings.append(
        "checksums were not verified and missing samples not looked for because of the record's size"
      )
    }
    warnings += doubts.warnings
    let stem = URL(fileURLWithPath: file.path).deletingPathExtension().path
    var annotationPath: String? = stem + ".eaf"
    if let path = annotationPath, FileManager.default.fileExists(atPath: path) {
      do {
        _ = try SpikeAnnotations.readEAF(path)
      } catch {
        // Annotations that cannot be read are no reason to refuse the signals.
        annotationPath = nil
        warnings.append("the discharges beside it are left out: \(error)")
      }
    }
    return Recording(
      source: RecordingSource(
        path: file.path, formatName: "WFDB", files: [file.path] + files.paths),
      channels: channels,
      samples: WFDBSamples(files: files, scales: scales, annotationPath: annotationPath),
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
    /// The digital value that stands for no sample.
    var missing: Int32
  }

  let files: WFDBSignalFiles
  let scales: [Scale]
  /// Where EMGLAB keeps the annotation of the record, if there is one.
  let annotationPath: String?

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    try files.forEachBlock(signals: channels, range: range) { place, digital in
      let scale = scales[channels[place]]
      for value in digital {
        result[place].append(
          value == scale.missing ? .nan : Float((Double(value) - scale.baseline) * scale.factor))
      }
    }
    return result
  }

  func storedSpikes() throws -> SpikeAnnotations? {
    guard let annotationPath, FileManager.default.fileExists(atPath: annotationPath) else {
      return nil
    }
    return try SpikeAnnotations.readEAF(annotationPath)
  }
}
