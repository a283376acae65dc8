/// A table for people in letters of one width: columns aligned by blanks, numbers to the right.
///
/// ```swift
/// var table = TextTable(["Unit", "Discharges"])
/// table.add(["1", "132"])
/// print(table.text)
/// ```
public struct TextTable: Sendable {
  private let titles: [String]
  private var rows: [[String]] = []

  /// Makes a table without rows; `titles` stand above the columns.
  public init(_ titles: [String]) {
    self.titles = titles
  }

  /// Adds a row with one cell for each title.
  public mutating func add(_ cells: [String]) {
    precondition(cells.count == titles.count, "a row has one cell for each column")
    rows.append(cells)
  }

  /// The lines without an end of line after the last; empty columns are kept, trailing blanks are not.
  public var text: String {
    let all = [titles] + rows
    let lengths = all.map { $0.map(Self.width) }
    let widths = titles.indices.map { column in lengths.map { $0[column] }.max() ?? 0 }
    let numeric = titles.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { Self.isNumber($0[column]) }
    }
    return zip(all, lengths).map { row, lengths in
      var line = ""
      for column in titles.indices {
        let pad = String(repeating: " ", count: widths[column] - lengths[column])
        line += (column > 0 ? "  " : "") + (numeric[column] ? pad + row[column] : row[column] + pad)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// Places that a cell takes; letters of plain text are its bytes.
  private static func width(_ cell: String) -> Int {
    cell.utf8.allSatisfy { $0 < 0x80 } ? cell.utf8.count : cell.count
  }

  private static func isNumber(_ cell: String) -> Bool {
    if cell.isEmpty || cell == "-" { return true }
    if cell.utf8.allSatisfy({ $0 < 0x80 }) {
      return cell.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.,%e ".utf8.contains($0) }
    }
    return cell.allSatisfy { $0.isNumber || "+-.,%e∞ ".contains($0) }
  }
}
