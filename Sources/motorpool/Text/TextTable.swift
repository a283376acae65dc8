/// A table for people on a terminal: columns aligned, numbers to the right.
struct TextTable {
  private let titles: [String]
  private var rows: [[String]] = []

  init(_ titles: [String]) {
    self.titles = titles
  }

  /// Adds a row with one cell for each title.
  mutating func add(_ cells: [String]) {
    precondition(cells.count == titles.count, "a row has one cell for each column")
    rows.append(cells)
  }

  /// The lines; empty columns are kept, trailing blanks are not.
  var text: String {
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let numeric = titles.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { Self.isNumber($0[column]) }
    }
    return all.map { row in
      var line = ""
      for column in titles.indices {
        let pad = String(repeating: " ", count: widths[column] - row[column].count)
        line += (column > 0 ? "  " : "") + (numeric[column] ? pad + row[column] : row[column] + pad)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  private static func isNumber(_ cell: String) -> Bool {
    if cell.isEmpty || cell == "-" { return true }
    return cell.allSatisfy { $0.isNumber || "+-.,%e∞ ".contains($0) }
  }
}
