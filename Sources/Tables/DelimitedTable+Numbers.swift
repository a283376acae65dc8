extension DelimitedTable {
  /// Whether the numbers of columns are written as 84,5 and none as 84.5.
  public func writesDecimalCommas(in columns: [String]) -> Bool {
    var commas = 0
    for cell in cells(of: columns) {
      if cell.utf8.contains(UInt8(ascii: ".")) { return false }
      if !cell.utf8.contains(UInt8(ascii: ",")) { continue }
      let parts = cell.split(separator: ",", omittingEmptySubsequences: false)
      if parts.count == 2,
        parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "-0123456789".contains($0) } })
      {
        commas += 1
      }
    }
    return commas > 0
  }

  /// The cells of columns that are not empty, row by row.
  package func cells(of columns: [String]) -> [String] {
    let indexes = columns.compactMap { header.firstIndex(of: $0) }
    return rows.flatMap { row in
      indexes.map { DelimitedTable.trimmed(row.cells[$0]) }.filter { !$0.isEmpty }
    }
  }
}
