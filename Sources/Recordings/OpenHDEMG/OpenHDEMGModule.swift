import Foundation
import Synchronization

/// The folder of openhdemg 0.2: `manifest.json` and binary tables in `files`.
///
/// Source: openhdemg 0.2, `save_openhdemg_module` (data structure version 1.0).
package struct OpenHDEMGModule {
  private static let marker = ".openhdemg_module"
  private static let manifest = "manifest.json"
  /// Largest amount of packed or plain tables, in bytes, whose checksums are verified at opening.
  private static let checksumLimit = 256 << 20

  private let path: String
  private let folder: URL
  private let members: [String: Any]

  /// Whether a folder is a module.
  package static func isModule(_ folder: String) -> Bool {
    let url = URL(fileURLWithPath: folder)
    let files = FileManager.default
    return files.fileExists(atPath: url.appendingPathComponent(marker).path)
      && files.fileExists(atPath: url.appendingPathComponent(manifest).path)
  }

  /// The file to open for a path: the manifest where it is the folder of a module.
  static func file(of path: String) -> String {
    isModule(path) ? URL(fileURLWithPath: path).appendingPathComponent(manifest).path : path
  }

  /// Whether a file is the manifest of a module.
  static func isManifest(_ file: SniffedFile) -> Bool {
    URL(fileURLWithPath: file.path).lastPathComponent == manifest
      && file.head.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "{")
      && isModule(URL(fileURLWithPath: file.path).deletingLastPathComponent().path)
  }

  /// Reads a manifest; throws `RecordingError`.
  init(_ file: SniffedFile) throws {
    path = file.path
    folder = URL(fileURLWithPath: file.path).deletingLastPathComponent()
    let bytes = try file.bytes.all(limit: 64 << 20)
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    else {
      throw RecordingError(
        .malformed, path: file.path, "is no JSON object, expected the manifest of openhdemg",
        remedy: "save the module again in openhdemg")
    }
    members = object
  }

  /// Everything but the samples; throws `RecordingError` naming the member.
  func content() throws -> OpenHDEMGContent {
    var tables: [String: OpenHDEMGTable] = [:]
    for key in ["RAW_SIGNAL", "REF_SIGNAL", "IPTS", "ACCURACY"] {
      if let table = try table(key) { tables[key] = table }
    }
    let pulses = try self.pulses()
    let files = [path] + (tables.values.map(\.bytes.path) + pulses.files).sorted()
    func shape(_ key: String) -> (rows: Int, columns: Int) {
      tables[key].map { ($0.rows, $0.columns) } ?? (0, 0)
    }
    let accuracy = try tables["ACCURACY"].map { table in
      table.rows > 0 && table.columns > 0
        ? try table.samples(columns: [0], range: 0..<min(table.rows, 10_000))[0].map { Double($0) }
        : []
    }
    var content = OpenHDEMGContent(
      path: path, files: files, formatName: "openhdemg module",
      source: text("SOURCE"), fileName: text("FILENAME"), samplingRate: number("FSAMP"),
      electrodeDistance: number("IED"), signal: shape("RAW_SIGNAL"),
      reference: shape("REF_SIGNAL"), sources: shape("IPTS"), accuracy: accuracy ?? [],
      pulses: pulses.lists,
      samples: { shown in OpenHDEMGModuleSamples(tables: tables, shown: shown) })
    for (key, value) in dictionary("MU_LABELS") {
      if let index = Int(key), let label = value as? String { content.labels[index] = label }
    }
    for (key, value) in dictionary("GOOD_CHANNELS") {
      if let index = Int(key), let flag = (value as? NSNumber)?.doubleValue, flag == 0 {
        content.badChannels.insert(index)
      }
    }
    return content
  }

  private func malformed(_ key: String, _ problem: String) -> RecordingError {
    RecordingError(
      .malformed, path: path, place: key, problem, remedy: "save the module again in openhdemg")
  }

  private func description(_ key: String) -> [String: Any]? { members[key] as? [String: Any] }

  private func text(_ key: String) -> String? { description(key)?["text"] as? String }

  private func number(_ key: String) -> Double? {
    (description(key)?["value"] as? NSNumber)?.doubleValue
  }

  private func dictionary(_ key: String) -> [String: Any] {
    description(key)?["value"] as? [String: Any] ?? [:]
  }

  private func integers(_ value: Any?) -> [Int]? {
    guard let numbers = value as? [NSNumber] else { return nil }
    let whole = numbers.compactMap { Int(bounded: $0.doubleValue, in: 0...(1 << 48)) }
    return whole.count == numbers.count ? whole : nil
  }

  /// The file of a member: below the folder, with either separator, nothing that leads out.
  private func file(_ key: String, _ description: [String: Any]) throws -> FileBytes {
    guard let stated = description["data_file_path"] as? String else {
      throw malformed(key, "names no file (data_file_path)")
    }
    let parts = stated.replacingOccurrences(of: "\\", with: "/")
      .split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
      parts[0].last != ":"
    else {
      throw malformed(key, "names \(stated.quoted), which is no file inside the module")
    }
    let bytes = try FileBytes(path: folder.path + "/" + parts.joined(separator: "/"))
    if let checksum = description["checksum"] as? String, bytes.count <= Self.checksumLimit {
      let found = try RecordingSource(path: bytes.path, formatName: "").inputHash()
      // Written with the name of the function before it, which older files may lack.
      let expected = checksum.lowercased().replacingPrefix("sha256:")
      guard found == expected else {
        let stated = expected.prefix(12).description.onOneLine
        throw RecordingError(
          .malformed, path: bytes.path,
          "its SHA-256 starts with \(found.prefix(12)), the manifest states \(stated): the file is "
            + "damaged or was changed", remedy: "copy the module again from its origin")
      }
    }
    return bytes
  }

  private func table(_ key: String) throws -> OpenHDEMGTable? {
    guard let description = description(key),
      description["data_type"] as? String == "pd.DataFrame"
    else { return nil }
    guard let shape = integers(description["shape"]), shape.count == 2,
      RecordingLimits.channelCount.contains(shape[1]),
      Int.product(shape[0], shape[1], atMost: 1 << 40) != nil
    else { throw malformed(key, "states no shape of rows and columns") }
    guard let kind = (description["endian_dtype"] as? String).flatMap(OpenHDEMGNumber.init) else {
      throw malformed(
        key,
        "states \((description["endian_dtype"] as? String ?? "").quoted) as the type of its "
          + "values, expected numbers such as \"<f8\"")
    }
    let table = OpenHDEMGTable(
      bytes: try file(key, description), isPacked: description["compression"] as? String == "gzip",
      isColumnMajor: description["order"] as? String == "F", rows: shape[0], columns: shape[1],
      kind: kind)
    try table.check()
    return table
  }

  private func pulses() throws -> (lists: [[Double]], files: [String]) {
    let key = "MUPULSES"
    guard let description = description(key) else { return ([], []) }
    let types = description["endian_dtypes"] as? [String] ?? []
    guard let lengths = integers(description["lengths"]),
      let offsets = integers(description["offsets"]), lengths.count == offsets.count,
      types.count == lengths.count, lengths.count <= RecordingLimits.channelCount.upperBound
    else { throw malformed(key, "states no lengths, offsets and types of its lists") }
    let bytes = try file(key, description)
    let content = try ByteStream(bytes).rest(limit: 1 << 30)
    var lists: [[Double]] = []
    for (index, type) in types.enumerated() {
      guard let kind = OpenHDEMGNumber(type) else {
        throw malformed(key, "states \(type.quoted) as the type of its values")
      }
      guard let size = Int.product(lengths[index], kind.size, atMost: content.count),
        offsets[index] <= content.count - size
      else {
        throw RecordingError(
          .truncated, path: bytes.path, place: "unit \(index)",
          "found \(content.count) bytes, expected \(lengths[index]) values at byte \(offsets[index])",
          remedy: "copy the module again from its origin")
      }
      lists.append(
        (0..<lengths[index]).map { kind.value(content, at: offsets[index] + $0 * kind.size) })
    }
    return (lists, [bytes.path])
  }
}

/// Samples of a module: plain tables are read in parts, packed ones as a whole when first asked for.
struct OpenHDEMGModuleSamples: OpenHDEMGSampleSource {
  private final class Cache: Sendable {
    let tables = Mutex<[String: [[Float]]]>([:])
  }

  let tables: [String: OpenHDEMGTable]
  let shown: [OpenHDEMGColumn]
  var spikes: SpikeAnnotations?
  private let cache = Cache()

  init(tables: [String: OpenHDEMGTable], shown: [OpenHDEMGColumn]) {
    self.tables = tables
    self.shown = shown
  }

  var readsWhole: Bool { tables.values.contains(where: \.isPacked) }

  func storedSpikes() throws -> SpikeAnnotations? { spikes }

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    let together = Dictionary(grouping: channels.indices) { shown[channels[$0]].table }
    for (name, members) in together {
      guard let table = tables[name] else { continue }
      let wanted = members.map { shown[channels[$0]].column }
      let values: [[Float]]
      if table.isPacked {
        let all = try cache.tables.withLock { known in
          if let columns = known[name] { return columns }
          let columns = try table.unpacked()
          known[name] = columns
          return columns
        }
        values = wanted.map { Array(all[$0][range]) }
      } else {
        values = try table.samples(columns: wanted, range: range)
      }
      for (place, column) in zip(members, values) {
        let factor = shown[channels[place]].factor
        result[place] = factor == 1 ? column : column.map { $0 * factor }
      }
    }
    return result
  }
}
