/// The members of an openhdemg 0.1 JSON file: an object whose values are JSON texts inside strings.
///
/// The file is gone through from its beginning, without holding more of it than is asked for: tables
/// that are only counted cost no memory. Source: openhdemg 0.1.2, `save_json_emgfile`.
struct OpenHDEMGJSON {
  /// A table in the "split" form of pandas.
  struct Table: Sendable {
    var columnCount = 0
    var rowCount = 0
    /// One array for each column; empty where the table was only counted.
    var columns: [[Float]] = []
  }

  /// What is kept of one member.
  enum Member: Sendable {
    case text(String)
    case number(Double)
    case lists([[Double]])
    case table(Table)
  }

  private static let tables: Set<String> = [
    "RAW_SIGNAL", "REF_SIGNAL", "ACCURACY", "IPTS", "BINARY_MUS_FIRING",
  ]
  private static let scalars: Set<String> = ["FSAMP", "IED", "EMG_LENGTH", "NUMBER_OF_MUS"]
  /// Discharges of all units together.
  private static let pulseLimit = 20_000_000

  private(set) var members: [String: Member] = [:]

  /// Reads the members; only tables of `kept` names keep their values.
  ///
  /// - Throws: `RecordingError`.
  init(_ bytes: FileBytes, kept: Set<String>) throws {
    var text = NestedText(try ByteStream(bytes), path: bytes.path)
    try text.begin()
    while let key = try text.key() {
      if Self.tables.contains(key) {
        members[key] = .table(try text.table(keeps: kept.contains(key), key: key))
      } else if key == "MUPULSES" {
        members[key] = .lists(try text.lists(limit: Self.pulseLimit, key: key))
      } else if Self.scalars.contains(key) {
        members[key] = .number(try text.number(key: key))
      } else if key == "SOURCE" || key == "FILENAME" {
        members[key] = .text(try text.string())
      }
      try text.endValue()
    }
  }

  func number(_ key: String) -> Double? {
    if case .number(let value)? = members[key] { return value }
    return nil
  }

  func text(_ key: String) -> String? {
    if case .text(let value)? = members[key] { return value }
    return nil
  }

  func table(_ key: String) -> Table? {
    if case .table(let value)? = members[key] { return value }
    return nil
  }

  func lists(_ key: String) -> [[Double]] {
    if case .lists(let value)? = members[key] { return value }
    return []
  }
}
