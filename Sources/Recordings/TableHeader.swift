import Foundation

/// The lines before the numbers of a text table: where data start, and what the columns are.
struct TableHeader: Sendable {
  /// One column as the header names it.
  struct Column: Sendable {
    var name: String
    /// Unit in brackets, after an underscore, in a unit line or a label line; empty if none.
    var unit: String
    /// Rate in Hz from a label line.
    var samplingRate: Double?
    /// Number of points from a label line.
    var statedCount: Int?
    /// Seconds per unit of a time column, nil for columns of samples.
    var secondsPerUnit: Double?
  }

  /// How much of the file is searched for the first numbers.
  private static let searchCount = 1 << 20

  var dialect: TableDialect
  var columns: [Column]
  /// Byte of the first line of numbers.
  var dataStart: Int
  var linesBefore: Int
  var terminator: UInt8
  var hasNames: Bool

  /// Finds the first line of numbers; throws `RecordingError` where there is none.
  init(_ bytes: FileBytes) throws {
    let head = try bytes.head(Self.searchCount)
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      throw RecordingError(
        .unsupported, path: bytes.path, "is a text in UTF-16, which cannot be read",
        remedy: "save it as UTF-8")
    }
    terminator = head.contains(10) ? 10 : 13
    var lines: [(start: Int, content: ArraySlice<UInt8>)] = []
    var start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < head.count {
      let end = head[start...].firstIndex(of: terminator) ?? head.count
      lines.append((start, head[start..<end]))
      start = end + 1
    }
    var found: (index: Int, dialect: TableDialect, cells: Int)?
    for index in lines.indices {
      guard let match = TableDialect.of(lines[index].content) else { continue }
      // A lone number among text is not data: the next line must look the same.
      let next = lines[(index + 1)...].first { $0.content.contains { $0 > 32 } }
      if let next, next.content.endIndex < head.count,
        !match.dialect.isNumeric(next.content)
          || match.dialect.cells(next.content).count != match.cells
      {
        // The first row may happen to hold whole numbers only, the marks showing in the second.
        guard let second = TableDialect.of(next.content),
          second.dialect.isNumeric(lines[index].content),
          second.dialect.cells(lines[index].content).count == second.cells
        else { continue }
        found = (index, second.dialect, second.cells)
      } else {
        found = (index, match.dialect, match.cells)
      }
      break
    }
    guard let found else {
      throw RecordingError(
        .malformed, path: bytes.path, "is a text without rows of numbers")
    }
    var dialect = found.dialect
    // Later rows may be the first to show a decimal comma.
    if dialect.separator != .comma, !dialect.hasDecimalComma {
      let sample = lines[found.index...].prefix(50)
      let isPlain = sample.allSatisfy { dialect.isNumeric($0.content) || !$0.content.contains(44) }
      dialect.hasDecimalComma = !isPlain
    }
    self.dialect = dialect
    dataStart = lines[found.index].start
    linesBefore = found.index
    let named = Self.names(
      lines[..<found.index].map { $0.content }, dialect: dialect, cells: found.cells)
    hasNames = named != nil
    columns = named ?? (0..<found.cells).map { Column(name: "\($0 + 1)", unit: "") }
    Self.applyLabels(lines[..<found.index].map { $0.content }, to: &columns)
    for index in columns.indices {
      columns[index].secondsPerUnit = Self.secondsPerUnit(columns[index])
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text.trimmingWhitespace() }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).trimmingWhitespace()
  }

  /// Column names from the nearest line above the data with as many cells, with a unit line below
  /// it understood.
  private static func names(
    _ lines: [ArraySlice<UInt8>], dialect: TableDialect, cells: Int
  ) -> [Column]? {
    func texts(_ line: ArraySlice<UInt8>) -> [String]? {
      // Some programs mark the header as a comment.
      let line = line.first == UInt8(ascii: "#") ? line.dropFirst() : line
      let found = dialect.cells(line).map(text)
      return found.count == cells && found.contains { !$0.isEmpty } ? found : nil
    }
    let candidates = lines.indices.reversed().filter { lines[$0].contains { $0 > 32 } }.prefix(2)
    guard let last = candidates.first, var names = texts(lines[last]) else { return nil }
    var units = [String](repeating: "", count: cells)
    let areUnits = names.allSatisfy { name in
      let bare = name.trimmingCharacters(in: CharacterSet(charactersIn: "[]()"))
      if bare.isEmpty { return true }
      guard let unit = PhysicalUnit.parse(bare)?.unit else { return false }
      if case .other = unit { return false }
      return true
    }
    if areUnits, candidates.count == 2,
      let above = texts(lines[candidates[candidates.startIndex + 1]])
    {
      units = names.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "[]()")) }
      names = above
    }
    return zip(names, units).enumerated().map { index, pair in
      let split = splitUnit(pair.0)
      return Column(
        name: split.name.isEmpty ? "\(index + 1)" : split.name,
        unit: pair.1.isEmpty ? split.unit : pair.1)
    }
  }

  /// Divides `EMG 1 [uV]`, `EMG 1 (uV)` or `emg1_uV` into name and unit.
  static func splitUnit(_ text: String) -> (name: String, unit: String) {
    for (open, close) in [("[", "]"), ("(", ")")] where text.hasSuffix(close) {
      if let start = text.range(of: open, options: .backwards) {
        let unit = String(text[start.upperBound...].dropLast()).trimmingWhitespace()
        return (String(text[..<start.lowerBound]).trimmingWhitespace(), unit)
      }
    }
    if let mark = text.lastIndex(where: { $0 == "_" || $0 == " " }) {
      let unit = String(text[text.index(after: mark)...])
      if VoltageUnit(spelling: unit) != nil && unit != "v" || ["s", "ms"].contains(unit) {
        return (String(text[..<mark]).trimmingWhitespace(), unit)
      }
    }
    return (text, "")
  }

  /// Takes rate, unit and count from lines such as those of Delsys EMGworks:
  /// `Label: NAME Sampling frequency: X Number of points: N start: S Unit: U Domain Unit: s`.
  private static func applyLabels(_ lines: [ArraySlice<UInt8>], to columns: inout [Column]) {
    for line in lines.map(text) where line.hasPrefix("Label: ") {
      func value(after key: String, before end: String?) -> String? {
        guard let start = line.range(of: key) else { return nil }
        let rest = line[start.upperBound...]
        let stop = end.flatMap { rest.range(of: $0)?.lowerBound } ?? rest.endIndex
        return String(rest[..<stop]).trimmingWhitespace()
      }
      guard let name = value(after: "Label: ", before: " Sampling frequency:"),
        let index = columns.firstIndex(where: { $0.name == name && $0.samplingRate == nil })
      else { continue }
      let rate = value(after: "Sampling frequency:", before: "Number of points:")
        .flatMap { Double($0) }
      columns[index].samplingRate = rate.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      columns[index].statedCount = value(after: "Number of points:", before: "start:")
        .flatMap { Int($0) }
      if let unit = value(after: " Unit:", before: "Domain Unit:") { columns[index].unit = unit }
    }
  }

  /// Seconds per unit where a column's name says that it is time.
  private static func secondsPerUnit(_ column: Column) -> Double? {
    let factors = ["s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6]
    let words = [
      "time", "times", "t", "x", "zeit", "temps", "tempo", "tiempo", "timestamp", "seconds", "sec",
    ]
    guard words.contains(column.name.lowercased()) else { return nil }
    if let factor = factors[column.unit.lowercased()] { return factor }
    let needsUnit = ["t", "x"].contains(column.name.lowercased())
    return column.unit.isEmpty && !needsUnit ? 1 : nil
  }
}
