import Foundation

/// A table of text cells with a header: CSV, semicolon- or tab-separated.
///
/// Source: RFC 4180, widened by other separators, line ends LF, CR and CR LF, and a byte-order mark.
public struct DelimitedTable: Sendable, Equatable {
  /// A row with the line of the file it begins on (1-based, the header counts).
  public struct Row: Sendable, Equatable {
    /// Line of the file.
    public var line: Int
    /// Cells, as many as the header has.
    public var cells: [String]
  }

  /// Column names.
  public var header: [String]
  /// Rows in the order of the file.
  public var rows: [Row]

  /// A table with rows numbered from line 2.
  public init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows.enumerated().map { Row(line: $0.offset + 2, cells: $0.element) }
  }

  /// Reads a table from bytes: UTF-16 with its mark, UTF-8, or where it is neither, Latin-1.
  ///
  /// `source`: the name for errors. `separator`: nil to take the one of comma, semicolon and tab
  /// that the first lines agree on, or that a line `sep=;` names. Titles above the header and empty
  /// rows are passed over, a header in two lines is joined, short rows are filled up.
  /// - Throws: `TableError` for bytes that are no text, without a header, for repeated column names,
  ///   an unclosed quote or a row with more cells than the header.
  public init(data: Data, source: String, separator: Character? = nil) throws {
    let isUTF16 = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
    let text =
      isUTF16
      ? String(data: data, encoding: .utf16)
      : String(validating: data, as: UTF8.self) ?? String(data: data, encoding: .isoLatin1)
    guard let text, !text.utf8.contains(0) else {
      throw TableError(
        source: source, found: "bytes that are no text",
        expected: "a table as UTF-8 text")
    }
    try self.init(text: text, source: source, separator: separator)
  }

  /// Reads a table from text; see `init(data:source:separator:)`.
  public init(text: String, source: String, separator: Character? = nil) throws {
    var parser = Parser(text: text, source: source, separator: separator)
    var first: [Row] = []
    while first.count < TableHeader.reach, let row = try parser.nextRow() { first.append(row) }
    if first.isEmpty {
      throw TableError(source: source, found: "no rows", expected: "a header with column names")
    }
    let found = TableHeader(first)
    header = found.names.map(SpreadsheetCell.original)
    var seen: Set<String> = []
    for name in header where !name.isEmpty && !seen.insert(name).inserted {
      throw TableError(
        source: source, line: first[found.rowCount - 1].line, found: "column \"\(name)\" twice",
        expected: "every column named once")
    }
    rows = []
    for row in first.dropFirst(found.rowCount) { try append(row, source: source) }
    while let row = try parser.nextRow() { try append(row, source: source) }
    try dropUnnamedColumns(source: source, line: first[found.rowCount - 1].line)
  }

  /// Adds a row, filled up to the header's width; one of nothing but empty cells is no row.
  private mutating func append(_ row: Row, source: String) throws {
    var row = row
    row.cells = row.cells.map(SpreadsheetCell.original)
    while row.cells.count > header.count, row.cells.last?.isEmpty == true {
      row.cells.removeLast()
    }
    guard row.cells.count <= header.count else {
      throw TableError(
        source: source, line: row.line, found: "\(row.cells.count) cells",
        expected: "\(header.count) as in the header; text with separators goes in quotes")
    }
    if header.count > 1, row.cells.allSatisfy({ Self.trimmed($0).isEmpty }) { return }
    row.cells += Array(repeating: "", count: header.count - row.cells.count)
    rows.append(row)
  }

  /// Leaves out columns without a name that are empty or count the rows, as data frames write them.
  private mutating func dropUnnamedColumns(source: String, line: Int) throws {
    let unnamed = header.indices.filter { header[$0].isEmpty }
    if unnamed.isEmpty { return }
    for column in unnamed {
      let cells = rows.map { Self.trimmed($0.cells[column]) }
      let first = cells.first.flatMap { Int($0) }
      // Data frames count from 0 or 1, in the first column.
      let counts = first.map { first in
        column == 0 && cells.count > 1 && (0...1).contains(first)
          && cells.enumerated().allSatisfy { Int($0.element) == first + $0.offset }
      }
      guard !rows.isEmpty, header.count > unnamed.count,
        counts == true || cells.allSatisfy(\.isEmpty)
      else {
        throw TableError(
          source: source, line: line, found: "a column without name",
          expected: "every column named once")
      }
    }
    let kept = header.indices.filter { !header[$0].isEmpty }
    header = kept.map { header[$0] }
    for row in rows.indices { rows[row].cells = kept.map { rows[row].cells[$0] } }
    // A row of which only its number is left is an empty one.
    if header.count > 1 { rows.removeAll { $0.cells.allSatisfy { Self.trimmed($0).isEmpty } } }
  }

  /// The table as text, cells quoted where needed, lines ended by LF.
  public func text(separator: Character = ",") -> String {
    // A first column that is called so would read as the line that tells the separator. Compared by
    // bytes: a combining mark after it makes another character of the equals sign.
    let isAmbiguous = header.first?.lowercased().utf8.contains("sep=".utf8) == true
    var text = isAmbiguous ? "sep=\(separator)\n" : ""
    for cells in [header] + rows.map(\.cells) {
      let line = cells.map { Self.quoted(SpreadsheetCell.neutral($0), separator) }.joined(
        separator: String(separator))
      // A line of one empty cell would read as no line at all.
      text += (line.isEmpty ? "\"\"" : line) + "\n"
    }
    return text
  }

  private static func quoted(_ cell: String, _ separator: Character) -> String {
    let needsQuotes =
      cell.unicodeScalars.contains {
        $0 == "\"" || $0 == "\n" || $0 == "\r" || Character($0) == separator
      } || cell.first?.isWhitespace == true || cell.last?.isWhitespace == true
      || cell.unicodeScalars.first == "\u{FEFF}"
    guard needsQuotes else { return cell }
    return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// The text without blanks at both ends.
  package static func trimmed(_ text: String) -> String {
    guard let first = text.utf8.first, let last = text.utf8.last else { return text }
    // Most cells begin and end with a visible ASCII character: nothing to trim.
    let visible: ClosedRange<UInt8> = 0x21...0x7E
    if visible.contains(first) && visible.contains(last) { return text }
    return text.trimmingCharacters(in: .whitespaces)
  }
}

extension DelimitedTable {
  /// Reads rows from Unicode scalars, so that CR LF is two of them.
  private struct Parser {
    private let scalars: [Unicode.Scalar]
    private let source: String
    private let separator: Unicode.Scalar
    private var index = 0
    private var line = 1

    init(text: String, source: String, separator: Character?) {
      var scalars = Array(text.unicodeScalars)
      if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
      self.source = source
      // A first line `sep=;` tells spreadsheets the separator and is no row.
      let told = Self.toldSeparator(scalars)
      if let told {
        index = told.next
        line = 2
      }
      self.scalars = scalars
      self.separator =
        separator?.unicodeScalars.first ?? told?.separator ?? Self.detected(scalars)
    }

    private static func toldSeparator(
      _ scalars: [Unicode.Scalar]
    ) -> (separator: Unicode.Scalar, next: Int)? {
      let start = scalars.first == "\"" ? 1 : 0
      let word = Array("sep=".unicodeScalars)
      guard scalars.count > start + word.count,
        zip(scalars[start...], word).allSatisfy({
          $0.properties.lowercaseMapping == String($1)
        })
      else { return nil }
      let separator = scalars[start + word.count]
      if ["\"", "\n", "\r"].contains(separator) { return nil }
      var next = start + word.count + 1
      while next < scalars.count, scalars[next] != "\n", scalars[next] != "\r" {
        // More than a closing quote or filling separators: a column that is called so.
        if scalars[next] != "\"", scalars[next] != separator { return nil }
        next += 1
      }
      if next < scalars.count, scalars[next] == "\r" { next += 1 }
      if next < scalars.count, scalars[next] == "\n" { next += 1 }
      return (separator, next)
    }

    /// The separator that stands the same number of times in most of the first lines.
    ///
    /// What is in quotes does not count. Of several a tab wins over a semicolon, and that over a
    /// comma, which may be decimal.
    private static func detected(_ scalars: [Unicode.Scalar]) -> Unicode.Scalar {
      let candidates: [Unicode.Scalar] = ["\t", ";", ","]
      var lines: [[Int]] = []
      var counts = [0, 0, 0]
      var isQuoted = false
      var isEmpty = true
      for scalar in scalars {
        if scalar == "\"" { isQuoted.toggle() }
        if isQuoted { continue }
        if scalar == "\n" || scalar == "\r" {
          if !isEmpty { lines.append(counts) }
          counts = [0, 0, 0]
          isEmpty = true
          if lines.count >= TableHeader.reach { break }
          continue
        }
        isEmpty = false
        if let place = candidates.firstIndex(of: scalar) { counts[place] += 1 }
      }
      if !isEmpty { lines.append(counts) }
      func agreement(_ place: Int) -> Int {
        let given = lines.map { $0[place] }.filter { $0 > 0 }
        return Dictionary(grouping: given) { $0 }.values.map(\.count).max() ?? 0
      }
      let scores = candidates.indices.map(agreement)
      let best = scores.max() ?? 0
      guard best > 0, let place = scores.firstIndex(of: best) else { return "," }
      return candidates[place]
    }

    /// The next row that is not an empty line, or nil at the end.
    mutating func nextRow() throws -> Row? {
      while index < scalars.count {
        let start = line
        let cells = try nextLine()
        if cells.count > 1 || cells[0].isQuoted || !cells[0].text.allSatisfy(\.isWhitespace) {
          return Row(line: start, cells: cells.map(\.text))
        }
      }
      return nil
    }

    private mutating func nextLine() throws -> [(text: String, isQuoted: Bool)] {
      var cells: [(text: String, isQuoted: Bool)] = []
      while true {
        cells.append(try nextCell())
        guard index < scalars.count else { return cells }
        let scalar = scalars[index]
        index += 1
        if scalar == separator { continue }
        if scalar == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
        line += 1
        return cells
      }
    }

    /// One cell, up to but without its separator or line end.
    private mutating func nextCell() throws -> (text: String, isQuoted: Bool) {
      var text = String.UnicodeScalarView()
      guard index < scalars.count, scalars[index] == "\"" else {
        while index < scalars.count, !isEnd(scalars[index]) {
          text.append(scalars[index])
          index += 1
        }
        return (String(text), false)
      }
      let start = line
      index += 1
      while index < scalars.count {
        let scalar = scalars[index]
        index += 1
        if scalar == "\"" {
          guard index < scalars.count, scalars[index] == "\"" else {
            return try closed(text, start)
          }
          index += 1
        } else if scalar == "\n" || (scalar == "\r" && !isLineFeed(at: index)) {
          line += 1
        }
        text.append(scalar)
      }
      throw unreadable(start, "a quote that is never closed")
    }

    private func closed(
      _ text: String.UnicodeScalarView, _ start: Int
    ) throws -> (text: String, isQuoted: Bool) {
      guard index == scalars.count || isEnd(scalars[index]) else {
        throw unreadable(start, "text after a closing quote")
      }
      return (String(text), true)
    }

    private func isLineFeed(at index: Int) -> Bool {
      index < scalars.count && scalars[index] == "\n"
    }

    private func isEnd(_ scalar: Unicode.Scalar) -> Bool {
      scalar == separator || scalar == "\n" || scalar == "\r"
    }

    private func unreadable(_ line: Int, _ found: String) -> TableError {
      TableError(
        source: source, line: line, found: found,
        expected: "quotes only around whole cells, doubled inside")
    }
  }
}
