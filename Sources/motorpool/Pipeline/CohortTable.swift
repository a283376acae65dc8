import Foundation
import Progression
import Registry

/// A long table for a cohort comparison, with what was done to come to it.
struct CohortTable {
  /// The table on the scale of the model.
  let table: LongitudinalTable
  /// Name of the value with its unit.
  let measure: String
  /// Whether values are natural logarithms, so that slopes are in percent a month.
  let isLogarithmic: Bool
  /// Unit of the slopes.
  let slopeUnit: String
  let isIdentifiedCount: Bool
  /// Who left and why; nil where no events are known.
  let attrition: Attrition?
  let remarks: [String]

  /// The values of one measure in a registry, months from each patient's first value.
  ///
  /// Repetitions of a visit are averaged; patients without therapy have no therapy time.
  /// - Throws: `Failure.Message` without values, `ProgressionError`.
  init(_ cohort: CohortSeries, kind: MeasurementKind, therapy name: String?) throws {
    let isLogarithmic = kind.scale == .logarithmic
    let subjects = Dictionary(uniqueKeysWithValues: cohort.subjects.map { ($0.id, $0) })
    let therapies = Dictionary(grouping: cohort.interventions, by: \.subject)
    var remarks: [String] = []
    var rows: [LongitudinalTable.Row] = []
    var origins: [RecordID: Int] = [:]
    var left = 0
    var severalTherapies = 0
    for (id, points) in Dictionary(grouping: cohort.points, by: \.subject)
      .sorted(by: { (subjects[$0.key]?.pseudonym ?? "") < (subjects[$1.key]?.pseudonym ?? "") })
    {
      guard let subject = subjects[id] else { continue }
      let origin = points.map(\.day).min() ?? 0
      origins[id] = origin
      let own = therapies[id] ?? []
      let named = own.filter { item in
        guard let name else { return true }
        return [item.kind, item.name].contains { $0?.lowercased() == name.lowercased() }
      }
      if named.count > 1 { severalTherapies += 1 }
      let therapy = named.first { $0.startDate.dayNumber > origin } ?? named.first
      let month = therapy.map {
        Double($0.startDate.dayNumber - origin) / PatientSeries.daysPerMonth
      }
      for point in points {
        if point.quality == .fail || point.censoring != nil {
          left += 1
          continue
        }
        let place = [point.muscle, point.side?.rawValue].compactMap { $0 }
        rows.append(
          LongitudinalTable.Row(
            subject: subject.pseudonym,
            time: Double(point.day - origin) / PatientSeries.daysPerMonth, value: point.value,
            standardError: point.standardError.flatMap { $0 > 0 ? $0 : nil },
            therapyTime: month, arm: subject.arm,
            muscle: place.isEmpty ? nil : place.joined(separator: ", ")))
      }
    }
    guard !rows.isEmpty else {
      throw Failure.Message("measure \(kind.id): no values in the registry for this selection")
    }
    if left > 0 { remarks.append("\(left) limits or values that failed quality control left out") }
    if severalTherapies > 0 {
      remarks.append(
        "\(severalTherapies) patients have several therapies; the first after their first value "
          + "counts, --therapy names one")
    }
    var table = try LongitudinalTable(rows)
    if isLogarithmic {
      let logarithmic = try table.logTransformed()
      table = logarithmic.table
      remarks += logarithmic.remarks
    }
    let keys = Set(rows.map { "\($0.subject)|\($0.muscle ?? "")|\($0.time)" })
    if keys.count < rows.count {
      let averaged = try table.averagingReplicates()
      table = averaged.table
      remarks.append("repetitions of a visit are averaged")
    }
    self.table = table
    self.isLogarithmic = isLogarithmic
    self.remarks = remarks
    measure = kind.displayName + (kind.unit == "1" ? "" : " (\(kind.unit))")
    slopeUnit =
      isLogarithmic ? "% per month" : "\(kind.unit == "1" ? "" : kind.unit + " ")per month"
    isIdentifiedCount = MeasuredKinds.isIdentifiedCount(kind)
    attrition = try Self.attrition(cohort, table: table, subjects: subjects, origins: origins)
  }

  /// The recorded endings of the patients in the table; no plan of visits is known here.
  private static func attrition(
    _ cohort: CohortSeries, table: LongitudinalTable, subjects: [RecordID: Subject],
    origins: [RecordID: Int]
  ) throws -> Attrition? {
    let known = Set(table.rows.map(\.subject))
    let events = cohort.events.compactMap { event -> Attrition.Event? in
      guard let subject = subjects[event.subject]?.pseudonym, known.contains(subject),
        let origin = origins[event.subject]
      else { return nil }
      let kind: Attrition.Event.Kind
      switch event.kind {
      case .death: kind = .death
      case .tracheostomy: kind = .tracheostomy
      case .withdrawal, .lostToFollowUp: kind = .withdrawal
      // Ventilation, gastrostomy and the like end nothing.
      case .nonInvasiveVentilation, .gastrostomy, .other: return nil
      }
      return Attrition.Event(
        subject: subject,
        time: Double(event.date.dayNumber - origin) / PatientSeries.daysPerMonth, kind: kind)
    }
    return try Attrition(
      table, events: events, plannedEnd: .greatestFiniteMagnitude,
      visitGap: .greatestFiniteMagnitude)
  }

  /// The columns of a table file that enter a model.
  struct Columns {
    let subject: String
    let time: String
    let value: String
    let therapy: String?
    let arm: String?
    let muscle: String?
    let standardError: String?
    let covariates: [String]
  }

  /// The rows of a CSV or TSV file; times are numbers, in the unit of the therapy times.
  ///
  /// Rows without a value (empty, NA) are left out and counted.
  /// - Throws: `Failure.Message`, `RegistryError.unreadable` or `ProgressionError`.
  init(file: String, columns: Columns, isLogarithmic: Bool) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Failure.Message("\(file): cannot be read", code: Failure.noInput)
    }
    let reader = try ColumnReader(DelimitedTable(data: data, source: file), file: file)
    let names = columns.covariates.map { name in
      name.split(separator: ":").last.map(String.init) ?? name
    }
    let indicators = try reader.covariates(Set(names).sorted())
    var missing = 0
    var rows: [LongitudinalTable.Row] = []
    for row in reader.table.rows {
      guard let value = try reader.number(columns.value, row) else {
        missing += 1
        continue
      }
      guard let time = try reader.number(columns.time, row) else {
        throw reader.failure(row, columns.time, found: "no time", expected: "a number")
      }
      var covariates: [String: Double] = [:]
      for (name, values) in indicators { covariates[name] = values[row.line] ?? nil }
      rows.append(
        LongitudinalTable.Row(
          subject: try reader.text(columns.subject, row) ?? "", time: time, value: value,
          standardError: try columns.standardError.flatMap { try reader.number($0, row) },
          therapyTime: try columns.therapy.flatMap { try reader.number($0, row) },
          arm: try columns.arm.flatMap { try reader.text($0, row) },
          muscle: try columns.muscle.flatMap { try reader.text($0, row) },
          covariates: covariates))
    }
    guard !rows.isEmpty else {
      throw Failure.Message("\(file): no row with a value in column \(columns.value)")
    }
    var remarks = missing > 0 ? ["\(missing) rows without a value left out"] : []
    var table: LongitudinalTable
    do {
      table = try LongitudinalTable(rows)
      if isLogarithmic {
        let logarithmic = try table.logTransformed()
        table = logarithmic.table
        remarks += logarithmic.remarks
      }
    } catch let error as ProgressionError {
      throw Failure.Message("\(file): \(error.description)")
    }
    self.table = table
    self.isLogarithmic = isLogarithmic
    self.remarks = remarks
    measure = columns.value
    slopeUnit = isLogarithmic ? "% per month" : "per unit of \(columns.time)"
    isIdentifiedCount = false
    attrition = nil
  }
}

/// Cells of a table as numbers and texts, with errors that name line and column.
struct ColumnReader {
  let table: DelimitedTable
  let file: String
  private let indexes: [String: Int]
  private static let missing: Set<String> = ["", "na", "n/a", "null", "."]

  init(_ table: DelimitedTable, file: String) throws {
    self.table = table
    self.file = file
    indexes = Dictionary(uniqueKeysWithValues: table.header.enumerated().map { ($1, $0) })
  }

  /// The trimmed text of a cell; nil where it is missing.
  func text(_ column: String, _ row: DelimitedTable.Row) throws -> String? {
    guard let index = indexes[column] else {
      throw Failure.Message(
        "\(file), line 1: no column \(column); there are \(table.header.joined(separator: ", "))")
    }
    let cell = row.cells[index].trimmingCharacters(in: .whitespaces)
    return Self.missing.contains(cell.lowercased()) ? nil : cell
  }

  /// The number of a cell; nil where it is missing.
  func number(_ column: String, _ row: DelimitedTable.Row) throws -> Double? {
    guard let cell = try text(column, row) else { return nil }
    guard let value = Double(cell), value.isFinite else {
      throw failure(
        row, column, found: "\"\(cell.prefix(40))\"", expected: "a finite number or NA")
    }
    return value
  }

  /// Covariates by name, each by line: numbers, or 0 and 1 for the two labels in their order.
  func covariates(_ names: [String]) throws -> [String: [Int: Double]] {
    var result: [String: [Int: Double]] = [:]
    for name in names {
      let cells = try table.rows.compactMap { row in try text(name, row).map { (row.line, $0) } }
      if cells.allSatisfy({ Double($0.1)?.isFinite == true }) {
        result[name] = Dictionary(uniqueKeysWithValues: cells.map { ($0.0, Double($0.1) ?? 0) })
        continue
      }
      let labels = Set(cells.map(\.1)).sorted()
      guard labels.count == 2 else {
        throw Failure.Message(
          "\(file), column \(name): found \(labels.count) labels, expected numbers or two labels")
      }
      result[name] = Dictionary(
        uniqueKeysWithValues: cells.map { ($0.0, $0.1 == labels[1] ? 1 : 0) })
    }
    return result
  }

  func failure(
    _ row: DelimitedTable.Row, _ column: String, found: String, expected: String
  ) -> Failure.Message {
    Failure.Message(
      "\(file), line \(row.line), column \(column): found \(found), expected \(expected)")
  }
}
