import Foundation
import Synchronization

/// Reads the files of openhdemg: the JSON of 0.1 (gzipped or not) and the folder of 0.2 ("module").
///
/// Channels are the EMG, the reference signal (force) and the sources of the units; the discharges are
/// its stored trains. The files state no unit: microvolts are taken, as openhdemg documents.
/// A folder is opened by its own path or by that of its `manifest.json`.
public struct OpenHDEMGReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "openhdemg (module folder, JSON)" }

  /// Their extensions.
  public var extensions: [String] { [] }

  /// Whether the file is the JSON of 0.1 or the manifest of a module.
  public func recognises(_ file: SniffedFile) -> Bool {
    if file.has([0x1F, 0x8B]) { return Self.isJSON(ByteStream.head(file.bytes, count: 256)) }
    return Self.isJSON(Array(file.head.prefix(256))) || OpenHDEMGModule.isManifest(file)
  }

  /// Reads everything but the signals; throws `RecordingError`.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    if OpenHDEMGModule.isManifest(file) {
      return try OpenHDEMGModule(file).content().recording(options)
    }
    return try content(file).recording(options)
  }

  private static func isJSON(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head.filter { ![9, 10, 13, 32].contains($0) }, as: UTF8.self)
    return ["SOURCE", "FILENAME", "RAW_SIGNAL", "REF_SIGNAL", "FSAMP"].contains {
      text.hasPrefix("{\"\($0)\":")
    }
  }

  private func content(_ file: SniffedFile) throws -> OpenHDEMGContent {
    let json = try OpenHDEMGJSON(file.bytes, kept: ["ACCURACY"])
    func shape(_ key: String) -> (rows: Int, columns: Int) {
      json.table(key).map { ($0.rowCount, $0.columnCount) } ?? (0, 0)
    }
    return OpenHDEMGContent(
      path: file.path, files: [file.path], formatName: "openhdemg JSON",
      source: json.text("SOURCE"), fileName: json.text("FILENAME"),
      samplingRate: json.number("FSAMP"), electrodeDistance: json.number("IED"),
      signal: shape("RAW_SIGNAL"), reference: shape("REF_SIGNAL"), sources: shape("IPTS"),
      accuracy: (json.table("ACCURACY")?.columns.first ?? []).map { Double($0) },
      pulses: json.lists("MUPULSES"),
      samples: { [bytes = file.bytes] shown in
        OpenHDEMGJSONSamples(bytes: bytes, shown: shown)
      })
  }
}

/// What an openhdemg file holds, whatever its form.
struct OpenHDEMGContent {
  var path: String
  var files: [String]
  var formatName: String
  var source: String?
  var fileName: String?
  var samplingRate: Double?
  var electrodeDistance: Double?
  var signal: (rows: Int, columns: Int)
  var reference: (rows: Int, columns: Int)
  var sources: (rows: Int, columns: Int)
  var accuracy: [Double]
  var pulses: [[Double]]
  /// Names of the units, where the file has them.
  var labels: [Int: String] = [:]
  /// Channels that the file marks as bad.
  var badChannels: Set<Int> = []
  var warnings: [String] = []
  /// Makes the source of samples for the channels that are shown.
  var samples: ([OpenHDEMGColumn]) -> any OpenHDEMGSampleSource

  /// The recording; throws `RecordingError`.
  func recording(_ options: RecordingOptions) throws -> Recording {
    let (rate, replaced) = try options.rate(stated: samplingRate, path: path, place: "FSAMP")
    let unit = options.unit ?? .microvolt
    let provenance =
      options.unit.map { "given unit \($0.rawValue)" } ?? "openhdemg states no unit, taken as uV"
    var channels: [Channel] = []
    var shown: [OpenHDEMGColumn] = []
    func add(
      _ table: String, _ shape: (rows: Int, columns: Int), name: (Int) -> String, role: ChannelRole,
      unit: PhysicalUnit, factor: Double, provenance: String
    ) {
      for column in 0..<(shape.rows > 0 ? shape.columns : 0) {
        channels.append(
          Channel(
            name: name(column), role: role, unit: unit, gainProvenance: provenance,
            samplingRate: rate, sampleCount: shape.rows))
        shown.append(OpenHDEMGColumn(table: table, column: column, factor: Float(factor)))
      }
    }
    add(
      "RAW_SIGNAL", signal, name: { "\($0 + 1)" }, role: .emg, unit: .microvolt,
      factor: unit.microvolts, provenance: provenance)
    add(
      "REF_SIGNAL", reference, name: { $0 == 0 ? "REF_SIGNAL" : "REF_SIGNAL \($0 + 1)" },
      role: .force, unit: .relative, factor: 1, provenance: "openhdemg states no unit")
    add(
      "IPTS", sources, name: { "source of unit \(label($0))" }, role: .storedSource,
      unit: .relative, factor: 1, provenance: "stored source")
    guard !channels.isEmpty else {
      throw RecordingError(
        .malformed, path: path, "holds neither a signal nor a reference (RAW_SIGNAL, REF_SIGNAL)")
    }
    var warnings = warnings + [replaced].compactMap { $0 }
    if !badChannels.isEmpty {
      let bad = badChannels.filter { $0 < signal.columns && signal.rows > 0 }.sorted()
      for index in bad { channels[index].role = .auxiliary }
      warnings.append(
        "GOOD_CHANNELS marks \(bad.count) channels as bad; they are left out of the EMG: "
          + bad.prefix(12).map { "\($0 + 1)" }.joined(separator: ", "))
    }
    var remarks = [source.map { "openhdemg source: \($0)" }].compactMap { $0 }
    if let electrodeDistance, electrodeDistance > 0 {
      remarks.append("inter-electrode distance: \(electrodeDistance) mm")
    }
    let spikes = spikes(rate, &warnings)
    var source = self.samples(shown)
    source.spikes = spikes
    return Recording(
      source: RecordingSource(path: path, formatName: formatName, files: files),
      channels: channels, samples: source, remarks: remarks, warnings: warnings)
  }

  private func label(_ unit: Int) -> String { labels[unit] ?? "\(unit)" }

  private func spikes(_ rate: Double, _ warnings: inout [String]) -> SpikeAnnotations? {
    let length = Double(max(signal.rows, sources.rows))
    var outside = 0
    let trains = pulses.enumerated().map { index, samples in
      let inside = samples.filter { $0 >= 0 && $0.isFinite && (length == 0 || $0 < length) }
      outside += samples.count - inside.count
      let accuracy = index < accuracy.count ? accuracy[index] : .nan
      return SpikeAnnotations.Train(
        unit: label(index), times: inside.map { $0 / rate },
        silhouette: accuracy.isFinite ? accuracy : nil)
    }
    if outside > 0 {
      warnings.append("\(outside) discharges lie outside the recording and are left out")
    }
    return trains.isEmpty ? nil : SpikeAnnotations(origin: "openhdemg", trains: trains)
  }
}

/// A column of one of the tables, as a channel shows it.
struct OpenHDEMGColumn: Sendable, Hashable {
  var table: String
  var column: Int
  /// Factor from a stored value to the channel's unit.
  var factor: Float
}

/// Samples of an openhdemg file, with its trains.
protocol OpenHDEMGSampleSource: SampleSource {
  var spikes: SpikeAnnotations? { get set }
}

/// Samples of a JSON file, read as a whole when they are first asked for.
struct OpenHDEMGJSONSamples: OpenHDEMGSampleSource {
  private final class Cache: Sendable {
    let tables = Mutex<[String: OpenHDEMGJSON.Table]?>(nil)
  }

  let bytes: FileBytes
  let shown: [OpenHDEMGColumn]
  var spikes: SpikeAnnotations?
  private let cache = Cache()

  init(bytes: FileBytes, shown: [OpenHDEMGColumn]) {
    self.bytes = bytes
    self.shown = shown
  }

  var readsWhole: Bool { true }

  func storedSpikes() throws -> SpikeAnnotations? { spikes }

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    let tables = try cache.tables.withLock { tables in
      if let tables { return tables }
      let wanted = Set(shown.map(\.table))
      let json = try OpenHDEMGJSON(bytes, kept: wanted)
      let read = wanted.reduce(into: [:]) { $0[$1] = json.table($1) }
      tables = read
      return read
    }
    return try channels.map { channel in
      let place = shown[channel]
      guard let columns = tables[place.table]?.columns, place.column < columns.count,
        range.upperBound <= columns[place.column].count
      else {
        throw RecordingError(
          .malformed, path: bytes.path, place: place.table,
          "is smaller than it was when it was opened: the file was changed")
      }
      let values = columns[place.column][range]
      return place.factor == 1 ? Array(values) : values.map { $0 * place.factor }
    }
  }
}
