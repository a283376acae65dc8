/// A small table with named columns, as BIDS keeps beside its recordings.
struct TabSeparatedTable {
  private let columns: [String: Int]
  private let rows: [[String]]
  private var rowsOfName: [String: [Int]] = [:]

  /// Reads the table; throws `RecordingError` where it has no header or names a column twice.
  init(path: String) throws {
    let bytes = try FileBytes(path: path).all(limit: 1 << 22)
    let lines = FileText.decode(bytes)
      .split(omittingEmptySubsequences: true) { $0.isNewline }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) } }
    guard let header = lines.first else {
      throw RecordingError(.malformed, path: path, "is empty; a header line is expected")
    }
    let names = header.map { $0.replacingPrefix("\u{FEFF}").trimmingWhitespace() }
    guard Set(names).count == names.count else {
      throw RecordingError(.malformed, path: path, place: "line 1", "names a column twice")
    }
    columns = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    rows = Array(lines.dropFirst())
    for (index, row) in rows.enumerated() {
      if let column = columns["name"], column < row.count {
        rowsOfName[row[column].trimmingWhitespace(), default: []].append(index)
      }
    }
  }

  /// Index of the row of a name; where a name comes more than once, of the one in the group.
  ///
  /// Nil where there is none, or several without a group to tell them apart.
  func row(named name: String, group: String? = nil) -> Int? {
    guard let found = rowsOfName[name] else { return nil }
    if let group, let match = found.first(where: { value("group", $0) == group }) { return match }
    return found.count == 1 ? found[0] : nil
  }

  /// Number of rows below the header.
  var count: Int { rows.count }

  /// Indices of the rows of a name.
  func rows(named name: String) -> [Int] { rowsOfName[name] ?? [] }

  /// How many rows have a name.
  func rowCount(named name: String) -> Int { rows(named: name).count }

  /// A cell, nil where the column is missing, the cell empty or `n/a`.
  func value(_ column: String, _ row: Int) -> String? {
    guard let index = columns[column], index < rows[row].count else { return nil }
    let text = rows[row][index].trimmingWhitespace()
    return text.isEmpty || text == "n/a" ? nil : text
  }
}

extension String {
  /// The text without one leading prefix, if it has it.
  func replacingPrefix(_ prefix: String) -> String {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
