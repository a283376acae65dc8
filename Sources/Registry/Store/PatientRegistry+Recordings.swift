internal import GRDB

extension PatientRegistry {
  /// Stores a recording of a visit.
  ///
  /// - Throws: `RegistryError.alreadyStored` where a file with the same hash is stored for the same
  ///   subject, whatever the visit; the error names the visit's day and the stored recording.
  @discardableResult
  public func addRecording(_ recording: StoredRecording) throws -> StoredRecording {
    try write { writer in
      try RecordingQuery.refuseDuplicate(recording, writer.db)
      return try writer.add(recording)
    }
  }

  /// Recordings of a visit.
  public func recordings(visit: RecordID) throws -> [StoredRecording] {
    try read { try CurrentRecords.fetch(StoredRecording.self, $0, where: "r.visit = ?", [visit]) }
  }

  /// The subject's recording of a file hash, or nil where that file is new.
  public func recording(subject: RecordID, sha256: String) throws -> StoredRecording? {
    try read { try RecordingQuery.find(subject: subject, sha256: sha256, $0) }
  }

  /// All recordings of a file hash, whoever they belong to.
  ///
  /// More than one subject with the same file is a sign of a mix-up.
  public func recordings(sha256: String) throws -> [StoredRecording] {
    try read { db in
      try CurrentRecords.fetch(
        StoredRecording.self, db, where: "r.sha256 = ?", [sha256.lowercased()])
    }
  }

  /// Whether a file hash belongs to any recording, also to one that was withdrawn.
  ///
  /// Once the patient is erased, nothing of the recording is left and this is false.
  package func knowsRecording(sha256: String) throws -> Bool {
    try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM recording WHERE sha256 = ?)",
        arguments: [sha256.lowercased()]) ?? false
    }
  }
}

/// Looking up recordings within a transaction.
enum RecordingQuery {
  static func find(subject: RecordID, sha256: String, _ db: Database) throws -> StoredRecording? {
    try CurrentRecords.fetch(
      StoredRecording.self, db,
      where: """
        r.sha256 = ? AND EXISTS (SELECT 1 FROM visit v WHERE v.origin = r.visit
          AND v.subject = ? AND \(RecordTable.isCurrent("v")))
        """, [sha256.lowercased(), subject]
    ).first
  }

  static func refuseDuplicate(_ recording: StoredRecording, _ db: Database) throws {
    let visits = try CurrentRecords.fetch(
      Visit.self, db, where: "r.origin = ?", [recording.visit])
    guard let visit = visits.first else {
      throw RegistryError.notFound(
        table: RecordTable.visit.rawValue, key: String(recording.visit))
    }
    guard let stored = try find(subject: visit.subject, sha256: recording.sha256, db) else {
      return
    }
    let subject = try CurrentRecords.fetch(Subject.self, db, where: "r.origin = ?", [visit.subject])
    let storedVisit = try CurrentRecords.fetch(
      Visit.self, db, where: "r.origin = ?", [stored.visit])
    throw RegistryError.alreadyStored(
      sha256: stored.sha256, subject: subject.first?.pseudonym ?? "this subject",
      date: storedVisit.first?.date?.description, recording: stored.id)
  }
}
