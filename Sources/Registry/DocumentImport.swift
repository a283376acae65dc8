internal import GRDB

/// What an import did or, as a preview, would do.
public struct ImportReport: Sendable, Equatable, Codable {
  /// Subjects that were new.
  public var newSubjects = 0
  /// Visits that were new.
  public var newVisits = 0
  /// Measurements that were new.
  public var newMeasurements = 0
  /// Clinical outcomes that were new (one per visit and instrument).
  public var newOutcomes = 0
  /// Interventions that were new.
  public var newInterventions = 0
  /// Events that were new.
  public var newEvents = 0
  /// Items that the registry held already, with the same content.
  public var unchanged = 0
  /// Errors and warnings in the order of the files.
  public var problems: [ImportProblem] = []
  /// Whether it was stored; false for a preview.
  public var isStored = false

  /// The problems that keep the import from being stored.
  public var errors: [ImportProblem] { problems.filter { $0.severity == .error } }
}

extension PatientRegistry {
  /// Says what an import would do, with every problem of every row, and stores nothing.
  ///
  /// `problems`: those that reading the file brought up already.
  public func previewImport(
    _ document: InterchangeDocument, problems: [ImportProblem] = []
  ) throws -> ImportReport {
    try runImport(document, problems, isStored: false)
  }

  /// Stores a document in one transaction.
  ///
  /// Items that the registry holds with the same content are passed over, so the same file can be
  /// imported again. A value that differs from the stored one is an error: it is corrected by hand,
  /// with a reason. Throws `RegistryError.importRefused` with all problems where any is an error;
  /// nothing is stored then.
  @discardableResult
  public func importDocument(
    _ document: InterchangeDocument, source: String, problems: [ImportProblem] = []
  ) throws -> ImportReport {
    let report = try runImport(document, problems, isStored: true)
    guard report.isStored else {
      throw RegistryError.importRefused(source: source, problems: report.errors)
    }
    return report
  }

  private func runImport(
    _ document: InterchangeDocument, _ problems: [ImportProblem], isStored: Bool
  ) throws -> ImportReport {
    // A preview is the same work, rolled back: it cannot disagree with the import.
    var report = ImportReport()
    do {
      return try write { writer in
        var importer = DocumentImport(writer, problems: problems)
        try importer.store(document)
        report = importer.report
        guard isStored, report.errors.isEmpty else { throw RolledBack() }
        report.isStored = true
        return report
      }
    } catch is RolledBack {
      return report
    }
  }

  private struct RolledBack: Error {}
}

/// Stores a document within a transaction, noting problems instead of stopping at the first.
struct DocumentImport {
  private(set) var report = ImportReport()
  private let writer: RecordWriter
  private var subjects: [String: RecordID] = [:]
  private var visits: [VisitKey: Visit] = [:]
  private var storedValues: [RecordID: [ValueKey: Measurement]] = [:]

  private struct VisitKey: Hashable {
    var subject: RecordID
    var date: CivilDate?
    var nominal: String?
  }

  private struct ValueKey: Hashable {
    var kind: MeasurementKind
    var muscle: String?
    var side: BodySide?
    var replicate: Int
  }

  private struct OutcomeKey: Hashable {
    var visit: RecordID
    var instrument: String
  }

  init(_ writer: RecordWriter, problems: [ImportProblem]) {
    self.writer = writer
    report.problems = problems
  }

  mutating func store(_ document: InterchangeDocument) throws {
    for subject in try CurrentRecords.fetch(Subject.self, writer.db) {
      subjects[subject.pseudonym.lowercased()] = subject.id
    }
    for item in document.subjects { try attempt(item.place) { try $0.store(item) } }
    for item in document.visits { try attempt(item.place) { try $0.store(item) } }
    for item in document.interventions { try attempt(item.place) { try $0.store(item) } }
    for item in document.events { try attempt(item.place) { try $0.store(item) } }
    for item in document.values where !item.kind.isOutcome {
      try attempt(item.place) { try $0.store(item) }
    }
    try storeOutcomes(document.values.filter(\.kind.isOutcome))
  }

  /// Runs one step; what is wrong with the data becomes a problem of its row.
  private mutating func attempt(
    _ place: SourcePlace, _ body: (inout DocumentImport) throws -> Void
  ) throws {
    do {
      try body(&self)
    } catch let error as RegistryError {
      report.problems.append(place.problem(error.description))
    }
  }

  private func subject(_ pseudonym: String) throws -> RecordID {
    guard let id = subjects[pseudonym.lowercased()] else {
      throw RegistryError.notFound(table: "subject", key: pseudonym)
    }
    return id
  }

  private mutating func store(_ item: InterchangeDocument.SubjectItem) throws {
    if let id = subjects[item.pseudonym.lowercased()] {
      try compare(item, id)
      return
    }
    var subject = Subject(
      pseudonym: item.pseudonym, arm: item.arm, onsetDate: item.onsetDate,
      onsetSite: item.onsetSite, attributes: item.attributes)
    subject.pseudonym = try Pseudonym.validated(item.pseudonym)
    _ = try subject.fields()
    subject.study = try item.study.map { try NamedGroups.study($0, writer) }
    subject.site = try item.site.map { try NamedGroups.site($0, writer) }
    subjects[item.pseudonym.lowercased()] = try writer.add(subject).id
    report.newSubjects += 1
  }

  /// Warns where the file says something else about a subject than the registry.
  private mutating func compare(_ item: InterchangeDocument.SubjectItem, _ id: RecordID) throws {
    let stored = try CurrentRecords.fetch(
      Subject.self, writer.db, where: "r.origin = ?", [id])
    guard let stored = stored.first else { return }
    var differing: [String] = []
    if let arm = item.arm, arm != stored.arm { differing.append("arm") }
    if let date = item.onsetDate, date != stored.onsetDate { differing.append("onset date") }
    if let site = item.onsetSite, site != stored.onsetSite { differing.append("onset site") }
    for (name, value) in item.attributes.sorted(by: { $0.key < $1.key })
    where stored.attributes[name] != value {
      differing.append(name)
    }
    if differing.isEmpty {
      report.unchanged += 1
    } else {
      report.problems.append(
        item.place.problem(
          "\(item.pseudonym) is in the registry with another \(differing.joined(separator: ", ")); "
            + "the stored one stays", severity: .warning))
    }
  }

  private mutating func store(_ item: InterchangeDocument.VisitItem) throws {
    let subject = try subject(item.subject)
    if try storedVisit(subject, item.date, nominal: item.nominal) != nil {
      report.unchanged += 1
      return
    }
    let visit = try writer.add(
      Visit(
        subject: subject, date: item.date, nominal: item.nominal, status: item.status,
        missingReason: item.missingReason))
    remember(visit)
    report.newVisits += 1
  }

  /// The visit of a day; without a day, the undated one of that name.
  private mutating func storedVisit(
    _ subject: RecordID, _ date: CivilDate?, nominal: String?
  ) throws -> Visit? {
    let key = VisitKey(subject: subject, date: date, nominal: date == nil ? nominal : nil)
    if let visit = visits[key] { return visit }
    let found: [Visit]
    if let date {
      found = try VisitQuery.visit(subject, date, writer.db).map { [$0] } ?? []
    } else {
      found = try CurrentRecords.fetch(
        Visit.self, writer.db, where: "r.subject = ? AND r.day IS NULL AND r.nominal IS ?",
        [subject, nominal])
    }
    visits[key] = found.first
    return found.first
  }

  private mutating func remember(_ visit: Visit) {
    let nominal = visit.date == nil ? visit.nominal : nil
    visits[VisitKey(subject: visit.subject, date: visit.date, nominal: nominal)] = visit
  }

  /// The visit of a value's day, made where there is none.
  private mutating func visit(_ pseudonym: String, _ date: CivilDate) throws -> Visit {
    let subject = try subject(pseudonym)
    if let visit = try storedVisit(subject, date, nominal: nil) { return visit }
    let visit = try writer.add(Visit(subject: subject, date: date))
    remember(visit)
    report.newVisits += 1
    return visit
  }

  private mutating func store(_ item: InterchangeDocument.InterventionItem) throws {
    let subject = try subject(item.subject)
    var intervention = Intervention(
      subject: subject, kind: item.kind, startDate: item.startDate, stopDate: item.stopDate,
      name: item.name, dose: item.dose, doseUnit: item.doseUnit)
    let stored = try CurrentRecords.fetch(
      Intervention.self, writer.db, where: "r.subject = ? AND r.kind = ? AND r.start_day = ?",
      [subject, item.kind, item.startDate.dayNumber])
    if let first = stored.first {
      intervention.id = first.id
      try requireEqual(first, intervention, "intervention \(item.kind) of \(item.startDate)")
      return
    }
    _ = try writer.add(intervention)
    report.newInterventions += 1
  }

  private mutating func store(_ item: InterchangeDocument.EventItem) throws {
    let subject = try subject(item.subject)
    var event = ClinicalEvent(
      subject: subject, kind: item.kind, date: item.date, detail: item.detail)
    let stored = try CurrentRecords.fetch(
      ClinicalEvent.self, writer.db, where: "r.subject = ? AND r.kind = ? AND r.day = ?",
      [subject, item.kind.rawValue, item.date.dayNumber])
    if let first = stored.first {
      event.id = first.id
      try requireEqual(first, event, "event \(item.kind.rawValue) of \(item.date)")
      return
    }
    _ = try writer.add(event)
    report.newEvents += 1
  }

  private mutating func store(_ item: InterchangeDocument.ValueItem) throws {
    let visit = try visit(item.subject, item.date)
    if storedValues[visit.id] == nil {
      let stored = try CurrentRecords.fetch(
        Measurement.self, writer.db, where: "r.visit = ?", [visit.id])
      storedValues[visit.id] = Dictionary(
        stored.map { (Self.key($0), $0) }, uniquingKeysWith: { $1 })
    }
    var measurement = Measurement(
      visit: visit.id, kind: item.kind, value: item.value, unit: item.unit,
      standardError: item.standardError, censoring: item.censoring, quality: item.quality,
      replicate: item.replicate, muscle: item.muscle, side: item.side, conditions: item.conditions)
    let key = Self.key(measurement)
    if let stored = storedValues[visit.id]?[key] {
      measurement.id = stored.id
      measurement.run = stored.run
      try requireEqual(stored, measurement, "\(item.kind) of \(item.date)")
      return
    }
    storedValues[visit.id]?[key] = try writer.add(measurement)
    report.newMeasurements += 1
  }

  private static func key(_ item: Measurement) -> ValueKey {
    ValueKey(kind: item.kind, muscle: item.muscle, side: item.side, replicate: item.replicate)
  }

  private mutating func requireEqual<Item: Equatable>(
    _ stored: Item, _ found: Item, _ name: String
  ) throws {
    guard stored == found else {
      throw RegistryError.alreadyExists(table: "another", key: name)
    }
    report.unchanged += 1
  }

  private mutating func storeOutcomes(_ items: [InterchangeDocument.ValueItem]) throws {
    var groups: [OutcomeKey: (outcome: Outcome, place: SourcePlace)] = [:]
    var order: [OutcomeKey] = []
    for item in items {
      try attempt(item.place) { importer in
        guard let source = item.kind.outcome else { return }
        guard item.unit == item.kind.unit else {
          throw RegistryError.invalid(
            table: "outcome", field: "unit of \(item.kind)", found: "\"\(item.unit)\"",
            expected: "\"\(item.kind.unit)\"")
        }
        let visit = try importer.visit(item.subject, item.date)
        let key = OutcomeKey(visit: visit.id, instrument: source.instrument)
        if groups[key] == nil { order.append(key) }
        let empty = Outcome(
          visit: visit.id, instrument: source.instrument, total: nil, unit: item.kind.unit)
        var group = groups[key] ?? (empty, item.place)
        let known = source.item.map { group.outcome.items[$0] } ?? group.outcome.total
        if let known, known != item.value {
          throw RegistryError.alreadyExists(table: "another", key: "\(item.kind) of \(item.date)")
        }
        if let name = source.item {
          group.outcome.items[name] = item.value
        } else {
          group.outcome.total = item.value
        }
        groups[key] = group
      }
    }
    for key in order {
      guard let group = groups[key] else { continue }
      try attempt(group.place) { try $0.store(group.outcome) }
    }
  }

  private mutating func store(_ item: Outcome) throws {
    var outcome = item
    if outcome.total == nil, outcome.instrument == "ALSFRS-R" {
      outcome.total = Outcome.alsfrs(visit: item.visit, items: item.items).total
    }
    let stored = try CurrentRecords.fetch(
      Outcome.self, writer.db, where: "r.visit = ? AND r.instrument = ?",
      [outcome.visit, outcome.instrument])
    if let first = stored.first {
      outcome.id = first.id
      try requireEqual(first, outcome, "\(outcome.instrument) of this visit")
      return
    }
    _ = try writer.add(outcome)
    report.newOutcomes += 1
  }
}
