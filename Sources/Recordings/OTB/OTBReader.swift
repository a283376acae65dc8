import Foundation

/// Reads the archives of OT Bioelettronica's programs: OTB+ (OTBiolab+) and OTB4 (OTBiolab24).
///
/// Both are tar archives of signal streams and their descriptions in XML, read in place, a part at a
/// time. Packed ones (gzip, zip) are unpacked into a temporary file without a name. Names and birth dates of patients are never read. Layouts and
/// scales follow the maker's published readers (OTB-Matlab: OpenOTBfilesConvFact.m, OpenOTB4_v2.m);
/// not verified on files of the maker's programs.
public struct OTBReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "OTB+ and OTB4" }

  /// Their extensions.
  public var extensions: [String] { ["otb+", "otb4"] }

  /// Whether the file is a tar archive, packed or not, or a zip archive with streams or tracks.
  public func recognises(_ file: SniffedFile) -> Bool { packing(file) != nil }

  private func packing(_ file: SniffedFile) -> ArchivePacking? {
    ArchivePacking(file) { name in
      let name = name.split { $0 == "/" || $0 == "\\" }.last.map { $0.lowercased() } ?? ""
      return name.hasSuffix(".sig") || OTB4Tracks.isDescription(name)
    }
  }

  /// Reads the descriptions; throws `RecordingError` naming member and line.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let archive = try MemberArchive(file.bytes, packing: packing(file) ?? .tar)
    var session = OTBSession(archive: archive, options: options)
    if archive.members.contains(where: { OTB4Tracks.isDescription($0.fileName) }) {
      return try OTB4Tracks(archive).recording(&session)
    }
    if archive.members.contains(where: { $0.fileName.lowercased().hasSuffix(".sig") }) {
      return try OTBPlusDevice.recording(&session)
    }
    let names = archive.members.prefix(6).map(\.fileName.quoted).joined(separator: ", ")
    throw RecordingError(
      .unknownFormat, path: file.path,
      "is an archive without signals of OTB+ (NAME.sig) or tracks of OTB4 (Tracks_000.xml): "
        + "it holds \(names)", remedy: "unpack it and open the recording inside")
  }
}

/// What is gathered while an archive is read: channels with their places, grids, warnings.
struct OTBSession {
  let archive: MemberArchive
  let options: RecordingOptions
  var channels: [Channel] = []
  var places: [OTBSamples.Place] = []
  var streams: [OTBStream] = []
  var grids: [ElectrodeGrid] = []
  var remarks: [String] = []
  var warnings: [String]
  var doubts = ChannelDoubts()
  var annotations: [Annotation] = []
  var startTime: Date?
  /// Members that were read or are of no interest.
  var known: Set<String> = []

  init(archive: MemberArchive, options: RecordingOptions) {
    (self.archive, self.options, warnings) = (archive, options, archive.warnings)
  }

  var path: String { archive.bytes.path }

  /// Adds a stream and says what its length leaves out; throws where it holds no sample.
  mutating func add(_ stream: OTBStream, place: String) throws -> Int {
    guard stream.sampleCount > 0 else {
      throw RecordingError(
        .truncated, path: path, place: "member \(stream.member.name)",
        "holds \(stream.member.count) bytes, fewer than one sample of \(stream.channelCount) channels"
      )
    }
    if let warning = stream.lengthWarning { warnings.append(warning) }
    known.insert(stream.member.name)
    streams.append(stream)
    return streams.count - 1
  }

  /// Adds a channel of a stream.
  ///
  /// - Parameters:
  ///   - unit: the unit after the factor; empty where there is none.
  ///   - factor: from a stored value to that unit.
  ///   - source: where the factor comes from.
  ///   - role: the role where the format tells it.
  mutating func add(
    name: String, unit: String, factor: Double, source: String, role: ChannelRole?, rate: Double,
    stream: Int, index: Int
  ) {
    let reading = ChannelReading(
      name: name, unitText: unit, place: source, options: options, role: role)
    doubts.add(reading.doubt, channel: name)
    channels.append(
      Channel(
        name: name, role: reading.role, unit: reading.unit, gainProvenance: reading.provenance,
        samplingRate: rate, sampleCount: streams[stream].sampleCount,
        storedUnit: reading.storedUnit))
    places.append(
      OTBSamples.Place(stream: stream, index: index, factor: factor * reading.factor))
  }

  /// The rate given by the user, else the stated one; throws where neither makes sense.
  mutating func rate(stated: Double?, place: String) throws -> Double {
    let (rate, replaced) = try options.rate(stated: stated, path: path, place: place)
    if let replaced, !warnings.contains(replaced) { warnings.append(replaced) }
    return rate
  }

  /// Lays the EMG channels of one connector over the array whose code a text holds.
  ///
  /// Several arrays of one code follow each other. A text without a code adds nothing.
  mutating func layGrid(code text: String, channels all: [Int]) {
    let channels = all.filter { self.channels[$0].role == .emg }
    guard let code = GridGeometry.makersCode(in: text), !channels.isEmpty else { return }
    guard let geometry = GridGeometry(code: code.text) else {
      warnings.append(RecordingOptions.unknownLayout(code.text))
      return
    }
    let size = geometry.electrodeCount
    guard channels.count % size == 0 else {
      warnings.append(
        "\(channels.count) channels do not fit array \(code.text) of \(size) electrodes; its "
          + "geometry is left out")
      return
    }
    for start in stride(from: 0, to: channels.count, by: size) {
      if let grid = geometry.grid(channels: Array(channels[start..<start + size])) {
        grids.append(grid)
      }
    }
  }

  /// The recording of what was gathered; throws where that is nothing.
  mutating func recording(_ format: String) throws -> Recording {
    guard !channels.isEmpty else {
      throw RecordingError(.malformed, path: path, "describes no channel that can be read")
    }
    readMarkers()
    let left = archive.members.map(\.name).filter { !known.contains($0) }
    let signals = left.filter {
      $0.lowercased().hasSuffix(".sig") || $0.lowercased().hasSuffix(".sip")
    }
    if !signals.isEmpty {
      warnings.append(
        "not read: \(signals.prefix(6).joined(separator: ", "))"
          + (signals.count > 6 ? " and \(signals.count - 6) more" : ""))
    }
    return Recording(
      source: RecordingSource(path: path, formatName: format), channels: channels,
      samples: OTBSamples(bytes: archive.bytes, streams: streams, places: places),
      startTime: startTime, annotations: annotations.sorted { $0.onset < $1.onset },
      electrodeGrids: grids, remarks: remarks, warnings: warnings + doubts.warnings)
  }

  /// `markers_N.xml`: milliseconds after the start and a text each.
  private mutating func readMarkers() {
    for member in archive.members {
      let name = member.fileName.lowercased()
      guard name.hasPrefix("marker"), name.hasSuffix(".xml") else { continue }
      known.insert(member.name)
      do {
        for marker in try archive.document(member).all("Marker") {
          guard let text = marker.text(of: "Milliseconds"), let onset = OTBSession.number(text),
            abs(onset) < 1e12
          else { continue }
          annotations.append(
            Annotation(onset: onset / 1000, text: marker.text(of: "Description") ?? "marker"))
        }
      } catch {
        warnings.append("markers are not read: \(error)")
      }
    }
  }

  /// A finite number, with a decimal comma or point.
  static func number(_ text: String?) -> Double? {
    guard let text, let value = Double(text.replacingOccurrences(of: ",", with: ".")),
      value.isFinite
    else { return nil }
    return value
  }

  /// A whole number from 0 to `limit`.
  static func whole(_ text: String?, atMost limit: Int) -> Int? {
    number(text).flatMap { Int(bounded: $0, in: 0...limit) }
  }

  /// A local time such as `2025-06-10T14:03:05.123`, read as UTC so that it prints as stored.
  static func date(_ text: String?) -> Date? {
    guard let text else { return nil }
    let parts = text.split { !$0.isNumber }.prefix(6).compactMap { Int($0) }
    guard parts.count == 6, (1900...2200).contains(parts[0]), (1...12).contains(parts[1]),
      (1...31).contains(parts[2]), parts[3] < 24, parts[4] < 60, parts[5] < 61
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar.date(
      from: DateComponents(
        year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
        second: parts[5]))
  }
}
