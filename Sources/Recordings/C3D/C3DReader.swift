import Foundation

/// Reads the analog channels of C3D files of motion laboratories: whole numbers and floating point,
/// of Intel, DEC and SGI processors (C3D file format user guide, 2021).
///
/// value = (stored - ANALOG:OFFSET) * ANALOG:SCALE * ANALOG:GEN_SCALE, in ANALOG:UNITS. Events become
/// annotations; trajectories of points are not read, which is said.
public struct C3DReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "C3D (.c3d, analog channels)" }

  /// Their extensions.
  public var extensions: [String] { ["c3d"] }

  /// Whether the file has the mark of a C3D header and of its parameters.
  public func recognises(_ file: SniffedFile) -> Bool {
    guard file.head.count >= 512, file.head[1] == 0x50, file.head[0] >= 2 else { return false }
    let start = (Int(file.head[0]) - 1) * 512
    guard start + 4 <= file.bytes.count,
      let mark = start + 4 <= file.head.count
        ? Array(file.head[start..<start + 4]) : try? file.bytes.read(at: start, count: 4)
    else { return false }
    // Some programs leave the mark of the parameters empty; the processor they never do.
    return (84...86).contains(mark[3]) && (mark[1] == 0x50 || mark[1] == 0)
  }

  /// Opens the file; throws `RecordingError` naming byte or parameter.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let header = try C3DHeader(file)
    let parameters = header.parameters
    guard header.analogChannelCount > 0 else {
      throw RecordingError(
        .unsupported, path: file.path,
        "holds \(header.pointCount) points and no analog channel, so there is no EMG in it")
    }
    var warnings = header.warnings
    let names = parameters.texts("ANALOG:LABELS")
    let descriptions = parameters.texts("ANALOG:DESCRIPTIONS")
    let units = parameters.texts("ANALOG:UNITS")
    let scales = parameters.numbers("ANALOG:SCALE")
    let offsets = parameters.numbers("ANALOG:OFFSET")
    let general = parameters.number("ANALOG:GEN_SCALE") ?? 1
    let plates = Set(parameters.numbers("FORCE_PLATFORM:CHANNEL"))
    let isUnsigned = parameters.texts("ANALOG:FORMAT").first?.uppercased() == "UNSIGNED"
    if scales.count < header.analogChannelCount || offsets.count < header.analogChannelCount {
      warnings.append(
        "ANALOG:SCALE or OFFSET has fewer entries than there are channels; 1 and 0 stand for the rest"
      )
    }
    var rate = header.analogRate
    if let given = options.samplingRate, given != rate {
      warnings.append("the stated \(given) Hz replace the file's \(rate) Hz")
      rate = given
    }
    var channels: [Channel] = []
    var scalings: [C3DSamples.Scaling] = []
    var doubts = ChannelDoubts()
    for index in 0..<header.analogChannelCount {
      func entry(_ texts: [String]) -> String { index < texts.count ? texts[index] : "" }
      let name = [entry(names), entry(descriptions), "\(index + 1)"].first { !$0.isEmpty } ?? ""
      let unitText = entry(units)
      let scale = (index < scales.count ? scales[index] : 1) * general
      // What a force plate measures is no EMG, though it is often stored in volts.
      let isPlate =
        plates.contains(Double(index + 1))
        && ChannelRole.guess(name: "", unit: PhysicalUnit.parse(unitText)?.unit) != .force
      let reading = ChannelReading(
        name: name, unitText: unitText, place: "C3D ANALOG:UNITS", options: options,
        role: isPlate ? .auxiliary : nil)
      doubts.add(reading.doubt, channel: name)
      if scale == 0 || !RecordingLimits.scale.contains(abs(scale)) {
        doubts.add("has a scale of \(scale): its values are 0 or no numbers", channel: name)
      }
      let stored = index < offsets.count ? offsets[index] : 0
      scalings.append(
        .init(
          offset: isUnsigned && stored < 0 ? stored + 65536 : stored,
          factor: scale * reading.factor))
      channels.append(
        Channel(
          name: name, role: reading.role, unit: reading.unit, gainProvenance: reading.provenance,
          samplingRate: rate, sampleCount: header.frameCount * header.samplesPerFrame,
          storedUnit: reading.storedUnit))
    }
    warnings += doubts.warnings
    if channels.contains(where: { $0.role == .emg && $0.unit == .relative }) {
      warnings.append("some channels state no unit: their values are relative (state the unit)")
    }
    var remarks: [String] = []
    if header.pointCount > 0 {
      remarks.append(
        "\(header.pointCount) points at \(Float(header.pointRate)) Hz are not read")
    }
    for name in ["SUBJECTS:NAMES", "TRIAL:DESCRIPTION"] {
      if let text = parameters.texts(name).first, !text.isEmpty {
        remarks.append("\(name): \(text)")
      }
    }
    return Recording(
      source: RecordingSource(path: file.path, formatName: "C3D"), channels: channels,
      samples: C3DSamples(
        bytes: file.bytes, start: header.dataStart, bytesPerFrame: header.bytesPerFrame,
        offsetInFrame: header.analogOffset, samplesPerFrame: header.samplesPerFrame,
        channelCount: header.analogChannelCount, isFloat: header.isFloat, isUnsigned: isUnsigned,
        order: parameters.order, scalings: scalings),
      annotations: header.events.filter { $0.onset.isFinite }.sorted { $0.onset < $1.onset },
      remarks: remarks, warnings: warnings)
  }
}
