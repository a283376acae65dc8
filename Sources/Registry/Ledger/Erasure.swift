import Foundation
internal import GRDB

/// The note that records were erased on request of the person they were of.
///
/// The ledger keeps the entries with their hashes, so that the chain before and after can be
/// verified; what the entries held is gone.
public struct Erasure: RegistryRecord {
  /// The table of erasures.
  public static let table = RecordTable.erasure
  /// Number of the record; 0 before it is stored.
  public var id: RecordID
  /// Positions of the erased entries, ascending.
  public var entries: [RecordID]
  /// Why they were erased.
  public var reason: String

  /// An erasure not yet stored.
  public init(entries: [RecordID], reason: String) {
    id = 0
    self.entries = entries.sorted()
    self.reason = reason
  }

  /// The erasure read from stored fields.
  public init(id: RecordID, fields: RecordFields) throws {
    self.id = id
    let text = try fields.required("entries", fields.text("entries"), Self.table)
    entries = try JSONText.decode([RecordID].self, from: text)
    reason = try fields.required("reason", fields.text("reason"), Self.table)
  }

  /// The fields to store.
  public func fields() throws -> RecordFields {
    var fields = RecordFields()
    fields.set("entries", try JSONText.encode(entries))
    fields.set("reason", try FieldRule.nonEmpty(reason, "reason", Self.table))
    return fields
  }

  /// All positions that were erased.
  static func positions(_ db: Database) throws -> Set<RecordID> {
    Set(try CurrentRecords.fetch(Erasure.self, db).flatMap(\.entries))
  }
}

/// What an erasure took.
public struct ErasureReport: Sendable, Equatable, Codable {
  /// Number of records erased, every version counted, by table.
  public var erased: [String: Int]
  /// Number of the note in the ledger.
  public var entry: RecordID
  /// Registry files beside this one that may still hold the person: earlier states and backups.
  public var otherFiles: [String]
}

extension PatientRegistry {
  /// Erases everything of a subject from the file, its write-ahead log and its free pages.
  ///
  /// Every version of every record goes, and the reasons of its corrections. The ledger keeps its
  /// entries (what kind of record, when, by whom) with their hashes and notes the erasure, so that
  /// the chain stays verifiable. Backups, exports and reports made earlier are other files: the
  /// report names the registries in the same folder.
  ///
  /// - Throws: `RegistryError.reasonMissing`, `.notFound`, or `.database` where another process
  ///   keeps the file open.
  @discardableResult
  public func eraseSubject(_ subject: RecordID, reason: String) throws -> ErasureReport {
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw RegistryError.reasonMissing(table: RecordTable.subject.rawValue, id: subject)
    }
    var report = try write { writer in
      try SubjectErasure(subject: subject, writer: writer).run(reason: reason)
    }
    try Self.mapped(path) { try emptyFreePages() }
    report.otherFiles = otherRegistries()
    return report
  }

  /// Rewrites the file without free pages and empties the write-ahead log.
  private func emptyFreePages() throws {
    try pool.writeWithoutTransaction { db in
      try db.execute(sql: "VACUUM")
      let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      guard (row?.maybe(at: 0) as Int64?) == 0 else {
        throw RegistryError.database(
          path: path,
          message: "the records are erased, but another process reads the file and keeps its log; "
            + "close it, open the registry once more and verify it")
      }
    }
  }

  private func otherRegistries() -> [String] {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().compactMap { name in
      let other = folder.appendingPathComponent(name).path
      let isOwn = ["", "-wal", "-shm", "-journal"].contains { other == path + $0 }
      let facts = try? FileManager.default.attributesOfItem(atPath: other)
      // Opening a pipe would wait for who writes into it.
      guard !isOwn, facts?[.type] as? FileAttributeType == .typeRegular,
        let handle = FileHandle(forReadingAtPath: other)
      else { return nil }
      defer { try? handle.close() }
      guard let head = try? handle.read(upToCount: 72), head.count == 72,
        Array(head[68..<72]) == Array("MPRG".utf8)
      else { return nil }
      return other
    }
  }
}

/// The steps of an erasure within its transaction.
private struct SubjectErasure {
  let subject: RecordID
  let writer: RecordWriter

  private var db: Database { writer.db }

  /// Tables with the condition that finds the versions of records of some subjects.
  private func conditions(_ subjects: Set<RecordID>) -> [(table: RecordTable, condition: String)] {
    let list = subjects.sorted().map(String.init).joined(separator: ", ")
    let visits = "(SELECT origin FROM visit WHERE subject IN (\(list)))"
    let recordings = "(SELECT origin FROM recording WHERE visit IN \(visits))"
    let runs = "(SELECT origin FROM analysis_run WHERE recording IN \(recordings))"
    let units = "(SELECT origin FROM motor_unit WHERE run IN \(runs))"
    return [
      (.warning, "subject IN (\(list))"),
      (.unitLink, "first_unit IN \(units) OR second_unit IN \(units)"),
      (.motorUnit, "run IN \(runs)"), (.measurement, "visit IN \(visits)"),
      (.analysisRun, "recording IN \(recordings)"), (.recording, "visit IN \(visits)"),
      (.outcome, "visit IN \(visits)"), (.event, "subject IN (\(list))"),
      (.intervention, "subject IN (\(list))"), (.visit, "subject IN (\(list))"),
      (.subject, "origin IN (\(list))"),
    ]
  }

  /// The subject and those that were joined to it: withdrawn ones that its records once belonged to.
  private func joined() throws -> Set<RecordID> {
    var subjects: Set<RecordID> = [subject]
    while true {
      let list = subjects.sorted().map(String.init).joined(separator: ", ")
      let related = try RecordID.fetchAll(
        db,
        sql: """
          SELECT b.subject FROM visit a JOIN visit b ON b.origin = a.origin
            WHERE a.subject IN (\(list))
          UNION SELECT vb.subject FROM recording a JOIN recording b ON b.origin = a.origin
            JOIN visit va ON va.origin = a.visit JOIN visit vb ON vb.origin = b.visit
            WHERE va.subject IN (\(list))
          UNION SELECT vb.subject FROM measurement a JOIN measurement b ON b.origin = a.origin
            JOIN visit va ON va.origin = a.visit JOIN visit vb ON vb.origin = b.visit
            WHERE va.subject IN (\(list))
          UNION SELECT b.subject FROM intervention a JOIN intervention b ON b.origin = a.origin
            WHERE a.subject IN (\(list))
          UNION SELECT b.subject FROM event a JOIN event b ON b.origin = a.origin
            WHERE a.subject IN (\(list))
          """)
      var grown = subjects
      for other in related where !subjects.contains(other) {
        let isCurrent = try CurrentRecords.fetch(Subject.self, db, where: "r.origin = ?", [other])
        if isCurrent.isEmpty { grown.insert(other) }
      }
      if grown == subjects { return subjects }
      subjects = grown
    }
  }

  /// Refuses where a record that was the subject's once is another person's now.
  ///
  /// Its history cannot be taken from it. One that was withdrawn since is nobody's and goes too.
  private func refuseMoved(_ table: RecordTable, _ condition: String) throws {
    let moved = try RecordID.fetchOne(
      db,
      sql: """
        SELECT x.origin FROM \(table.rawValue) x
        WHERE x.origin IN (SELECT origin FROM \(table.rawValue) WHERE \(condition))
          AND x.id = (SELECT max(id) FROM \(table.rawValue) WHERE origin = x.origin)
          AND x.id NOT IN (SELECT id FROM \(table.rawValue) WHERE \(condition))
          AND \(RecordTable.isCurrent("x")) LIMIT 1
        """)
    guard let moved else { return }
    throw RegistryError.invalid(
      table: "subject \(subject)", field: "erasure",
      found: "\(table.rawValue) \(moved), which was moved to another patient",
      expected: "no such record; retract it and store it anew for the other patient first")
  }

  func run(reason: String) throws -> ErasureReport {
    let known = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM subject WHERE origin = ?", arguments: [subject])
    guard let known, known > 0 else {
      throw RegistryError.notFound(table: RecordTable.subject.rawValue, key: "\(subject)")
    }
    let conditions = conditions(try joined())
    for (table, condition) in conditions where ![.unitLink, .motorUnit].contains(table) {
      try refuseMoved(table, condition)
    }
    var counts: [String: Int] = [:]
    var positions: Set<RecordID> = []
    var found: [(table: RecordTable, ids: [RecordID])] = []
    for (table, condition) in conditions {
      // Every version of a record that belongs to the subject in any of its versions.
      let ids = try RecordID.fetchAll(
        db,
        sql: """
          SELECT id FROM \(table.rawValue)
          WHERE origin IN (SELECT origin FROM \(table.rawValue) WHERE \(condition))
          """)
      found.append((table, ids))
      positions.formUnion(ids)
      if !ids.isEmpty { counts[table.rawValue] = ids.count }
    }
    // Retractions bring no record, but their reasons may tell of the person.
    let retractions = try retractions(of: positions)
    positions.formUnion(retractions)
    let note = try writer.add(Erasure(entries: Array(positions), reason: reason))
    try withoutGuards(found.map(\.table.rawValue) + ["ledger"]) {
      try db.execute(sql: "PRAGMA secure_delete = ON")
      for (table, ids) in found {
        for id in ids {
          try db.execute(
            sql: "DELETE FROM \(table.rawValue) WHERE id = ?", arguments: [id])
        }
      }
      for position in positions {
        try db.execute(
          sql: "UPDATE ledger SET reason = 'erased' WHERE seq = ? AND reason IS NOT NULL",
          arguments: [position])
      }
    }
    return ErasureReport(erased: counts, entry: note.id, otherFiles: [])
  }

  private func retractions(of positions: Set<RecordID>) throws -> [RecordID] {
    try Row.fetchAll(
      db, sql: "SELECT seq, supersedes FROM ledger WHERE action = 'retract'"
    ).compactMap { row in
      guard let superseded: RecordID = row.maybe("supersedes"), positions.contains(superseded)
      else { return nil }
      return row.maybe("seq")
    }
  }

  /// Runs the closure without the triggers that keep records from being removed, and puts them back.
  private func withoutGuards(_ tables: [String], _ body: () throws -> Void) throws {
    let triggers = try Row.fetchAll(
      db, sql: "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'")
    var kept: [String] = []
    for row in triggers {
      guard tables.contains(try row.stored("tbl_name") as String) else { continue }
      kept.append(try row.stored("sql"))
      try db.execute(sql: "DROP TRIGGER \(try row.stored("name") as String)")
    }
    try body()
    for sql in kept { try db.execute(sql: sql) }
  }
}
