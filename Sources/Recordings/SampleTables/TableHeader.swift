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
    /// Whether the name says time but nothing says in which unit.
    var isTimeWithoutUnit = false
    /// Whether its cells are times of day or dates.
    var isClock = false
    /// What was above the name: a sensor or group that several columns share.
    var group = ""

    /// Whether the column at a place may hold the numbers of rows: no unit, and first or named so.
    func mayCount(at place: Int) -> Bool {
      let name = name.lowercased()
      guard unit.isEmpty, secondsPerUnit == nil, !name.contains("emg") else { return false }
      let words: Set<String> = [
        "index", "idx", "row", "rows", "sample", "samples", "n", "no", "no.", "nr", "nr.", "#",
        "id",
        "frame", "frames", "counter", "count", "point", "points", "packet", "obs", "observation",
      ]
      let isIndex = name.split { !$0.isLetter && $0 != "#" }.contains { words.contains(String($0)) }
      return place == 0 || isIndex
    }
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
    guard found.cells < TableDialect.cellLimit else {
      throw RecordingError(
        .unsupported, path: bytes.path, place: "line \(found.index + 1)",
        "has \(found.cells) columns or more, expected fewer than \(TableDialect.cellLimit)")
    }
    let before = lines[..<found.index].map { $0.content }
    let named = TableHeaderLines(before, dialect: dialect, cells: found.cells)
    hasNames = named.hasNames
    columns = named.columns
    Self.applyLabels(before, to: &columns)
    let first = dialect.cells(lines[found.index].content)
    for index in columns.indices {
      Self.markTime(&columns[index])
      if index < first.count, dialect.decimal.number(first[index]) == nil,
        ClockText(first[index]) != nil
      {
        (columns[index].isClock, columns[index].secondsPerUnit) = (true, 1)
        columns[index].isTimeWithoutUnit = false
      }
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
    for line in lines.map({ FileText.decode($0) }) where line.hasPrefix("Label: ") {
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
      columns[index].samplingRate = rate.flatMap {
        RecordingLimits.samplingRate.contains($0) ? $0 : nil
      }
      columns[index].statedCount = value(after: "Number of points:", before: "start:")
        .flatMap { Int($0) }
      if let unit = value(after: " Unit:", before: "Domain Unit:") { columns[index].unit = unit }
    }
  }

  /// Finds out whether a column's name says that it is time, and in which unit.
  private static func markTime(_ column: inout Column) {
    let factors = [
      "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3,
      "millisecond": 1e-3, "milliseconds": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6,
      "usec": 1e-6, "microseconds": 1e-6, "min": 60, "ns": 1e-9,
    ]
    let words = [
      "time", "times", "t", "x", "zeit", "temps", "tempo", "tiempo", "timestamp", "timestamps",
      "seconds", "sec", "milliseconds", "msec", "ms",
    ]
    let name = column.name.lowercased()
    let isSeries = name.hasSuffix("time series") || name.hasSuffix(" time")
    guard words.contains(name) || isSeries else { return }
    if let factor = factors[column.unit.lowercased()] ?? factors[name] {
      column.secondsPerUnit = factor
    } else if column.unit.isEmpty, !["t", "x"].contains(name) {
      column.secondsPerUnit = 1
      column.isTimeWithoutUnit = true
    }
  }
}
