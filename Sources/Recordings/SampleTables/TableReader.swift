import Foundation

/// Reads CSV and TSV tables of samples, one column per channel, and Delsys EMGworks exports with
/// a time column per sensor.
///
/// Separator (comma, semicolon, tab, blanks), decimal commas, names, units and time columns are
/// recognised. A table tells neither rate nor unit by itself: where a time column or the header
/// does not, `--fs` and `--unit` must. The file is gone through once at opening to find its lines;
/// numbers are parsed when they are asked for, so ask for all channels at once.
public struct TableReader: RecordingReader {
  /// Makes the reader.
  public init() {}

  /// The formats of this reader.
  public var formats: String { "CSV and TSV tables (also Delsys EMGworks)" }

  /// Their extensions.
  public var extensions: [String] { ["csv", "tsv"] }

  /// Whether the file is text with a line of numbers, or text by its name.
  public func recognises(_ file: SniffedFile) -> Bool {
    guard !file.head.contains(where: { $0 < 32 && ![9, 10, 12, 13].contains($0) }) else {
      return ["csv", "tsv"].contains(file.pathExtension)
        && (file.has([0xFF, 0xFE]) || file.has([0xFE, 0xFF]))
    }
    if ["csv", "tsv"].contains(file.pathExtension) { return true }
    guard !file.has("<"), !file.has("{") else { return false }
    return file.head.split { $0 == 10 || $0 == 13 }
      .contains { (TableDialect.of($0)?.cells ?? 0) > 1 }
  }

  /// Opens the table; throws `RecordingError` naming the line or the missing option.
  public func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording {
    let header = try TableHeader(file.bytes)
    let rows = try TextRows(
      file.bytes, from: header.dataStart, linesBefore: header.linesBefore,
      terminator: header.terminator)
    var table = TableRows(path: file.path, rows: rows, header: header)
    var warnings: [String] = []
    let (empty, counting) = try table.columnsWithoutSignal()
    if !header.hasNames, counting.isEmpty, try table.firstColumnLooksLikeTime() {
      table.header.columns[0].secondsPerUnit = 1
      warnings.append("the first column increases evenly and is taken as time in seconds")
    }
    let times = table.header.columns.indices.filter {
      table.header.columns[$0].secondsPerUnit != nil && !empty.contains($0)
    }
    let values = table.header.columns.indices.filter {
      table.header.columns[$0].secondsPerUnit == nil && !empty.contains($0)
        && !counting.contains($0)
    }
    let leftOut = counting.subtracting(times).sorted()
    if !leftOut.isEmpty {
      warnings.append("\(names(leftOut, header)) counts rows, is no signal and is left out")
    }
    if !empty.isEmpty {
      warnings.append("\(names(empty.sorted(), header)) is empty and left out")
    }
    guard !values.isEmpty else {
      throw RecordingError(
        .malformed, path: file.path, "holds times or row numbers and no samples")
    }
    if times.count <= 1, let cut = try table.leaveOutCutRow() { warnings.append(cut) }
    var clock = TableClock(table: table, options: options)
    let earliest = times.count > 1 ? try times.compactMap { try table.firstTime($0) }.min() : nil
    var channels: [Channel] = []
    var factors: [Double] = []
    var shorter: [String] = []
    var doubts = ChannelDoubts()
    for index in values {
      let column = table.header.columns[index]
      let time = times.last { $0 < index } ?? times.first
      let count = times.count > 1 ? try table.filledCount(index) : table.rows.count
      guard count > 0 else {
        doubts.add("holds no numbers and is left out", channel: column.name)
        continue
      }
      let rate = try clock.rate(column: index, time: time, count: count)
      if let stated = column.statedCount, stated != count {
        shorter.append("\(column.name.onOneLine) \(count) of \(stated)")
      }
      let reading = ChannelReading(
        name: column.name, unitText: column.unit, place: "column header", options: options)
      doubts.add(reading.doubt, channel: column.name)
      if reading.role == .emg, column.unit.isEmpty, options.unit == nil {
        throw RecordingError(
          .missingUnit, path: file.path, place: "column \(index + 1) (\(column.name.onOneLine))",
          "states no unit", remedy: .stateUnit)
      }
      var start = 0.0
      if let earliest, let time, let first = try table.firstTime(time) { start = first - earliest }
      channels.append(
        Channel(
          name: column.name, role: reading.role, unit: reading.unit,
          gainProvenance: reading.provenance, samplingRate: rate, sampleCount: count,
          startSeconds: start, storedUnit: reading.storedUnit))
      factors.append(reading.factor)
    }
    let kept = values.filter { index in
      times.count <= 1 || (try? table.filledCount(index)).map { $0 > 0 } ?? false
    }
    clock.applyStatedRate(to: &channels)
    warnings += clock.warnings + doubts.warnings
    if let example = shorter.first {
      warnings.append(
        "\(shorter.count) channels have another number of samples than the header states: \(example)"
      )
    }
    return Recording(
      source: RecordingSource(path: file.path, formatName: formatName(header, times)),
      channels: channels,
      samples: TableSamples(table: table, columns: kept, factors: factors), warnings: warnings)
  }

  private func names(_ columns: [Int], _ header: TableHeader) -> String {
    let shown = columns.prefix(3).map { "\($0 + 1) (\(header.columns[$0].name.onOneLine))" }
    let more = columns.count > 3 ? " and \(columns.count - 3) more" : ""
    return "column " + shown.joined(separator: ", ") + more
  }

  private func formatName(_ header: TableHeader, _ times: [Int]) -> String {
    if header.columns.contains(where: { $0.statedCount != nil }) { return "Delsys EMGworks CSV" }
    if times.count > 1, header.columns.contains(where: { $0.samplingRate != nil }) {
      return "Delsys Trigno Discover CSV"
    }
    return header.dialect.separator == .tab ? "TSV" : "CSV"
  }
}
