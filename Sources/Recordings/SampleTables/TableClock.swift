/// The sampling rates of a table's columns: what the user states, what the header states, and what
/// time columns show, in this order.
struct TableClock {
  private let table: TableRows
  private let options: RecordingOptions
  private var rateOfTime: [Int: Double] = [:]
  /// Rates and units of time that are doubtful or were replaced.
  private(set) var warnings: [String] = []

  /// Rates that EMG is recorded with, in Hz; others are possible, but are asked about.
  private static let usualRates = 100.0...200_000

  init(table: TableRows, options: RecordingOptions) {
    self.table = table
    self.options = options
  }

  /// The rate of a column in Hz, before the user's own is applied.
  ///
  /// - Throws: `RecordingError` where nothing tells it.
  mutating func rate(column index: Int, time: Int?, count: Int) throws -> Double {
    if let stated = table.header.columns[index].samplingRate { return stated }
    guard let time else {
      guard let given = options.samplingRate else {
        throw RecordingError(
          .missingSamplingRate, path: table.path,
          "a table without time column states no sampling rate",
          remedy: .stateSamplingRate)
      }
      return given
    }
    if let known = rateOfTime[time] { return known }
    let found: Double
    do {
      found = try plausible(try table.rate(ofTimeColumn: time, count: count), time)
    } catch let error as RecordingError {
      guard let given = options.samplingRate else { throw error }
      warnings.append("the given \(given) Hz is taken: \(error.place): \(error.problem)")
      found = given
    }
    rateOfTime[time] = found
    return found
  }

  /// Lets a stated rate win over that of the EMG; other rates keep their ratio to it.
  mutating func applyStatedRate(to channels: inout [Channel]) {
    guard let given = options.samplingRate,
      let stated = (channels.first { $0.role == .emg } ?? channels.first)?.samplingRate,
      stated != given
    else { return }
    for index in channels.indices { channels[index].samplingRate *= given / stated }
    if abs(given / stated - 1) > 1e-9 {
      warnings.append("the given \(given) Hz replaces the file's \(stated) Hz")
    }
  }

  /// Takes a time without unit in the unit that gives a usual rate, and says so.
  private mutating func plausible(_ rate: Double, _ time: Int) throws -> Double {
    guard table.header.columns[time].isTimeWithoutUnit, options.samplingRate == nil else {
      if options.samplingRate == nil, !Self.usualRates.contains(rate) {
        warnings.append(
          "the time column gives \(rate) Hz, which is unusual for EMG; if it is wrong state the rate"
        )
      }
      return rate
    }
    if Self.usualRates.contains(rate) { return rate }
    let name = table.header.columns[time].name.onOneLine.quoted
    for (unit, factor) in [("milliseconds", 1e3), ("microseconds", 1e6)]
    where Self.usualRates.contains(rate * factor) {
      warnings.append(
        "the column \(name) states no unit of time: in seconds it would give \(rate) Hz, so it is "
          + "taken in \(unit) (\(rate * factor) Hz); if this is wrong state the rate")
      return rate * factor
    }
    warnings.append(
      "the column \(name) states no unit of time; in seconds it gives \(rate) Hz, which is doubtful: "
        + "state the rate")
    return rate
  }
}
