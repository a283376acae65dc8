extension PatientReport {
  /// Measures and muscles that stand side by side in one table.
  private static let seriesPerTable = 5

  /// A measure of a muscle: one column.
  private struct Series: Hashable {
    let measure: String
    let muscle: String
    let unit: String
  }

  /// All measured values, one row for each day and one column for each measure and muscle.
  var measurementTables: [ReportTable] {
    var order: [Series] = []
    var cells: [Series: [String: [Measurement]]] = [:]
    for entry in measurements {
      let series = Series(measure: entry.measure, muscle: entry.muscle, unit: entry.unit)
      if cells[series] == nil { order.append(series) }
      cells[series, default: [:]][entry.date, default: []].append(entry)
    }
    let isOnePlace = Set(order.map(\.muscle)).count == 1
    let step = Self.seriesPerTable
    let tables = stride(from: 0, to: order.count, by: step).map { start in
      table(
        Array(order[start..<min(order.count, start + step)]), cells: cells, isOnePlace: isOnePlace)
    }
    return tables.isEmpty
      ? [ReportTable(caption: "Measured values", columns: [], rows: [])] : tables
  }

  private func table(
    _ series: [Series], cells: [Series: [String: [Measurement]]], isOnePlace: Bool
  ) -> ReportTable {
    let days = Dictionary(
      series.flatMap { cells[$0]?.values.joined().map { ($0.date, $0.months) } ?? [] },
      uniquingKeysWith: { first, _ in first }
    ).sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    var remarks: [String] = []
    func mark(_ remark: String) -> String {
      if remark.isEmpty { return "" }
      if !remarks.contains(remark) { remarks.append(remark) }
      return " (\((remarks.firstIndex(of: remark) ?? 0) + 1))"
    }
    var hasErrors = false
    func text(_ entry: Measurement) -> String {
      guard let value = entry.value else { return "missing" + mark(entry.remark) }
      let error = entry.standardError.map { " ± \(NumberText.significant($0, 2))" } ?? ""
      hasErrors = hasErrors || !error.isEmpty
      return NumberText.significant(value, 4) + error + mark(entry.remark)
    }
    let rows = days.map { date, months in
      [date, NumberText.fixed(months, 1)]
        + series.map { column in
          cells[column]?[date].map { $0.map(text).joined(separator: "; ") } ?? "–"
        }
    }
    return ReportTable(
      caption: "Measured values" + (isOnePlace ? ", \(series[0].muscle)" : ""),
      columns: [.init("Date", isNumeric: false), .init("Month")]
        + series.map { column in
          .init(
            column.measure + (isOnePlace ? "" : ", \(column.muscle)")
              + (column.unit.isEmpty ? "" : " (\(column.unit))"))
        },
      rows: rows,
      notes: (hasErrors ? ["After ±: the standard error of the measurement."] : [])
        + remarks.enumerated().map { "(\($0.offset + 1)) \($0.element)" })
  }
}
