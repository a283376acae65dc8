import Registry

/// Cells of a table as numbers and texts, with errors that name line and column.
struct ColumnReader {
  let table: DelimitedTable
  let file: String
  private let indexes: [String: Int]
  private static let missing: Set<String> = ["", "na", "n/a", "null", "."]

  init(_ table: DelimitedTable, file: String) throws {
    self.table = table
    self.file = file
    indexes = Dictionary(uniqueKeysWithValues: table.header.enumerated().map { ($1, $0) })
  }

  /// The trimmed text of a cell; nil where it is missing.
  func text(_ column: String, _ row: DelimitedTable.Row) throws -> String? {
    guard let index = indexes[column] else {
      throw Failure.Message(
        "\(file), line 1: no column \(column); there are \(table.header.joined(separator: ", "))")
    }
    let cell = row.cells[index].trimmingCharacters(in: .whitespaces)
    return Self.missing.contains(cell.lowercased()) ? nil : cell
  }

  /// The number of a cell; nil where it is missing.
  func number(_ column: String, _ row: DelimitedTable.Row) throws -> Double? {
    guard let cell = try text(column, row) else { return nil }
    guard let value = Double(cell), value.isFinite else {
      throw failure(
        row, column, found: "\"\(cell.prefix(40))\"", expected: "a finite number or NA")
    }
    return value
  }

  /// Covariates by name, each by line: numbers, or 0 and 1 for the two labels in their order.
  func covariates(_ names: [String]) throws -> [String: [Int: Double]] {
    var result: [String: [Int: Double]] = [:]
    for name in names {
      let cells = try table.rows.compactMap { row in try text(name, row).map { (row.line, $0) } }
      if cells.allSatisfy({ Double($0.1)?.isFinite == true }) {
        result[name] = Dictionary(uniqueKeysWithValues: cells.map { ($0.0, Double($0.1) ?? 0) })
        continue
      }
      let labels = Set(cells.map(\.1)).sorted()
      guard labels.count == 2 else {
        throw Failure.Message(
          "\(file), column \(name): found \(labels.count) labels, expected numbers or two labels")
      }
      result[name] = Dictionary(
        uniqueKeysWithValues: cells.map { ($0.0, $0.1 == labels[1] ? 1 : 0) })
    }
    return result
  }

  func failure(
    _ row: DelimitedTable.Row, _ column: String, found: String, expected: String
  ) -> Failure.Message {
    Failure.Message(
      "\(file), line \(row.line), column \(column): found \(found), expected \(expected)")
  }
}
