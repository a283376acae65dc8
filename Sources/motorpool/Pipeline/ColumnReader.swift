import Foundation
import Registry

/// Cells of a table as numbers and texts, with errors that name line and column.
struct ColumnReader {
  let table: DelimitedTable
  let file: String
  /// Whether numbers are written as 84,5.
  let hasDecimalCommas: Bool
  private let indexes: [String: Int]
  private static let missing: Set<String> = ["", "na", "n/a", "null", "."]

  /// Reads a file whose columns `numbers` hold numbers, with decimal points or commas.
  ///
  /// - Throws: `Failure.Message` where it cannot be read, `RegistryError.unreadable`.
  init(file: String, numbers: [String]) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Failure.Message("\(file): cannot be read", code: Failure.noInput)
    }
    table = try DelimitedTable(data: data, source: file)
    hasDecimalCommas = table.writesDecimalCommas(in: numbers)
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
    let isDate = CivilDateFormat.allCases.contains { CivilDate(cell, format: $0) != nil }
    if isDate { return " (not a date: times are months or days from one origin)" }
    if cell.contains(",") { return " (commas and points of numbers are mixed in this file)" }
    if cell.hasPrefix("<") || cell.hasPrefix(">") { return " (leave values beyond a limit empty)" }
    return ""
  }

  /// Covariates by name, each by line: numbers, or 0 and 1 for the two labels in their order.
  func covariates(_ names: [String]) throws -> [String: [Int: Double]] {
    var result: [String: [Int: Double]] = [:]
    for name in names {
      let cells = try table.rows.compactMap { row in try text(name, row).map { (row.line, $0) } }
      if cells.allSatisfy({ value(of: $0.1) != nil }) {
        result[name] = Dictionary(uniqueKeysWithValues: cells.map { ($0.0, value(of: $0.1) ?? 0) })
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
