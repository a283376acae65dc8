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
        found: "no column \(column)",
        expected: "one of \(table.header.joined(separator: ", "))")
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

  /// The finite number that a text is, written as the numbers of this file are; nil for none.
  public func value(of cell: String) -> Double? {
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

  /// Covariates as columns of numbers.
  public struct CodedCovariates {
    /// For each effect its value by line.
    public var columns: [String: [Int: Double]] = [:]
    /// The effects of each covariate: itself, or one for each label of a factor but the first.
    public var names: [String: [String]] = [:]
    /// How covariates are coded, for the reader.
    public var remarks: [String] = []
  }

  /// Codes covariates: numbers as they are, labels and `factors` by one indicator for each label but
  /// the first, which the others are compared with (treatment coding).
  ///
  /// - Throws: `TableError` for a factor of one label, or of more labels than a third of the rows.
  public func covariates(_ names: [String], factors: Set<String>) throws -> CodedCovariates {
    var result = CodedCovariates()
    for name in names {
      let cells = try table.rows.compactMap { row in try text(name, row).map { (row.line, $0) } }
      let numbers = cells.compactMap { cell in value(of: cell.1) }
      let distinct = Set(cells.map(\.1))
      if numbers.count == cells.count && !factors.contains(name) {
        result.names[name] = [name]
        result.columns[name] = Dictionary(
          uniqueKeysWithValues: zip(cells, numbers).map { ($0.0, $1) })
        let isWhole = numbers.allSatisfy { $0 == $0.rounded() }
        if isWhole && (3...12).contains(distinct.count) {
          result.remarks.append(
            "\(name) holds the \(distinct.count) whole numbers \(Self.list(distinct)) and enters as a "
              + "straight line; if they are codes, name it as a factor: each is compared with the first"
          )
        }
        continue
      }
      let labels = distinct.sorted { Self.precedes($0, $1) }
      guard labels.count > 1, labels.count <= max(2, table.rows.count / 3) else {
        throw TableError(
          source: file, column: name,
          found: "\(labels.count) labels in \(table.rows.count) rows",
          expected: "numbers, or from 2 labels to one for every three rows")
      }
      // One effect of two labels keeps the name of its column.
      let effects = labels.count == 2 ? [name] : labels.dropFirst().map { "\(name)=\($0)" }
      result.names[name] = effects
      for (effect, label) in zip(effects, labels.dropFirst()) {
        result.columns[effect] = Dictionary(
          uniqueKeysWithValues: cells.map { ($0.0, $0.1 == label ? 1 : 0) })
      }
      result.remarks.append(
        "\(name) is a factor of \(labels.count) labels, "
          + (labels.count == 2
            ? "\(labels[1]) compared with \(labels[0])" : "each compared with \(labels[0])"))
    }
    return result
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    if let x = Double(a), let y = Double(b) { return x < y }
    return a < b
  }

  private static func list(_ labels: Set<String>) -> String {
    let sorted = labels.sorted { precedes($0, $1) }
    return sorted.count > 5
      ? "\(sorted[0]), \(sorted[1]) … \(sorted[sorted.count - 1])"
      : sorted.joined(separator: ", ")
  }

  /// An error that names the place of a cell.
  public func failure(
    _ row: DelimitedTable.Row, _ column: String, found: String, expected: String
  ) -> TableError {
    TableError(source: file, line: row.line, column: column, found: found, expected: expected)
  }
}
