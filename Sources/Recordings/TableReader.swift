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
    if !header.hasNames, try table.firstColumnLooksLikeTime() {
      table.header.columns[0].secondsPerUnit = 1
      warnings.append("the first column increases evenly and is taken as time in seconds")
    }
    let times = table.header.columns.indices.filter {
      table.header.columns[$0].secondsPerUnit != nil
    }
    let values = table.header.columns.indices.filter {
      table.header.columns[$0].secondsPerUnit == nil
    }
    guard !values.isEmpty else {
      throw RecordingError(.malformed, path: file.path, "holds times and no samples")
    }
    if times.count <= 1 { try table.checkLastRow() }
    var rateOfTime: [Int: Double] = [:]
    var channels: [Channel] = []
    var shorter: [String] = []
    for index in values {
      let column = table.header.columns[index]
      let time = times.last { $0 < index } ?? times.first
      let count = times.count > 1 ? try table.filledCount(index) : rows.count
      guard count > 0 else {
        throw RecordingError(
          .malformed, path: file.path, place: "column \(index + 1)", "holds no numbers")
      }
      var rate = column.samplingRate
      if rate == nil, let time {
        let known = try rateOfTime[time] ?? table.rate(ofTimeColumn: time, count: count)
        rateOfTime[time] = known
        rate = known
      }
      if let stated = column.statedCount, stated != count {
        shorter.append("\(column.name.onOneLine) \(count) of \(stated)")
      }
      channels.append(
        try channel(
          column, index, rate: rate, count: count, options: options, path: file.path, &warnings))
    }
    if let example = shorter.first {
      warnings.append(
        "\(shorter.count) channels have another number of samples than the header states: \(example)"
      )
    }
    let factors = zip(values, channels).map { index, channel in
      scale(table.header.columns[index], channel, options)
    }
    return Recording(
      source: RecordingSource(path: file.path, formatName: formatName(header, times)),
      channels: channels,
      samples: TableSamples(table: table, columns: values, factors: factors), warnings: warnings)
  }

  private func formatName(_ header: TableHeader, _ times: [Int]) -> String {
    if header.columns.contains(where: { $0.statedCount != nil }) { return "Delsys EMGworks CSV" }
    return header.dialect.separator == .tab ? "TSV" : "CSV"
  }

  private func channel(
    _ column: TableHeader.Column, _ index: Int, rate: Double?, count: Int,
    options: RecordingOptions, path: String, _ warnings: inout [String]
  ) throws -> Channel {
    let place = "column \(index + 1) (\(column.name.onOneLine))"
    if let given = options.samplingRate, let rate, abs(given / rate - 1) > 0.01 {
      throw RecordingError(
        .wrongOption, path: path, place: place,
        "--fs \(given) contradicts the file, which states \(rate) Hz", remedy: "leave --fs away")
    }
    guard let samplingRate = options.samplingRate ?? rate else {
      throw RecordingError(
        .missingSamplingRate, path: path, "a table without time column states no sampling rate",
        remedy: "give it in Hz with --fs")
    }
    let stated = PhysicalUnit.parse(column.unit)
    let role = ChannelRole.guess(name: column.name, unit: stated?.unit)
    var unit = stated?.unit ?? .relative
    var provenance = stated == nil ? "no unit stated" : "column header [\(column.unit)]"
    if role == .emg, stated == nil {
      guard let given = options.unit else {
        throw RecordingError(
          .missingUnit, path: path, place: place, "states no unit",
          remedy: "give it with --unit uV, mV or V")
      }
      (unit, provenance) = (.microvolt, "--unit \(given.rawValue)")
    } else if role == .emg, let given = options.unit,
      let voltage = VoltageUnit(spelling: column.unit), voltage != given
    {
      throw RecordingError(
        .wrongOption, path: path, place: place,
        "--unit \(given.rawValue) contradicts the header, which states \(column.unit)",
        remedy: "leave --unit away")
    }
    return Channel(
      name: column.name, role: role, unit: unit, gainProvenance: provenance,
      samplingRate: samplingRate, sampleCount: count)
  }

  private func scale(
    _ column: TableHeader.Column, _ channel: Channel, _ options: RecordingOptions
  ) -> Double {
    if let stated = PhysicalUnit.parse(column.unit) { return stated.factor }
    return channel.role == .emg ? options.unit?.microvolts ?? 1 : 1
  }
}
