import Foundation
import Recordings
import Reports

/// The JSON file of openhdemg 0.1, gzipped.
struct OpenHDEMGJSONFormat: UnitFormat {
  let name = "openhdemg-json"
  let summary = "openhdemg 0.1 (emg_from_json)"
  let form = OutputPlace.Form.file
  let needs = UnitNeeds.sources

  func write(_ units: UnitCollection, to path: String) throws {
    let export = OpenHDEMGExport(
      fileName: units.name, samplingRate: units.samplingRate,
      interElectrodeMillimetres: units.electrodeDistance ?? 0, signal: try units.signal(),
      reference: try units.force(),
      discharges: units.units.map { $0.samples(of: units.sampleCount) },
      silhouettes: units.units.map { $0.silhouette ?? .nan },
      pulseTrains: units.units.map(\.source))
    try AtomicFile.write(try export.data(), to: path)
  }
}

extension UnitCollection {
  /// Distance of neighbouring electrodes of the first grid in millimetres, nil where it is unknown.
  var electrodeDistance: Double? { recording?.electrodeGrid?.interElectrodeDistanceMillimetres }
}

/// The folder ("module") of openhdemg 0.2: `FOLDER/units/manifest.json` and binary tables beside it.
struct OpenHDEMGModuleFormat: UnitFormat {
  let name = "openhdemg"
  let summary = "openhdemg 0.2 (load_openhdemg_module, module \"units\")"
  let form = OutputPlace.Form.folder
  let needs = UnitNeeds.sources

  /// Name of the module inside the folder that is written.
  static let module = "units"
  /// Rows that are held in memory at a time.
  private static let rowsAtOnce = 8192

  func write(_ units: UnitCollection, to path: String) throws {
    let root = URL(fileURLWithPath: path).appendingPathComponent(Self.module)
    let files = root.appendingPathComponent("files")
    do {
      try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    } catch {
      throw AnalysisError(.cannotWrite, path: files.path, "the folder cannot be made")
    }
    let count = units.sampleCount
    let pulses = units.units.map { $0.samples(of: count) }
    var members: [JSONValue.Member] = [
      .init(
        "_metadata",
        .object([
          .init("system_byte_order", .string("little")),
          .init("openhdemg_version", .string("0.2.0")),
          .init("data_structure_version", .string("1.0")),
          .init("written_by", .string(SoftwareVersion.text)),
        ])),
      .init("SOURCE", Self.text("OPENHDEMG")), .init("FILENAME", Self.text(units.name)),
      .init("FSAMP", Self.value("float", .number(units.samplingRate))),
    ]
    if let distance = units.electrodeDistance {
      members.append(.init("IED", Self.value("float", .number(distance))))
    }
    members.append(.init("EMG_LENGTH", Self.value("int", .integer(count))))
    members.append(.init("NUMBER_OF_MUS", Self.value("int", .integer(pulses.count))))
    let names = units.channels.map { units.recording?.channels[$0].name ?? "" }
    if !units.rejectedNames.isEmpty {
      members.append(
        .init(
          "GOOD_CHANNELS",
          Self.value(
            "dict",
            .object(
              names.enumerated().map { index, name in
                .init(String(index), .integer(units.rejectedNames.contains(name) ? 0 : 1))
              }))))
    }
    let signal = try units.signal()
    let force = try units.force()
    func table(
      _ key: String, rows: Int, columns: Int, value: (_ row: Int, _ column: Int) -> Double
    ) throws {
      members.append(
        .init(
          key,
          try Self.table(key, root: root, rows: rows, columns: columns, value: value)))
    }
    try table("RAW_SIGNAL", rows: count, columns: signal.count) { Double(signal[$1][$0]) }
    try table("REF_SIGNAL", rows: force.count, columns: 1) { row, _ in Double(force[row]) }
    try table("ACCURACY", rows: pulses.count, columns: 1) { row, _ in
      units.units[row].silhouette ?? .nan
    }
    try table("IPTS", rows: count, columns: pulses.count) {
      Double(units.units[$1].source.isEmpty ? 0 : units.units[$1].source[$0])
    }
    var firing = [[Bool]](repeating: [Bool](repeating: false, count: count), count: pulses.count)
    for (unit, samples) in pulses.enumerated() {
      for sample in samples { firing[unit][sample] = true }
    }
    try table("BINARY_MUS_FIRING", rows: count, columns: pulses.count) { firing[$1][$0] ? 1 : 0 }
    try table("EXTRAS", rows: 0, columns: 1) { _, _ in 0 }
    members.append(.init("MUPULSES", try Self.ragged("MUPULSES", root: root, pulses)))
    members.append(
      .init(
        "MU_LABELS",
        Self.value(
          "dict",
          .object(
            units.units.enumerated().map { .init(String($0), .string($1.id)) }))))
    try AtomicFile.write([UInt8](), to: root.appendingPathComponent(".openhdemg_module").path)
    try AtomicFile.write(
      JSONValue.object(members).text() + "\n",
      to: root.appendingPathComponent("manifest.json").path)
  }

  private static func text(_ text: String) -> JSONValue {
    .object([.init("data_type", .string("str")), .init("text", .string(text))])
  }

  private static func value(_ type: String, _ value: JSONValue) -> JSONValue {
    .object([.init("data_type", .string(type)), .init("value", value)])
  }

  private static func strings(_ text: String, _ count: Int) -> JSONValue {
    .array([JSONValue](repeating: .string(text), count: count))
  }

  /// Writes a table of float64, row by row, and describes it.
  private static func table(
    _ key: String, root: URL, rows: Int, columns: Int, value: (Int, Int) -> Double
  ) throws -> JSONValue {
    let names: [JSONValue.Member] = [
      .init("columns", .array((0..<columns).map { .integer($0) })),
      .init("columns_dtypes", strings("int", columns)),
      .init("shape", .array([.integer(rows), .integer(columns)])),
    ]
    guard rows > 0, columns > 0 else {
      return .object([.init("data_type", .string("empty pd.DataFrame"))] + names)
    }
    let path = root.appendingPathComponent("files/\(key).bin").path
    let file = try AtomicFile(path: path)
    var row = 0
    while row < rows {
      let end = min(rows, row + rowsAtOnce)
      var block: [UInt8] = []
      block.reserveCapacity((end - row) * columns * 8)
      for index in row..<end {
        for column in 0..<columns {
          withUnsafeBytes(of: value(index, column).bitPattern.littleEndian) {
            block.append(contentsOf: $0)
          }
        }
      }
      try file.append(block)
      row = end
    }
    try file.finish()
    return .object(
      [
        .init("data_type", .string("pd.DataFrame")),
        .init("data_file_path", .string("files/\(key).bin")), .init("compression", .null),
        .init("order", .string("C")),
      ] + names + [
        .init("dtypes", strings("float64", columns)), .init("endian_dtype", .string("<f8")),
        .init("checksum", .string(try checksum(path))),
      ])
  }

  /// Writes lists of whole numbers one after the other and describes them.
  private static func ragged(_ key: String, root: URL, _ lists: [[Int]]) throws -> JSONValue {
    let path = root.appendingPathComponent("files/\(key).bin").path
    var bytes: [UInt8] = []
    var offsets: [JSONValue] = []
    for list in lists {
      offsets.append(.integer(bytes.count))
      for number in list {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    try AtomicFile.write(bytes, to: path)
    return .object([
      .init("data_type", .string("list_of_1D_np.ndarray")),
      .init("data_file_path", .string("files/\(key).bin")), .init("compression", .null),
      .init("order", .string("C")),
      .init("lengths", .array(lists.map { .integer($0.count) })),
      .init("offsets", .array(offsets)), .init("dtypes", strings("int64", lists.count)),
      .init("endian_dtypes", strings("<i8", lists.count)),
      .init("checksum", .string(try checksum(path))),
    ])
  }

  private static func checksum(_ path: String) throws -> String {
    "sha256:" + (try RecordingSource(path: path, formatName: "").inputHash())
  }
}
