import Progression
import Reports
import Tables

extension SurvivalCohort {
  /// The columns of a table file that tell follow-up.
  ///
  /// Either a row a patient with `event` (time is the end of follow-up, values of the visits stand in
  /// `visits`), or a row a visit with the times of the events in columns of their own.
  package struct Columns {
    package var subject: String
    package var time: String
    /// 0, 1 or the name of the event: one row a patient.
    package var event: String?
    /// Values, one row a visit.
    package var value: String?
    /// Nominal visits of the values, one row a visit; nil to find them from the times.
    package var visit: String?
    /// Values at the visits in order, one row a patient.
    package var visits: [String] = []
    /// Value at baseline, one row a patient.
    package var baseline: String?
    /// Times of each kind of event, one row a visit.
    package var times: [(kind: SurvivalEvent, column: String)] = []
    /// End of follow-up without an event, one row a visit; else the last row.
    package var end: String?
    /// Time zero of each patient, one row a visit; else the first row.
    package var origin: String?
    package var arm: String?
    package var strata: [String] = []
    package var covariates: [String] = []
    package var factors: Set<String> = []
    package var timeUnit: String?
    package var isLargerBetter = true

    package init(subject: String, time: String) {
      self.subject = subject
      self.time = time
    }

    fileprivate var numbers: [String] {
      [time] + [value, baseline, end, origin].compactMap { $0 } + visits + times.map(\.column)
    }
  }

  /// Reads a CSV or TSV file.
  ///
  /// - Throws: `TableError`, `FollowUpError`.
  package init(file: String, columns: Columns, events chosen: [SurvivalEvent]) throws {
    let reader = try ColumnReader(file: file, numbers: columns.numbers)
    let coded = try reader.covariates(columns.covariates, factors: columns.factors)
    let names = columns.covariates.flatMap { coded.names[$0] ?? [$0] }
    let sources =
      columns.event == nil
      ? try Self.visits(reader, columns, chosen)
      : (reads: try Self.patients(reader, columns, chosen), remarks: [])
    let measure =
      columns.value
      ?? (columns.visits.isEmpty ? nil : "change at \(columns.visits.joined(separator: ", "))")
    try self.init(
      sources.reads.map { source in
        var item = source.item
        item.covariates = names.map { coded.columns[$0]?[source.line] ?? .nan }
        return item
      }, path: file, covariateNames: names,
      eventNames: columns.event != nil && chosen.isEmpty
        ? "event" : SurvivalEvent.list(chosen.isEmpty ? SurvivalEvent.allCases : chosen),
      measure: measure, isLargerBetter: columns.isLargerBetter,
      timeUnit: columns.timeUnit ?? CohortTable.timeUnit(ofColumn: columns.time)
        ?? "unit of \(columns.time)",
      timeZero: columns.event != nil
        ? "the start of follow-up" : columns.origin.map { "column \($0)" } ?? "the first visit",
      remarks: coded.remarks
        + (reader.hasDecimalCommas ? ["numbers are read with a decimal comma"] : [])
        + sources.remarks,
      isNominal: columns.visit != nil)
  }

  private typealias Read = (item: Source, line: Int)

  private static func subject(
    _ reader: ColumnReader, _ columns: Columns, _ row: DelimitedTable.Row
  ) throws -> String {
    guard let subject = try reader.text(columns.subject, row) else {
      throw reader.failure(row, columns.subject, found: "no subject", expected: "a pseudonym")
    }
    return subject
  }

  private static func start(
    _ reader: ColumnReader, _ columns: Columns, _ row: DelimitedTable.Row, _ subject: String
  ) throws -> Source {
    var source = Source(subject: subject, arm: "", time: 0)
    if let arm = columns.arm { source.arm = try reader.text(arm, row) }
    source.stratum = try columns.strata.map { column in
      guard let label = try reader.text(column, row) else {
        throw reader.failure(row, column, found: "no stratum", expected: "a label")
      }
      return label
    }.joined(separator: ", ")
    return source
  }

  /// One row a patient.
  private static func patients(
    _ reader: ColumnReader, _ columns: Columns, _ chosen: [SurvivalEvent]
  ) throws -> [Read] {
    var lines: [String: Int] = [:]
    return try reader.table.rows.map { row in
      let subject = try subject(reader, columns, row)
      if let line = lines.updateValue(row.line, forKey: subject) {
        throw reader.failure(
          row, columns.subject, found: "\(subject) again (line \(line))",
          expected: "one row for each patient where a column tells the event")
      }
      var source = try start(reader, columns, row, subject)
      guard let time = try reader.number(columns.time, row), time >= 0 else {
        throw reader.failure(
          row, columns.time, found: "no time of zero or more", expected: "the end of follow-up")
      }
      source.time = time
      source.event = try event(reader, columns, row, chosen)
      source.baseline = try columns.baseline.flatMap { try reader.number($0, row) }
      let sign = columns.isLargerBetter ? 1.0 : -1
      source.changes = try columns.visits.map { column in
        try reader.number(column, row).map { sign * ($0 - (source.baseline ?? 0)) }
      }
      return (source, row.line)
    }
  }

  /// The event of a cell; nil where follow-up ended without one of those that count.
  private static func event(
    _ reader: ColumnReader, _ columns: Columns, _ row: DelimitedTable.Row,
    _ chosen: [SurvivalEvent]
  ) throws -> String? {
    guard let column = columns.event, let text = try reader.text(column, row) else { return nil }
    let word = text.lowercased()
    if ["0", "no", "false", "none", "censored", "alive", "withdrawal", "lost"].contains(word) {
      return nil
    }
    if ["1", "yes", "true", "event"].contains(word) {
      guard chosen.isEmpty else {
        throw reader.failure(
          row, column, found: "\"\(text)\", which does not tell the kind of event",
          expected: "its name where some kinds only are to count")
      }
      return "event"
    }
    guard let kind = SurvivalEvent(reading: word) else {
      throw reader.failure(
        row, column, found: "\"\(text.prefix(40))\"",
        expected: "0 or 1, or \(SurvivalEvent.list(SurvivalEvent.allCases)), withdrawal, lost")
    }
    return chosen.isEmpty || chosen.contains(kind) ? kind.words : nil
  }

  /// One row a visit, sorted into patients.
  private static func visits(
    _ reader: ColumnReader, _ columns: Columns, _ chosen: [SurvivalEvent]
  ) throws -> (reads: [Read], remarks: [String]) {
    struct Own {
      var read: Read
      var times: [Double] = []
      var values: [(line: Int, time: Double, value: Double)] = []
      var event: (time: Double, name: String)?
      var end: Double?
      var origin: Double?
    }
    var order: [String] = []
    var known: [String: Own] = [:]
    for row in reader.table.rows {
      let subject = try subject(reader, columns, row)
      let source = try start(reader, columns, row, subject)
      if known[subject] == nil {
        order.append(subject)
        known[subject] = Own(read: (source, row.line))
      }
      if let before = known[subject]?.read, before.item.arm != source.arm {
        throw reader.failure(
          row, columns.arm ?? "", found: "arm \(source.arm ?? "none") for \(subject)",
          expected: "\(before.item.arm ?? "none") as in line \(before.line)")
      }
      if let before = known[subject]?.read, before.item.stratum != source.stratum {
        throw reader.failure(
          row, columns.strata.first ?? "", found: "stratum \(source.stratum) for \(subject)",
          expected: "\(before.item.stratum) as in line \(before.line)")
      }
      for (kind, column) in columns.times where chosen.isEmpty || chosen.contains(kind) {
        guard let time = try reader.number(column, row) else { continue }
        if known[subject]?.event.map({ time < $0.time }) ?? true {
          known[subject]?.event = (time, kind.words)
        }
      }
      if let column = columns.end, let end = try reader.number(column, row) {
        known[subject]?.end = end
      }
      if let column = columns.origin, let origin = try reader.number(column, row) {
        known[subject]?.origin = origin
      }
      guard let time = try reader.number(columns.time, row) else { continue }
      known[subject]?.times.append(time)
      if let column = columns.value, let value = try reader.number(column, row) {
        known[subject]?.values.append((row.line, time, value))
      }
    }
    func origin(_ own: Own) -> Double { own.origin ?? own.times.min() ?? 0 }
    let nominal = try columns.visit.map { column in
      try NominalVisits(
        column: column, reader: reader,
        times: order.compactMap { known[$0] }.flatMap { own in
          own.values.map { ($0.line, $0.time - origin(own)) }
        })
    }
    let reads = try order.compactMap { subject -> Read? in
      guard let own = known[subject] else { return nil }
      // Without a time zero of its own a patient does not enter where others have one.
      if columns.origin != nil && own.origin == nil { return nil }
      guard let last = ([own.event?.time, own.end] + own.times).compactMap({ $0 }).max() else {
        throw FollowUpError(path: reader.file, "patient \(subject): no time in any row")
      }
      let origin = origin(own)
      var read = own.read
      read.item.event = own.event?.name
      read.item.time = (own.event?.time ?? own.end ?? last) - origin
      guard own.event == nil || read.item.time >= 0 || own.origin != nil else {
        throw FollowUpError(
          path: reader.file,
          "patient \(subject): an event at \(Formatting.plain(own.event?.time ?? 0)), before the first "
            + "visit at \(Formatting.plain(origin))")
      }
      read.item.course = own.values.compactMap { item in
        (nominal.map { $0.times[item.line] } ?? item.time - origin).map { ($0, item.value) }
      }
      return read
    }
    return (reads, nominal?.remarks ?? [])
  }
}
