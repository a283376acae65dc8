internal import GRDB

extension PatientRegistry {
  /// Stores a visit of a subject; `doubts` are stored as its warnings.
  ///
  /// - Throws: `RegistryError.alreadyExists` where the subject has a visit on that day, `.notFound`
  ///   without the subject and `.invalid` for a kept visit without a date.
  @discardableResult
  public func addVisit(
    subject: RecordID, date: CivilDate?, nominal: String? = nil, status: Visit.Status = .done,
    missingReason: String? = nil, doubts: [EntryDoubt] = []
  ) throws -> Visit {
    try write { writer in
      if let date, let visit = try VisitQuery.visit(subject, date, writer.db) {
        throw RegistryError.alreadyExists(
          table: RecordTable.visit.rawValue, key: "\(visit.id) of \(date)")
      }
      let visit = try writer.add(
        Visit(
          subject: subject, date: date, nominal: nominal, status: status,
          missingReason: missingReason))
      for doubt in doubts {
        _ = try writer.add(
          StoredWarning(
            subject: subject, visit: visit.id, code: doubt.code, text: doubt.text))
      }
      return visit
    }
  }

  /// The subject's visit of a day, stored where there is none.
  @discardableResult
  public func visit(
    subject: RecordID, date: CivilDate, nominal: String? = nil
  ) throws -> Visit {
    try write { writer in
      try VisitQuery.visit(subject, date, writer.db)
        ?? writer.add(Visit(subject: subject, date: date, nominal: nominal))
    }
  }

  /// Visits of a subject in the order of their days; those without a day come last.
  public func visits(subject: RecordID) throws -> [Visit] {
    try read { db in
      try CurrentRecords.fetch(
        Visit.self, db, where: "r.subject = ?", [subject], order: "r.day IS NULL, r.day, r.origin")
    }
  }

  /// Stores a therapy or other intervention; `doubts` are stored as warnings.
  @discardableResult
  public func addIntervention(
    subject: RecordID, kind: String, startDate: CivilDate, stopDate: CivilDate? = nil,
    name: String? = nil, dose: Double? = nil, doseUnit: String? = nil, muscle: String? = nil,
    side: BodySide? = nil, doubts: [EntryDoubt] = []
  ) throws -> Intervention {
    try add(
      Intervention(
        subject: subject, kind: kind, startDate: startDate, stopDate: stopDate, name: name,
        dose: dose, doseUnit: doseUnit, muscle: muscle, side: side), of: subject, doubts: doubts)
  }

  /// Interventions of a subject, or of all, in the order of their starts.
  public func interventions(subject: RecordID? = nil) throws -> [Intervention] {
    try read { db in
      try CurrentRecords.fetch(
        Intervention.self, db, where: subject == nil ? "1" : "r.subject = ?",
        StatementArguments(subject.map { [$0] } ?? []), order: "r.start_day, r.origin")
    }
  }

  /// Stores an event: death, tracheostomy, ventilation, withdrawal, ...; `doubts` are stored as
  /// warnings.
  @discardableResult
  public func addEvent(
    subject: RecordID, kind: ClinicalEvent.Kind, date: CivilDate, detail: String? = nil,
    doubts: [EntryDoubt] = []
  ) throws -> ClinicalEvent {
    try add(
      ClinicalEvent(subject: subject, kind: kind, date: date, detail: detail), of: subject,
      doubts: doubts)
  }

  /// Stores a record of a subject with what is doubtful about it, in one transaction.
  private func add<Record: RegistryRecord>(
    _ record: Record, of subject: RecordID, doubts: [EntryDoubt]
  ) throws -> Record {
    try write { writer in
      try UniqueNames.check(record, writer.db)
      let stored = try writer.add(record)
      for doubt in doubts {
        _ = try writer.add(StoredWarning(subject: subject, code: doubt.code, text: doubt.text))
      }
      return stored
    }
  }

  /// Events of a subject, or of all, in the order of their days.
  public func events(subject: RecordID? = nil) throws -> [ClinicalEvent] {
    try read { db in
      try CurrentRecords.fetch(
        ClinicalEvent.self, db, where: subject == nil ? "1" : "r.subject = ?",
        StatementArguments(subject.map { [$0] } ?? []), order: "r.day, r.origin")
    }
  }

  /// Stores a clinical outcome of a visit.
  @discardableResult
  public func addOutcome(_ outcome: Outcome) throws -> Outcome {
    try add(outcome)
  }

  /// Outcomes of a subject's visits, or of all, in the order of their days.
  public func outcomes(subject: RecordID? = nil) throws -> [Outcome] {
    try read { db in
      try CurrentRecords.fetch(
        Outcome.self, db,
        where: subject == nil
          ? "1" : "r.visit IN (SELECT origin FROM visit WHERE subject = ?)",
        StatementArguments(subject.map { [$0] } ?? []), order: "r.visit, r.origin")
    }
  }
}

/// Looking up visits within a transaction.
enum VisitQuery {
  /// The kept visit of a subject on a day.
  static func visit(_ subject: RecordID, _ date: CivilDate, _ db: Database) throws -> Visit? {
    try CurrentRecords.fetch(
      Visit.self, db, where: "r.subject = ? AND r.day = ?", [subject, date.dayNumber]
    ).first
  }
}
