import Tables

/// How a text table separates its cells and writes its numbers.
struct TableDialect: Sendable {
  enum Separator: UInt8, CaseIterable, Sendable {
    case tab = 9
    case semicolon = 59
    case comma = 44
    /// Any run of blanks.
    case blanks = 32
  }

  var separator: Separator
  var hasDecimalComma: Bool

  var decimal: DecimalText { DecimalText(acceptsComma: hasDecimalComma) }

  /// Most cells of a line that are told apart.
  static let cellLimit = 8192

  /// The cells of a line, without blanks and quotes around them.
  func cells(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var cells: [ArraySlice<UInt8>] = []
    if separator == .blanks {
      return line.split(maxSplits: Self.cellLimit) { $0 == 32 || $0 == 9 || $0 == 13 }
        .map(Self.trimmed)
    }
    var start = line.startIndex
    var isQuoted = false
    for at in line.indices {
      if line[at] == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if line[at] == separator.rawValue && !isQuoted {
        cells.append(Self.trimmed(line[start..<at]))
        start = at + 1
        if cells.count >= Self.cellLimit { return cells }
      }
    }
    cells.append(Self.trimmed(line[start...]))
    return cells
  }

  /// Whether a line holds numbers, times of day and empty cells only, and at least one number.
  func isNumeric(_ line: ArraySlice<UInt8>) -> Bool {
    var found = false
    for cell in cells(line) where !Self.isMissing(cell) {
      if decimal.number(cell) != nil {
        found = true
      } else if ClockText(cell) == nil {
        return false
      }
    }
    return found
  }

  /// Whether a cell says that there is no value: empty, `NaN`, `NA`, `-`, ...
  static func isMissing(_ cell: ArraySlice<UInt8>) -> Bool {
    // Numbers, nearly all cells, are told by their first character.
    guard let first = cell.first else { return true }
    if first >= 48 && first <= 57 || cell.count > 6 { return false }
    if cell.count == 1 { return first == UInt8(ascii: "-") || first == UInt8(ascii: ".") }
    switch String(decoding: cell, as: UTF8.self).lowercased() {
    case "nan", "-nan", "na", "n/a", "#n/a", "null", "none": return true
    default: return false
    }
  }

  private static func trimmed(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isPadding(_ byte: UInt8) -> Bool { byte <= 32 || byte == UInt8(ascii: "\"") }
    var cell = cell
    while let first = cell.first, isPadding(first) { cell = cell.dropFirst() }
    while let last = cell.last, isPadding(last) { cell = cell.dropLast() }
    return cell
  }

  /// The dialect under which a line is numeric with the most cells, nil where there is none.
  static func of(_ line: ArraySlice<UInt8>) -> (dialect: TableDialect, cells: Int)? {
    var best: (dialect: TableDialect, cells: Int)?
    for separator in Separator.allCases {
      // In comma-separated text a decimal comma can only stand inside quotes.
      for comma in [false, true] {
        let dialect = TableDialect(separator: separator, hasDecimalComma: comma)
        guard dialect.isNumeric(line) else { continue }
        let count = dialect.cells(line).count
        if count > best?.cells ?? 0 { best = (dialect, count) }
      }
    }
    return best
  }
}
