import Foundation
import Tables

/// Reads a table into a document by a profile.
///
/// Every row may hold any of: facts about the subject, a visit, a value (long), several values
/// (wide), an intervention, an event. Rows that repeat what an earlier one says are passed over;
/// rows that contradict it are problems. Nothing is thrown for a bad row: each becomes a problem
/// with its line and column, and the caller decides.
public struct TableImport: Sendable {
  /// What was read.
  public internal(set) var document = InterchangeDocument()
  /// What was wrong, in the order of the lines.
  public internal(set) var problems: [ImportProblem] = []

  let profile: ImportProfile
  let file: String?
  let missing: Set<String>
  /// Longest of the texts that mean no value, in bytes.
  let missingLength: Int
  let indexes: [String: Int]
  let rules: [String: ImportProfile.ColumnRule]
  /// The column of each field, where the table has it.
  let places: [ImportField: Int]
  /// What cells that come again and again were read as.
  var knownDates: [String: CivilDate?] = [:]
  private var pseudonyms: [String: String] = [:]
  private let attributes: [(name: String, column: String)]
  var interventions: [InterventionKey: Int] = [:]
  var events: [EventKey: Int] = [:]
  private var subjects: [String: Int] = [:]
  private var visits: [VisitKey: Int] = [:]

  /// Reads a table.
  ///
  /// `file`: its name within an import of several files, for problems.
  ///
  /// - Throws: `RegistryError.unreadable` where the profile's columns are not in the header.
  public init(_ table: DelimitedTable, profile: ImportProfile, file: String? = nil) throws {
    self.profile = profile
    self.file = file
    missing = Set(profile.missingValues.map { $0.lowercased() })
    missingLength = missing.map(\.utf8.count).max() ?? 0
    let indexes = Dictionary(
      table.header.enumerated().map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    self.indexes = indexes
    rules = profile.columnRules ?? [:]
    places = profile.columns.compactMapValues { indexes[$0] }
    attributes = profile.attributeColumns.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    try requireColumns(source: file ?? profile.name)
    let dates = profile.layout == .redcap ? redcapDates(table) : REDCapDates()
    for row in table.rows { read(row, dates) }
    if !profile.visitOrder.isEmpty { checkOrder() }
    problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
  }

  private func requireColumns(source: String) throws {
    guard let column = profile.columns[.subject], indexes[column] != nil else {
      throw RegistryError.unreadable(
        source: source, line: 1, found: "no column for the subject",
        expected: "a column \"\(profile.columns[.subject] ?? "subject")\"; map it in the profile")
    }
    // The profile that names every field by itself stands for whatever columns are there.
    let isOwn = profile.columns == ImportProfile.ownColumns
    var names = isOwn ? [] : Array(profile.columns.values)
    names += profile.valueColumns.flatMap { [$0.column, $0.standardErrorColumn].compactMap { $0 } }
    names += profile.attributeColumns.values
    if let absent = names.sorted().first(where: { indexes[$0] == nil }) {
      throw RegistryError.unreadable(
        source: source, line: 1, found: "no column \"\(absent)\"",
        expected: "every column that the profile names")
    }
  }

  private mutating func read(_ row: DelimitedTable.Row, _ dates: REDCapDates) {
    guard let text = cell(row, .subject) else {
      note(row, profile.columns[.subject], "found no subject, expected a pseudonym in every row")
      return
    }
    let pseudonym: String
    do {
      pseudonym = try pseudonyms[text] ?? Pseudonym.validated(text)
      pseudonyms[text] = pseudonym
    } catch {
      note(row, profile.columns[.subject], "\(error)")
      return
    }
    readSubject(row, pseudonym)
    let count = problems.count
    var date = date(row, .date)
    if profile.layout == .redcap, date == nil {
      date = dates.date(redcapKey(row, pseudonym))
    }
    let isDateBad = problems.count > count
    readVisit(row, pseudonym, date)
    readValues(row, pseudonym, date, isDateBad: isDateBad)
    readIntervention(row, pseudonym)
    readEvent(row, pseudonym)
  }

  private mutating func readSubject(_ row: DelimitedTable.Row, _ pseudonym: String) {
    let place = SourcePlace(file: file, line: row.line)
    let key = pseudonym.lowercased()
    let index: Int
    if let known = subjects[key] {
      index = known
    } else {
      index = document.subjects.count
      subjects[key] = index
      document.subjects.append(.init(pseudonym: pseudonym, place: place))
    }
    var item = document.subjects[index]
    func merge<Value: Equatable>(
      _ path: WritableKeyPath<InterchangeDocument.SubjectItem, Value?>, _ value: Value?,
      _ field: ImportField
    ) -> String? {
      guard let value else { return nil }
      if let known = item[keyPath: path], known != value { return profile.columns[field] }
      item[keyPath: path] = value
      return nil
    }
    let onset = date(row, .onsetDate)
    var clashes = [
      merge(\.study, cell(row, .study), .study), merge(\.site, cell(row, .site), .site),
      merge(\.arm, cell(row, .arm), .arm), merge(\.onsetDate, onset, .onsetDate),
      merge(\.onsetSite, cell(row, .onsetSite), .onsetSite),
    ].compactMap { $0 }
    for (name, column) in attributes {
      guard let value = cell(row, column: column) else { continue }
      if let known = item.attributes[name], known != value { clashes.append(column) }
      item.attributes[name] = value
    }
    document.subjects[index] = item
    for column in clashes {
      note(row, column, "differs from an earlier row of \(pseudonym)")
    }
  }

  private struct VisitKey: Hashable {
    var subject: String
    var date: CivilDate?
    var nominal: String?
  }

  private mutating func readVisit(
    _ row: DelimitedTable.Row, _ pseudonym: String, _ date: CivilDate?
  ) {
    let nominal = cell(row, .visit)
    let status = choice(row, .visitStatus, Visit.Status.self)
    let isUndatedVisit = status == .missed || status == .planned
    guard date != nil || isUndatedVisit else { return }
    let key = VisitKey(
      subject: pseudonym.lowercased(), date: date, nominal: date == nil ? nominal : nil)
    let item = InterchangeDocument.VisitItem(
      subject: pseudonym, date: date, nominal: nominal, status: status ?? .done,
      missingReason: cell(row, .missingReason), place: SourcePlace(file: file, line: row.line))
    guard let index = visits[key] else {
      visits[key] = document.visits.count
      document.visits.append(item)
      return
    }
    var known = document.visits[index]
    if let nominal, let other = known.nominal, nominal != other {
      note(
        row, profile.columns[.visit],
        "visit of the same day called \"\(other)\" in line \(known.place.line ?? 0)", .warning)
    }
    known.nominal = known.nominal ?? nominal
    known.missingReason = known.missingReason ?? item.missingReason
    if let status { known.status = status }
    document.visits[index] = known
  }

  private mutating func readValues(
    _ row: DelimitedTable.Row, _ pseudonym: String, _ date: CivilDate?, isDateBad: Bool
  ) {
    var items: [ValueReading] = []
    if let name = cell(row, .kind) {
      if let item = longValue(row, name) { items.append(item) }
    } else if cell(row, .value) != nil {
      note(row, profile.columns[.kind], "a value without a kind")
    }
    for column in profile.valueColumns {
      guard let value = number(row, column: column.column) else { continue }
      // A row's muscle is that of its measurements; a scale of the whole person has none.
      let isOfMuscle = !column.kind.isOutcome
      let error = column.standardErrorColumn.flatMap { number(row, column: $0) }
      let factor = column.factor ?? 1
      items.append(
        ValueReading(
          kind: column.kind, value: value * factor, unit: column.kind.unit,
          standardError: error.map { $0 * abs(factor) }, replicate: column.replicate ?? 1,
          muscle: column.muscle ?? (isOfMuscle ? cell(row, .muscle) : nil),
          side: column.side ?? (isOfMuscle ? side(row) : nil), column: column.column))
    }
    guard !items.isEmpty else { return }
    guard let date else {
      if !isDateBad { note(row, profile.columns[.date], "a value without the day of its visit") }
      return
    }
    for item in items {
      document.values.append(
        .init(
          subject: pseudonym, date: date, kind: item.kind, value: item.value, unit: item.unit,
          standardError: item.standardError, censoring: item.censoring, quality: item.quality,
          replicate: item.replicate, muscle: item.muscle.map(MuscleName.canonical),
          side: item.side, conditions: item.conditions,
          place: SourcePlace(file: file, line: row.line)))
    }
  }

  private struct ValueReading {
    var kind: MeasurementKind
    var value: Double
    var unit: String
    var standardError: Double?
    var censoring: Measurement.Censoring?
    var quality = Measurement.Quality.pass
    var replicate = 1
    var muscle: String?
    var side: BodySide?
    var conditions: [String: String] = [:]
    var column: String?
  }

  private mutating func longValue(_ row: DelimitedTable.Row, _ name: String) -> ValueReading? {
    let count = problems.count
    let id = profile.kindNames[name] ?? name
    do {
      _ = try MeasurementKind.validatedID(id)
    } catch {
      note(row, profile.columns[.kind], "\(error)")
      return nil
    }
    let kind = MeasurementKind(id: id)
    guard let value = number(row, column: profile.columns[.value]) else {
      if problems.count == count {
        note(row, profile.columns[.value], "no value; left out", .warning)
      }
      return nil
    }
    var item = ValueReading(kind: kind, value: value, unit: cell(row, .unit) ?? kind.unit)
    item.standardError = number(row, column: profile.columns[.standardError])
    item.censoring = choice(row, .censored, Measurement.Censoring.self)
    item.quality = choice(row, .quality, Measurement.Quality.self) ?? .pass
    item.muscle = cell(row, .muscle)
    item.side = side(row)
    if let text = cell(row, .replicate) {
      if let number = Int(text), number >= 1 {
        item.replicate = number
      } else {
        note(row, profile.columns[.replicate], "found \"\(text.prefix(40))\", expected 1, 2, ...")
      }
    }
    if let text = cell(row, .conditions) {
      if let conditions = try? JSONText.decode([String: String].self, from: text) {
        item.conditions = conditions
      } else {
        note(row, profile.columns[.conditions], "expected a JSON object of texts")
      }
    }
    return problems.count == count ? item : nil
  }
}
