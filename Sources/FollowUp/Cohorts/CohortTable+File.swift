import Progression
import Registry
import Reports
import Tables

extension CohortTable {
  /// The columns of a table file that enter a model.
  package struct Columns {
    package let subject: String
    package let time: String
    package var value: String
    package let therapy: String?
    package let arm: String?
    package let muscle: String?
    package let standardError: String?
    package let covariates: [String]
    /// Times of death; empty cells for the living.
    package let death: String?
    /// Times of withdrawal or loss.
    package let withdrawal: String?
    /// Covariates that are labels even where they are written as numbers.
    package var factors: Set<String> = []
    /// What one unit of time is called; nil to take it from the name of the column.
    package var timeUnit: String?
    /// Where the time after therapy starts for subjects without a therapy time.
    package var controlStart: ControlStart?
    /// The last planned visit; nil to take it from the courses.
    package var plannedEnd: Double?
    /// Nominal visits; nil to find the visits from the times.
    package var visit: String?
    /// Labels of groups whose residual variances may differ.
    package var varianceGroups: String?
    /// Columns whose labels divide the patients into subgroups, and `Subgrouping.baseline`.
    package var subgroups: [String] = []

    package init(
      subject: String, time: String, value: String, therapy: String?, arm: String?,
      muscle: String?, standardError: String?, covariates: [String], death: String?,
      withdrawal: String?
    ) {
      self.subject = subject
      self.time = time
      self.value = value
      self.therapy = therapy
      self.arm = arm
      self.muscle = muscle
      self.standardError = standardError
      self.covariates = covariates
      self.death = death
      self.withdrawal = withdrawal
    }

    /// The columns that hold numbers in any case.
    fileprivate var numbers: [String] {
      [time, value] + [therapy, standardError, death, withdrawal].compactMap { $0 }
    }
  }

  /// What every row of a patient has to repeat, with the line that says it first.
  private struct Facts {
    package let therapyTime: Double?
    package let arm: String?
    package let line: Int
  }

  /// The rows of a CSV or TSV file; times are numbers, in the unit of the therapy times.
  ///
  /// Rows without a value (empty, NA) are left out and counted.
  /// - Throws: `FollowUpError`, `RegistryError.unreadable` or `ProgressionError`.
  package init(file: String, columns: Columns, isLogarithmic: Bool) throws {
    let reader = try ColumnReader(file: file, numbers: columns.numbers)
    let names = columns.covariates.map { name in
      name.split(separator: ":").last.map(String.init) ?? name
    }
    let coded = try reader.covariates(Set(names).sorted(), factors: columns.factors)
    let indicators = coded.columns
    var groups: [String: Double] = [:]
    var missing = 0
    var rows: [LongitudinalTable.Row] = []
    var lines: [Int] = []
    var facts: [String: Facts] = [:]
    var endings: [String: Attrition.Event] = [:]
    for row in reader.table.rows {
      for (column, kind) in [
        (columns.death, Attrition.Event.Kind.death), (columns.withdrawal, .withdrawal),
      ] {
        guard let column, let time = try reader.number(column, row),
          let subject = try reader.text(columns.subject, row)
        else { continue }
        // Every row of a patient may repeat the time; a death goes before a withdrawal.
        if kind == .death || endings[subject] == nil {
          endings[subject] = Attrition.Event(subject: subject, time: time, kind: kind)
        }
      }
      guard let value = try reader.number(columns.value, row) else {
        missing += 1
        continue
      }
      guard let time = try reader.number(columns.time, row) else {
        throw reader.failure(row, columns.time, found: "no time", expected: "a number")
      }
      guard let subject = try reader.text(columns.subject, row) else {
        throw reader.failure(row, columns.subject, found: "no subject", expected: "a pseudonym")
      }
      var covariates: [String: Double] = [:]
      for (name, values) in indicators { covariates[name] = values[row.line] ?? nil }
      if let column = columns.varianceGroups {
        guard let label = try reader.text(column, row) else {
          throw reader.failure(row, column, found: "no group", expected: "a label")
        }
        let code = groups[label] ?? Double(groups.count)
        groups[label] = code
        covariates[Self.varianceGroup] = code
      }
      let own = Facts(
        therapyTime: try columns.therapy.flatMap { try reader.number($0, row) },
        arm: try columns.arm.flatMap { try reader.text($0, row) }, line: row.line)
      try Self.check(own, facts[subject], of: subject, columns: columns, reader: reader, row: row)
      if facts[subject] == nil { facts[subject] = own }
      lines.append(row.line)
      rows.append(
        LongitudinalTable.Row(
          subject: subject, time: time, value: value,
          standardError: try columns.standardError.flatMap { try reader.number($0, row) },
          therapyTime: own.therapyTime, arm: own.arm,
          muscle: try columns.muscle.flatMap { try reader.text($0, row) },
          covariates: covariates))
    }
    guard !rows.isEmpty else {
      throw FollowUpError(path: file, "no row with a value in column \(columns.value)")
    }
    var remarks = coded.remarks
    if let column = columns.varianceGroups {
      guard (2...12).contains(groups.count) else {
        throw TableError(
          source: file, column: column, found: "\(groups.count) groups of residual variances",
          expected: "2 to 12")
      }
      let names = groups.sorted { $0.value < $1.value }.map(\.key)
      remarks.append(
        "residual SDs of \(names.dropFirst().joined(separator: ", ")) are relative to \(names[0])")
    }
    if let start = columns.controlStart { remarks.append(try start.place(&rows, file: file)) }
    if let column = columns.visit {
      let first = rows.map(\.time).min() ?? 0
      let nominal = try NominalVisits(
        column: column, reader: reader,
        times: zip(lines, rows).map { ($0, $1.time - ($1.therapyTime ?? first)) })
      for (index, line) in lines.enumerated() { rows[index].visit = nominal.times[line] }
      remarks += nominal.remarks
    }
    if reader.hasDecimalCommas { remarks.append("numbers are read with a decimal comma") }
    if missing > 0 { remarks.append("\(missing) rows without a value left out") }
    let repeats = Self.repeats(rows)
    if repeats > 0 {
      remarks.append(
        "\(repeats) rows repeat the time of an earlier one of the same subject; each counts as a "
          + "value of its own in models of the slope, their mean where visits are compared")
    }
    var table: LongitudinalTable
    let raw: LongitudinalTable
    do {
      table = try LongitudinalTable(rows)
      raw = table
      if isLogarithmic {
        let logarithmic = try table.logTransformed()
        table = logarithmic.table
        remarks += logarithmic.remarks
      }
    } catch ProgressionError.invalidRow(let row, let found, let expected) {
      throw FollowUpError("\(file), line \(lines[row - 1]): found \(found), expected \(expected)")
    } catch let error as ProgressionError {
      throw FollowUpError(path: file, "\(error.description)")
    }
    self.table = table
    self.raw = raw
    self.isLogarithmic = isLogarithmic
    self.remarks = remarks
    measure = columns.value
    timeUnit =
      columns.timeUnit ?? Self.timeUnit(ofColumn: columns.time) ?? "unit of \(columns.time)"
    slopeUnit = (isLogarithmic ? "% " : "") + "per \(timeUnit)"
    effectNames = coded.names
    isIdentifiedCount = false
    guard columns.death != nil || columns.withdrawal != nil else {
      attrition = nil
      followUp = []
      subgroups = try Subgrouping.all(
        columns.subgroups, reader: reader, subject: columns.subject, data: self)
      return
    }
    let known = Set(table.subjects.map(\.subject))
    let events = endings.values.filter { known.contains($0.subject) }.sorted {
      $0.subject < $1.subject
    }
    let ends = Dictionary(uniqueKeysWithValues: events.map { ($0.subject, $0) })
    for (subject, own) in table.subjects {
      guard let end = ends[subject], end.kind == .death, let first = own.first?.time,
        end.time < first
      else { continue }
      throw FollowUpError(
        path: file,
        "patient \(subject): a death at \(Formatting.plain(end.time)), before the first visit at "
          + Formatting.plain(first))
    }
    attrition = try Self.attrition(table, events, plannedEnd: columns.plannedEnd)
    followUp = Self.followUp(table, events)
    subgroups = try Subgrouping.all(
      columns.subgroups, reader: reader, subject: columns.subject, data: self)
  }

  /// A message that names columns as the file does, where effects of factors stand in it.
  package func named(_ message: String) -> String {
    var result = message
    for (column, effects) in effectNames where effects != [column] {
      for effect in effects {
        for before in ["no covariate ", "no "] {
          result = result.replacing(
            "found \(before)\(effect)", with: "found no value in column \(column)")
        }
      }
    }
    return result
  }

  /// The covariate that holds the number of a row's group of residual variances.
  package static let varianceGroup = "(variance group)"

  /// The unit of time that the name of a column tells, such as month of "therapy_months".
  package static func timeUnit(ofColumn name: String) -> String? {
    let words = name.lowercased().split { !$0.isLetter }
    return ["day", "week", "month", "year"].first { unit in
      words.contains { $0 == unit || $0 == unit + "s" }
    }
  }

  /// Refuses a patient with two therapy times or two arms.
  private static func check(
    _ own: Facts, _ known: Facts?, of subject: String, columns: Columns, reader: ColumnReader,
    row: DelimitedTable.Row
  ) throws {
    guard let known else { return }
    func text(_ time: Double?) -> String { time.map(Formatting.plain) ?? "none" }
    if own.therapyTime != known.therapyTime {
      throw reader.failure(
        row, columns.therapy ?? "", found: "therapy time \(text(own.therapyTime)) for \(subject)",
        expected:
          "\(text(known.therapyTime)) as in line \(known.line): one therapy for each subject")
    }
    if own.arm != known.arm {
      throw reader.failure(
        row, columns.arm ?? "", found: "arm \(own.arm ?? "none") for \(subject)",
        expected: "\(known.arm ?? "none") as in line \(known.line): one arm for each subject")
    }
  }
}
