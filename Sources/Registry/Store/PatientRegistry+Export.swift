internal import GRDB

extension PatientRegistry {
  /// The current subjects, visits, values, interventions and events, ready to be written out.
  ///
  /// - Parameters:
  ///   - subjects: Pseudonyms to take; all where empty. Throws `notFound` for an unknown one.
  ///   - dateShift: How to move the dates of each subject; nil leaves them.
  public func exportDocument(
    subjects: [String] = [], dateShift: DateShift? = nil
  ) throws -> InterchangeDocument {
    let wanted = try Set(subjects.map { try subject(pseudonym: $0).id })
    let document = try read { db in
      try DocumentExport(db, wanted: wanted).document
    }
    return dateShift.map(document.shifted) ?? document
  }
}

/// Collects a document from the current records.
private struct DocumentExport {
  private(set) var document = InterchangeDocument()
  private var pseudonyms: [RecordID: String] = [:]
  private var visits: [RecordID: Visit] = [:]

  init(_ db: Database, wanted: Set<RecordID>) throws {
    let studies = try CurrentRecords.fetch(Study.self, db)
    let sites = try CurrentRecords.fetch(Site.self, db)
    for subject in try CurrentRecords.fetch(Subject.self, db)
    where wanted.isEmpty || wanted.contains(subject.id) {
      pseudonyms[subject.id] = subject.pseudonym
      document.subjects.append(
        .init(
          pseudonym: subject.pseudonym,
          study: studies.first { $0.id == subject.study }?.name,
          site: sites.first { $0.id == subject.site }?.name, arm: subject.arm,
          onsetDate: subject.onsetDate, onsetSite: subject.onsetSite,
          attributes: subject.attributes))
    }
    for visit in try CurrentRecords.fetch(Visit.self, db) {
      guard let subject = pseudonyms[visit.subject] else { continue }
      visits[visit.id] = visit
      document.visits.append(
        .init(
          subject: subject, date: visit.date, nominal: visit.nominal, status: visit.status,
          missingReason: visit.missingReason))
    }
    try addValues(db)
    for item in try CurrentRecords.fetch(Intervention.self, db) {
      guard let subject = pseudonyms[item.subject] else { continue }
      document.interventions.append(
        .init(
          subject: subject, kind: item.kind, name: item.name, startDate: item.startDate,
          stopDate: item.stopDate, dose: item.dose, doseUnit: item.doseUnit, muscle: item.muscle,
          side: item.side))
    }
    for item in try CurrentRecords.fetch(ClinicalEvent.self, db) {
      guard let subject = pseudonyms[item.subject] else { continue }
      document.events.append(
        .init(subject: subject, kind: item.kind, date: item.date, detail: item.detail))
    }
    document.sort()
  }

  private mutating func addValues(_ db: Database) throws {
    // Values of the last run of each method, as the trends show them.
    let query = SeriesQuery.measurements(MeasurementFilter(), columns: "m.*")
    let rows = try Row.fetchCursor(db, sql: query.sql, arguments: query.arguments)
    while let row = try rows.next() {
      let item = try Measurement(id: try row.stored("origin"), fields: RecordFields(row: row))
      guard let visit = visits[item.visit], let date = visit.date,
        let subject = pseudonyms[visit.subject]
      else { continue }
      document.values.append(
        .init(
          subject: subject, date: date, kind: item.kind, value: item.value, unit: item.unit,
          standardError: item.standardError, censoring: item.censoring, quality: item.quality,
          replicate: item.replicate, muscle: item.muscle, side: item.side,
          conditions: item.conditions))
    }
    for outcome in try CurrentRecords.fetch(Outcome.self, db) {
      guard let visit = visits[outcome.visit], let date = visit.date,
        let subject = pseudonyms[visit.subject]
      else { continue }
      for (kind, value) in outcome.valuesByKind {
        document.values.append(
          .init(subject: subject, date: date, kind: kind, value: value, unit: kind.unit))
      }
    }
  }
}

extension Outcome {
  /// The values of the outcome that are measurement kinds of their own: total and items.
  var valuesByKind: [(kind: MeasurementKind, value: Double)] {
    MeasurementKind.known.compactMap { kind in
      guard let source = kind.outcome, source.instrument == instrument else { return nil }
      let value = source.item.map { items[$0] } ?? total
      return value.map { (kind, $0) }
    }
  }
}
