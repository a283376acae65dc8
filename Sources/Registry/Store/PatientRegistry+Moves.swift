internal import GRDB

/// What a correction moved and what it withdrew.
public struct MoveReport: Sendable, Equatable, Codable {
  /// How many records have new versions, by table.
  public var corrected: [String: Int] = [:]
  /// How many records were withdrawn with them, by table.
  public var withdrawn: [String: Int] = [:]

  mutating func correct(_ table: RecordTable) { corrected[table.rawValue, default: 0] += 1 }

  mutating func withdraw(_ counts: [RecordTable: Int]) {
    for (table, count) in counts { withdrawn[table.rawValue, default: 0] += count }
  }
}

/// Where a recording belongs.
public struct RecordingPlace: Sendable, Equatable {
  /// The subject; nil leaves it.
  public var subject: RecordID?
  /// The day of the visit, made where there is none; nil leaves it.
  public var date: CivilDate?
  /// The muscle; nil leaves it.
  public var muscle: String?
  /// The side; nil leaves it.
  public var side: BodySide?

  /// A place; what is nil stays as it is.
  public init(
    subject: RecordID? = nil, date: CivilDate? = nil, muscle: String? = nil, side: BodySide? = nil
  ) {
    self.subject = subject
    self.date = date
    self.muscle = muscle
    self.side = side
  }
}

extension PatientRegistry {
  /// Moves a recording with its runs, values and warnings to another patient, visit, muscle or side.
  ///
  /// Links of its units to other recordings, and what was worked out from them, are withdrawn.
  ///
  /// - Throws: `RegistryError.alreadyStored` where the patient has the file already,
  ///   `.reasonMissing`, `.notFound`, `.invalid` where nothing would change.
  @discardableResult
  public func moveRecording(
    _ id: RecordID, to place: RecordingPlace, reason: String
  ) throws -> MoveReport {
    try write { writer in
      let db = writer.db
      guard
        var recording = try CurrentRecords.fetch(
          StoredRecording.self, db, where: "r.origin = ?", [id]
        ).first,
        let visit = try CurrentRecords.fetch(
          Visit.self, db, where: "r.origin = ?", [recording.visit]
        ).first
      else { throw RegistryError.notFound(table: RecordTable.recording.rawValue, key: "\(id)") }
      let before = recording
      let subject = place.subject ?? visit.subject
      if subject != visit.subject,
        let other = try RecordingQuery.find(subject: subject, sha256: recording.sha256, db)
      {
        throw RegistryError.alreadyStored(
          sha256: recording.sha256, subject: "that patient", date: nil, recording: other.id)
      }
      if subject != visit.subject || place.date != nil {
        guard let date = place.date ?? visit.date else {
          throw RegistryError.notFound(table: RecordTable.visit.rawValue, key: "without a date")
        }
        recording.visit =
          try VisitQuery.visit(subject, date, db)?.id
          ?? writer.add(Visit(subject: subject, date: date)).id
      }
      recording.muscle = place.muscle.map(MuscleName.canonical) ?? recording.muscle
      recording.side = place.side ?? recording.side
      guard recording != before else {
        throw RegistryError.invalid(
          table: "recording \(id)", field: "place", found: "the place it has",
          expected: "another patient, day, muscle or side")
      }
      var report = MoveReport()
      try LinkWithdrawal.apply(recording: id, writer, reason: reason, &report)
      try RecordCorrection.apply(recording, writer: writer, reason: reason)
      report.correct(.recording)
      let warnings = try CurrentRecords.fetch(
        StoredWarning.self, db, where: "r.recording = ?", [id])
      for var warning in warnings {
        warning.subject = subject
        warning.visit = recording.visit
        try writer.correct(
          .warning, origin: warning.id, to: try warning.fields(), reason: reason)
        report.correct(.warning)
      }
      return report
    }
  }

  /// Gives a visit another day; values that name the day as that of an earlier visit follow.
  ///
  /// - Throws: `RegistryError.alreadyExists` where the patient has a visit on that day,
  ///   `.reasonMissing`, `.notFound`.
  @discardableResult
  public func changeDate(
    subject: RecordID, from: CivilDate, to: CivilDate, reason: String
  ) throws -> MoveReport {
    try write { writer in
      guard var visit = try VisitQuery.visit(subject, from, writer.db) else {
        throw RegistryError.notFound(table: RecordTable.visit.rawValue, key: "of \(from)")
      }
      var report = MoveReport()
      visit.date = to
      try RecordCorrection.apply(visit, writer: writer, reason: reason)
      report.correct(.visit)
      for var value in try DerivedValues.ofLinks(subject: subject, earlier: from, writer.db) {
        value.conditions[DerivedValues.earlierVisit] = to.description
        try writer.correct(
          .measurement, origin: value.id, to: try value.fields(), reason: reason)
        report.correct(.measurement)
      }
      return report
    }
  }

  /// Joins two patients who are one: everything of the first comes to the second, and the first is
  /// withdrawn.
  ///
  /// Visits of one day become one. Of recordings and clinical scales that both hold, those of the
  /// second stay.
  ///
  /// - Throws: `RegistryError.reasonMissing`, `.notFound`, `.invalid`.
  @discardableResult
  public func mergeSubject(
    _ first: RecordID, into second: RecordID, reason: String
  ) throws -> MoveReport {
    guard first != second else {
      throw RegistryError.invalid(
        table: "subject", field: "merge", found: "one patient", expected: "two patients")
    }
    return try write { writer in
      _ = try writer.currentVersion(.subject, second)
      _ = try writer.currentVersion(.subject, first)
      var merge = SubjectMerge(first: first, second: second, reason: reason, writer: writer)
      try merge.run()
      return merge.report
    }
  }
}

/// Withdrawing what a recording shares with others.
enum LinkWithdrawal {
  static func apply(
    recording: RecordID, _ writer: RecordWriter, reason: String, _ report: inout MoveReport
  ) throws {
    let values =
      try DerivedValues.ofLinks(recording: recording, writer.db)
      + DerivedValues.ownShares(recording: recording, writer.db)
    var seen: Set<RecordID> = []
    for value in values where seen.insert(value.id).inserted {
      report.withdraw(try writer.retract(.measurement, origin: value.id, reason: reason))
    }
    for link in try DerivedValues.links(recording: recording, writer.db) {
      report.withdraw(try writer.retract(.unitLink, origin: link.id, reason: reason))
    }
  }
}

/// The steps of joining two patients.
private struct SubjectMerge {
  let first: RecordID
  let second: RecordID
  let reason: String
  let writer: RecordWriter
  var report = MoveReport()

  private var db: Database { writer.db }

  init(first: RecordID, second: RecordID, reason: String, writer: RecordWriter) {
    self.first = first
    self.second = second
    self.reason = reason
    self.writer = writer
  }

  mutating func run() throws {
    for visit in try CurrentRecords.fetch(Visit.self, db, where: "r.subject = ?", [first]) {
      if let date = visit.date, let other = try VisitQuery.visit(second, date, db) {
        try join(visit, with: other)
      } else {
        var moved = visit
        moved.subject = second
        try correct(moved)
      }
    }
    for var item in try CurrentRecords.fetch(Intervention.self, db, where: "r.subject = ?", [first])
    {
      item.subject = second
      try correct(item)
    }
    for var item in try CurrentRecords.fetch(
      ClinicalEvent.self, db, where: "r.subject = ?", [first])
    {
      item.subject = second
      try correct(item)
    }
    for var item in try CurrentRecords.fetch(
      StoredWarning.self, db, where: "r.subject = ?", [first])
    {
      item.subject = second
      try correct(item)
    }
    report.withdraw(try writer.retract(.subject, origin: first, reason: reason))
  }

  private mutating func correct<Record: RegistryRecord>(_ record: Record) throws {
    try writer.correct(
      Record.table, origin: record.id, to: try record.fields(), reason: reason)
    report.correct(Record.table)
  }

  /// Brings the records of a visit to the other patient's visit of the day.
  private mutating func join(_ visit: Visit, with other: Visit) throws {
    for var item in try CurrentRecords.fetch(
      StoredRecording.self, db, where: "r.visit = ?", [visit.id])
    {
      if try RecordingQuery.find(subject: second, sha256: item.sha256, db) != nil {
        report.withdraw(try writer.retract(.recording, origin: item.id, reason: reason))
        continue
      }
      item.visit = other.id
      try correct(item)
    }
    for var item in try CurrentRecords.fetch(Measurement.self, db, where: "r.visit = ?", [visit.id])
    {
      let same = try CurrentRecords.fetch(
        Measurement.self, db,
        where: "r.visit = ? AND r.kind = ? AND r.muscle IS ? AND r.side IS ?",
        [other.id, item.kind.id, item.muscle, item.side?.rawValue])
      // Repetitions go on from those that are there.
      let numbers = same.map(\.replicate)
      if numbers.contains(item.replicate) { item.replicate = (numbers.max() ?? 0) + 1 }
      item.visit = other.id
      try correct(item)
    }
    for var item in try CurrentRecords.fetch(Outcome.self, db, where: "r.visit = ?", [visit.id]) {
      let same = try CurrentRecords.fetch(
        Outcome.self, db, where: "r.visit = ? AND r.instrument = ?", [other.id, item.instrument])
      if !same.isEmpty {
        report.withdraw(try writer.retract(.outcome, origin: item.id, reason: reason))
        continue
      }
      item.visit = other.id
      try correct(item)
    }
    for var item in try CurrentRecords.fetch(
      StoredWarning.self, db, where: "r.visit = ?", [visit.id])
    {
      item.subject = second
      item.visit = other.id
      try correct(item)
    }
    report.withdraw(try writer.retract(.visit, origin: visit.id, reason: reason))
  }
}
