import Foundation

/// The rows of an opened text table with its header.
struct TableRows: Sendable {
  let path: String
  var rows: TextRows
  var header: TableHeader

  /// Leaves out a last row with fewer cells than the others, which was cut; returns what was found.
  mutating func leaveOutCutRow() throws -> String? {
    guard rows.count > 1 else { return nil }
    var found = header.columns.count
    try rows.forEach(in: rows.count - 1..<rows.count) { _, line in
      found = header.dialect.cells(line).count
    }
    guard found < header.columns.count else { return nil }
    let line = rows.linesBefore + rows.count
    rows.removeLast()
    return "line \(line) (the last) has \(found) cells of \(header.columns.count) and is left out: "
      + "the file was cut there"
  }

  /// Rows that are looked at to find out what a column is: the first ones and some of the rest.
  private func probes() -> [Int] {
    let first = Array(0..<min(8, rows.count))
    let last = rows.count - 1
    return Array(Set(first + (1...24).map { $0 * last / 24 })).sorted()
  }

  /// What columns hold where they hold no signal: nothing at all, or the number of the row.
  func columnsWithoutSignal() throws -> (empty: Set<Int>, counting: Set<Int>) {
    guard rows.count > 0 else { return ([], []) }
    var empty = Set(header.columns.indices)
    // Only where nothing says that the column is a signal: the first one, or one named as an index.
    var counting: Set<Int> =
      rows.count < 8 ? [] : empty.filter { header.columns[$0].mayCount(at: $0) }
    if header.columns.count < 2 { counting = [] }
    var first = [Double](repeating: .nan, count: header.columns.count)
    for row in probes() {
      try rows.forEach(in: row..<row + 1) { _, line in
        let cells = header.dialect.cells(line)
        for column in header.columns.indices {
          let cell = column < cells.count ? cells[column] : []
          if !TableDialect.isMissing(cell) { empty.remove(column) }
          guard counting.contains(column) else { continue }
          let value = header.dialect.decimal.number(cell) ?? .nan
          if row == 0 { first[column] = value }
          // Whole numbers that grow by one from row to row are no measurement of anything.
          if value != value.rounded() || value != first[column] + Double(row) {
            counting.remove(column)
          }
        }
      }
    }
    return (empty, counting)
  }

  /// The first time of a time column in seconds, nil where it is none.
  func firstTime(_ column: Int) throws -> Double? {
    try? time(0, column).seconds
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
    if try !TableDialect.isMissing(cell(rows.count - 1, column)) { return rows.count }
    var low = 0
    var high = rows.count - 1
    while low < high {
      let middle = (low + high) / 2
      if try TableDialect.isMissing(cell(middle, column)) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  private func time(_ row: Int, _ column: Int) throws -> (seconds: Double, resolution: Double) {
    let text = try cell(row, column)
    if header.columns[column].isClock, let clock = ClockText(text) {
      return (clock.seconds, clock.resolution)
    }
    guard let value = header.dialect.decimal.number(text), value.isFinite, abs(value) < 1e12 else {
      throw RecordingError(
        .malformed, path: path, place: "line \(rows.linesBefore + row + 1), column \(column + 1)",
        "found \(String(decoding: text, as: UTF8.self).quoted), expected a time",
        remedy: .stateSamplingRate)
    }
    let factor = header.columns[column].secondsPerUnit ?? 1
    let mark = text.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
    let decimals = mark.map { text.endIndex - $0 - 1 } ?? 0
    return (value * factor, pow(10, -Double(min(decimals, 15))) * factor)
  }

  /// The sampling rate in Hz behind a time column of `count` rows.
  ///
  /// Whole where the rounding of the times allows.
  ///
  /// - Throws: `RecordingError` where the times do not increase evenly.
  func rate(ofTimeColumn column: Int, count: Int) throws -> Double {
    func uneven(_ row: Int, _ found: Double, _ expected: Double) -> RecordingError {
      RecordingError(
        .malformed, path: path, place: "line \(rows.linesBefore + row + 1), column \(column + 1)",
        "time is \(found) s, expected \(expected) s by even sampling",
        remedy: .stateSamplingRate)
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
    if header.columns[column].isClock, first.resolution >= 1 {
      throw RecordingError(
        .missingSamplingRate, path: path, place: "column \(column + 1)",
        "is a clock of whole seconds, which states no sampling rate",
        remedy: .stateSamplingRate)
    }
    // Leading rows often carry more or fewer decimals than later ones (0, 0.1, ...).
    var resolution = min(first.resolution, last.resolution)
    for row in 1..<min(count, 12) { resolution = min(resolution, try time(row, column).resolution) }
    var rate = Double(count - 1) / span
    guard RecordingLimits.samplingRate.contains(rate) else {
      throw RecordingError(
        .malformed, path: path, place: "column \(column + 1)",
        "as a time it gives a sampling rate of \(rate) Hz, which no recording has",
        remedy: .stateSamplingRate)
    }
    if rate.rounded() > 0, abs(rate - rate.rounded()) <= rate * resolution / span {
      rate = rate.rounded()
    }
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
        if column >= cells.count || TableDialect.isMissing(cells[column]) {
          result[place].append(.nan)
          continue
        }
        guard let value = decimal.number(cells[column]) else {
          let found = String(decoding: cells[column], as: UTF8.self)
          throw RecordingError(
            .malformed, path: table.path,
            place: "line \(table.rows.linesBefore + row + 1), column \(column + 1)",
            "found \(found.quoted), expected a number")
        }
        result[place].append(Float(value * factors[channel]))
      }
    }
    return result
  }
}
