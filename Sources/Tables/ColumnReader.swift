import Foundation

/// Cells of a table as numbers and texts, with errors that name line and column.
public struct ColumnReader {
  /// The table itself.
  public let table: DelimitedTable
  /// Name of the file for messages.
  public let file: String
  /// Whether numbers are written as 84,5.
  public let hasDecimalCommas: Bool
  private let indexes: [String: Int]
  private static let missing: Set<String> = ["", "na", "n/a", "null", "."]

  /// Reads a file whose columns `numbers` hold numbers, with decimal points or commas.
  ///
  /// - Throws: `TableError`.
  public init(file: String, numbers: [String]) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw TableError(
        .cannotOpen, source: file, found: "a file that cannot be read", expected: "a table")
    }
    table = try DelimitedTable(data: data, source: file)
    hasDecimalCommas = table.writesDecimalCommas(in: numbers)
    self.file = file
    indexes = Dictionary(uniqueKeysWithValues: table.header.enumerated().map { ($1, $0) })
  }

  /// The trimmed text of a cell; nil where it is missing.
  public func text(_ column: String, _ row: DelimitedTable.Row) throws -> String? {
    guard let index = indexes[column] else {
      throw TableError(
        source: file, line: 1,
        found: "no column \(column) (there are \(table.header.joined(separator: ", ")))",
        expected: "one")
    }
    let cell = row.cells[index].trimmingCharacters(in: .whitespaces)
    return Self.missing.contains(cell.lowercased()) ? nil : cell
  }

  /// The number of a cell; nil where it is missing.
  public func number(_ column: String, _ row: DelimitedTable.Row) throws -> Double? {
    guard let cell = try text(column, row) else { return nil }
    guard let value = value(of: cell) else {
      throw failure(
        row, column, found: "\"\(cell.prefix(40))\"",
        expected: "a finite number or NA" + Self.hint(cell))
    }
    return value
  }

  private func value(of cell: String) -> Double? {
    let plain = hasDecimalCommas ? cell.replacing(",", with: ".") : cell
    return Double(plain).flatMap { $0.isFinite ? $0 : nil }
  }

  /// What a cell that is no number may have been meant as.
  private static func hint(_ cell: String) -> String {
    if isDate(cell) { return " (not a date: times are months or days from one origin)" }
    if cell.contains(",") { return " (commas and points of numbers are mixed in this file)" }
    if cell.hasPrefix("<") || cell.hasPrefix(">") { return " (leave values beyond a limit empty)" }
    return ""
  }

  private static func isDate(_ cell: String) -> Bool {
    let parts = cell.split(omittingEmptySubsequences: false) { "-./".contains($0) }
    return parts.count == 3 && parts.allSatisfy { (1...4).contains($0.count) && Int($0) != nil }
  }

  /// Covariates by name, each by line: numbers, or 0 and 1 for the two labels in their order.
  public func covariates(_ names: [String]) throws -> [String: [Int: Double]] {
    var result: [String: [Int: Double]] = [:]
    for name in names {
      let cells = try table.rows.compactMap { row in try text(name, row).map { (row.line, $0) } }
      if cells.allSatisfy({ value(of: $0.1) != nil }) {
        result[name] = Dictionary(uniqueKeysWithValues: cells.map { ($0.0, value(of: $0.1) ?? 0) })
        continue
      }
      let labels = Set(cells.map(\.1)).sorted()
      guard labels.count == 2 else {
        throw TableError(
          source: file, column: name, found: "\(labels.count) labels",
          expected: "numbers or two labels")
      }
      result[name] = Dictionary(
        uniqueKeysWithValues: cells.map { ($0.0, $0.1 == labels[1] ? 1 : 0) })
    }
    return result
  }

  /// An error that names the place of a cell.
  public func failure(
    _ row: DelimitedTable.Row, _ column: String, found: String, expected: String
  ) -> TableError {
    TableError(source: file, line: row.line, column: column, found: found, expected: expected)
  }
}
