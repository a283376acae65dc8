import Foundation

/// Rows of numbers from a text table of responses.
///
/// Separators: comma, semicolon, tab or blanks. Empty lines and lines that begin with `#` are
/// skipped; a first line of names is optional.
package struct ResponseTable {
  package let file: String
  /// Rows of as many numbers as there are columns.
  package let rows: [[Double]]

  /// Larger files are no response tables; refused before they fill the memory.
  private static let maximumBytes = 16 << 20

  /// Reads a file whose columns are named in messages.
  ///
  /// - Throws: `AnalysisError` naming file, line, finding and expectation.
  package init(_ path: String, columns: [String]) throws {
    let name = (path as NSString).lastPathComponent
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw AnalysisError(.cannotOpen, path: path, "cannot be opened")
    }
    guard data.count <= Self.maximumBytes, let text = String(data: data, encoding: .utf8) else {
      throw AnalysisError(
        path: name, "found no text table, expected \(columns.joined(separator: ","))")
    }
    var rows: [[Double]] = []
    var sawNames = false
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = line.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"]))
      if content.isEmpty || content.hasPrefix("#") { continue }
      let fields = content.split { ",;\t ".contains($0) }
      let values = fields.map { Double($0) }
      if rows.isEmpty, !sawNames, values.allSatisfy({ $0 == nil }) {
        sawNames = true
        continue
      }
      let numbers = values.compactMap { $0 }.filter(\.isFinite)
      guard numbers.count == columns.count, values.count == columns.count else {
        throw AnalysisError(
          path: name,
          "line \(index + 1): found \"\(content.prefix(40))\", expected the numbers "
            + columns.joined(separator: ","))
      }
      rows.append(numbers)
    }
    guard !rows.isEmpty else {
      throw AnalysisError(
        path: name, "found no numbers, expected lines of \(columns.joined(separator: ","))")
    }
    file = name
    self.rows = rows
  }

  /// The values of the second column, by the first in order of appearance.
  package var groups: [[Double]] {
    var order: [Double] = []
    var values: [Double: [Double]] = [:]
    for row in rows {
      if values[row[0]] == nil { order.append(row[0]) }
      values[row[0], default: []].append(row[1])
    }
    return order.compactMap { values[$0] }
  }
}
