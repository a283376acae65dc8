import Foundation

/// The rows of an opened text table with its header.
struct TableRows: Sendable {
  let path: String
  let rows: TextRows
  var header: TableHeader

  /// Throws where the last row has fewer cells than the first: the file was cut.
  func checkLastRow() throws {
    try rows.forEach(in: rows.count - 1..<rows.count) { row, line in
      let count = header.dialect.cells(line).count
      guard count == header.columns.count else {
        throw RecordingError(
          .truncated, path: path, place: "line \(rows.linesBefore + row + 1) (the last)",
          "has \(count) cells, expected \(header.columns.count)")
      }
    }
  }

  /// A cell's text, empty where the row has fewer cells.
  private func cell(_ row: Int, _ column: Int) throws -> ArraySlice<UInt8> {
    var found: ArraySlice<UInt8> = []
    try rows.forEach(in: row..<row + 1) { _, line in
      let cells = header.dialect.cells(line)
      found = column < cells.count ? cells[column] : []
    }
    return found
  }

  /// Number of rows until a column's cells stay empty, found by bisection.
  func filledCount(_ column: Int) throws -> Int {
    if try !cell(rows.count - 1, column).isEmpty { return rows.count }
    var low = 0
    var high = rows.count - 1
    while low < high {
      let middle = (low + high) / 2
      if try cell(middle, column).isEmpty { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func time(_ row: Int, _ column: Int) throws -> (seconds: Double, resolution: Double) {
    let text = try cell(row, column)
    guard let value = header.dialect.decimal.number(text), value.isFinite else {
      throw RecordingError(
        .malformed, path: path, place: "line \(rows.linesBefore + row + 1), column \(column + 1)",
        "found \(String(decoding: text, as: UTF8.self).quoted), expected a time")
    }
    let factor = header.columns[column].secondsPerUnit ?? 1
    let mark = text.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    let decimals = mark.map { text.endIndex - $0 - 1 } ?? 0
    return (value * factor, pow(10, -Double(min(decimals, 15))) * factor)
  }

  /// The sampling rate in Hz behind a time column of `count` rows.
  ///
  /// Whole where the rounding of the times allows. Throws `RecordingError` where the times do not
  /// increase evenly.
  func rate(ofTimeColumn column: Int, count: Int) throws -> Double {
    func uneven(_ row: Int, _ found: Double, _ expected: Double) -> RecordingError {
      RecordingError(
        .malformed, path: path, place: "line \(rows.linesBefore + row + 1), column \(column + 1)",
        "time is \(found) s, expected \(expected) s by even sampling")
    }
    guard count > 1 else {
      throw RecordingError(
        .missingSamplingRate, path: path, "a single row states no sampling rate",
        remedy: "a recording needs more rows")
    }
    let first = try time(0, column)
    let last = try time(count - 1, column)
    let span = last.seconds - first.seconds
    guard span > 0 else { throw uneven(count - 1, last.seconds, first.seconds + 1) }
    // Leading rows often carry more or fewer decimals than later ones (0, 0.1, ...).
    var resolution = min(first.resolution, last.resolution)
    for row in 1..<min(count, 12) { resolution = min(resolution, try time(row, column).resolution) }
    var rate = Double(count - 1) / span
    if abs(rate - rate.rounded()) <= rate * resolution / span { rate = rate.rounded() }
    let checks = min(count, 64)
    for index in 1..<checks {
      let row = index * (count - 1) / (checks - 1)
      let found = try time(row, column).seconds
      let expected = first.seconds + Double(row) / rate
      // Printed times may carry seven significant digits only, hence the relative term.
      guard abs(found - expected) <= max(0.75 / rate, 2 * resolution) + abs(found) * 1e-6 else {
        throw uneven(row, found, expected)
      }
    }
    return rate
  }

  /// Whether an unnamed first column is a time: even steps below 0.1 that are not whole.
  func firstColumnLooksLikeTime() throws -> Bool {
    guard header.columns.count > 1, rows.count > 8 else { return false }
    var values: [Double] = []
    for row in 0..<8 {
      guard let value = header.dialect.decimal.number(try cell(row, 0)) else { return false }
      values.append(value)
    }
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }
    guard let smallest = steps.min(), let largest = steps.max(), smallest > 0, largest < 0.1 else {
      return false
    }
    return largest - smallest <= 0.25 * largest
  }
}

/// Samples of a text table, parsed when they are asked for.
struct TableSamples: SampleSource {
  let table: TableRows
  /// Column of each channel.
  let columns: [Int]
  /// Factor of each channel from its cell to its unit.
  let factors: [Double]

  func samples(channels: [Int], range: Range<Int>) throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: channels.count)
    for place in result.indices { result[place].reserveCapacity(range.count) }
    let dialect = table.header.dialect
    let decimal = dialect.decimal
    try table.rows.forEach(in: range) { row, line in
      let cells = dialect.cells(line)
      for (place, channel) in channels.enumerated() {
        let column = columns[channel]
        guard column < cells.count, let value = decimal.number(cells[column]) else {
          let found = column < cells.count ? String(decoding: cells[column], as: UTF8.self) : ""
          throw RecordingError(
            .malformed, path: table.path,
            place: "line \(table.rows.linesBefore + row + 1), column \(column + 1)",
            found.isEmpty
              ? "is empty, expected a number" : "found \(found.quoted), expected a number")
        }
        result[place].append(Float(value * factors[channel]))
      }
    }
    return result
  }
}
