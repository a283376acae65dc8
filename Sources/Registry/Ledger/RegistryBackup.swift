import Foundation
internal import GRDB

/// What a backup or a restored registry holds.
public struct BackupReport: Sendable, Equatable {
  /// The file that was written.
  public var path: String
  /// Number of ledger entries.
  public var entryCount: Int
  /// The hash of the last entry, 64 hexadecimal digits.
  public var headHash: String
  /// Where a restore put the state that it replaced, if there was one.
  public var replacedStatePath: String?
}

extension PatientRegistry {
  /// Copies the registry into a new file while it may be in use, and checks the copy.
  ///
  /// Uses SQLite's online backup: one consistent state, whoever reads or writes meanwhile.
  ///
  /// - Throws: `RegistryError.fileExists`, or `.tampered` where the copy does not pass the checks.
  @discardableResult
  public func backup(to path: String) throws -> BackupReport {
    try Self.mapped(path) {
      try NewFile.place(at: path) { temporary in
        let queue = try DatabaseQueue(path: temporary)
        defer { try? queue.close() }
        try pool.backup(to: queue)
        let check = try queue.writeWithoutTransaction { db in
          // A single file without write-ahead log can be moved and read anywhere.
          try db.execute(sql: "PRAGMA journal_mode = DELETE")
          return try RegistryCheck.run(db)
        }
        guard check.isSound else {
          throw RegistryError.tampered(path: self.path, findings: check.findings)
        }
        return BackupReport(
          path: path, entryCount: check.chain.entryCount, headHash: check.chain.headHash)
      }
    }
  }

  /// Puts the state of a backup in place of the registry at a path, or makes a new one there.
  ///
  /// The backup is checked first. The replaced state is kept beside the registry under a name that
  /// the report tells. Where the registry holds records that the backup does not, nothing is done
  /// unless `discardingLaterRecords`; a registry that cannot be opened at all is then moved aside.
  ///
  /// - Throws: `RegistryError.tampered`, `.wouldLoseRecords`, `.notARegistry` or `.noSuchFile`.
  @discardableResult
  public static func restore(
    backup: String, to path: String, discardingLaterRecords: Bool = false
  ) throws -> BackupReport {
    try mapped(backup) {
      let source = try RegistryBackup.open(backup)
      defer { try? source.close() }
      let check = try source.read { try RegistryCheck.run($0) }
      guard check.isSound else {
        throw RegistryError.tampered(path: backup, findings: check.findings)
      }
      var report = BackupReport(
        path: path, entryCount: check.chain.entryCount, headHash: check.chain.headHash)
      if FileManager.default.fileExists(atPath: path) {
        report.replacedStatePath = try RegistryBackup.replace(
          path, with: source, discardingLaterRecords: discardingLaterRecords)
      } else {
        try RegistryBackup.moveCompanionsAside(path)
        try RegistryBackup.place(source, at: path)
      }
      return report
    }
  }
}

/// The steps of a restore.
enum RegistryBackup {
  /// Opens a backup for reading.
  static func open(_ path: String) throws -> DatabaseQueue {
    guard FileManager.default.fileExists(atPath: path) else {
      throw RegistryError.noSuchFile(path: path)
    }
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let (applicationID, isNewer) = try queue.read { db in
      (
        try Int64.fetchOne(db, sql: "PRAGMA application_id"),
        try RegistryMigrations.migrator.hasBeenSuperseded(db)
      )
    }
    guard applicationID == RegistrySchema.applicationID else {
      throw RegistryError.notARegistry(path: path, found: "another program's database")
    }
    if isNewer { throw RegistryError.newerSchema(path: path) }
    return queue
  }

  /// Makes a new registry from a backup.
  static func place(_ source: DatabaseQueue, at path: String) throws {
    try NewFile.place(at: path) { temporary in
      let target = try DatabaseQueue(path: temporary)
      defer { try? target.close() }
      try source.backup(to: target)
      try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    }
  }

  /// Overwrites a registry in one SQLite transaction and returns where its old state is kept.
  static func replace(
    _ path: String, with source: DatabaseQueue, discardingLaterRecords: Bool
  ) throws -> String {
    let kept = freeName(path + ".before-restore")
    let target: PatientRegistry
    do {
      target = try PatientRegistry.open(path: path, createIfMissing: false)
      let lost = try lostRecords(target.pool, source)
      guard lost == 0 || discardingLaterRecords else {
        throw RegistryError.wouldLoseRecords(path: path, count: lost)
      }
      try copyState(of: target.pool, to: kept)
    } catch let error as RegistryError {
      if case .wouldLoseRecords = error { throw error }
      guard discardingLaterRecords else { throw error }
      try moveAside(path, to: kept)
      try place(source, at: path)
      return kept
    }
    try source.backup(to: target.pool)
    try finish(target)
    return kept
  }

  /// Brings the restored state into the file itself and leaves no write-ahead log beside it, whose
  /// frames would bring the discarded state back where the file is moved without it, or with it.
  private static func finish(_ target: PatientRegistry) throws {
    let path = target.path
    try target.pool.writeWithoutTransaction { db in
      let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      guard (row?.maybe(at: 0) as Int64?) == 0 else {
        throw RegistryError.database(
          path: path,
          message: "restored, but another process reads it; close it and restore again, "
            + "so that nothing of the discarded state stays beside the file")
      }
    }
    try target.pool.close()
    // Without another reader the log's files go too; the next opening makes them anew.
    if let queue = try? DatabaseQueue(path: path) {
      _ = try? queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try? queue.close()
    }
    let size =
      (try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int) ?? 0
    guard size == 0 else {
      throw RegistryError.database(
        path: path, message: "restored, but \(path)-wal is not empty; another process uses it")
    }
  }

  /// Moves companions of a registry that is gone out of the way: SQLite would take them for those of a
  /// new file of the name.
  static func moveCompanionsAside(_ path: String) throws {
    let manager = FileManager.default
    guard ["-wal", "-shm", "-journal"].contains(where: { manager.fileExists(atPath: path + $0) })
    else { return }
    let kept = freeName(path + ".before-restore")
    for suffix in ["-wal", "-shm", "-journal"] where manager.fileExists(atPath: path + suffix) {
      do {
        try manager.moveItem(atPath: path + suffix, toPath: kept + suffix)
      } catch {
        throw RegistryError.database(path: path, message: "\(path)\(suffix) cannot be moved aside")
      }
    }
  }

  /// Copies a state as it is, sound or not.
  private static func copyState(of pool: any DatabaseWriter, to path: String) throws {
    try NewFile.place(at: path) { temporary in
      let queue = try DatabaseQueue(path: temporary)
      defer { try? queue.close() }
      try pool.backup(to: queue)
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    }
  }

  private static func moveAside(_ path: String, to kept: String) throws {
    let manager = FileManager.default
    for suffix in ["", "-wal", "-shm"] where manager.fileExists(atPath: path + suffix) {
      do {
        try manager.moveItem(atPath: path + suffix, toPath: kept + suffix)
      } catch {
        throw RegistryError.database(path: path, message: "it cannot be moved to \(kept)")
      }
    }
  }

  /// How many ledger entries of the target the source does not hold.
  ///
  /// Two chains that agree at one entry agree before it, so the last common one is bisected.
  private static func lostRecords(_ target: any DatabaseWriter, _ source: DatabaseQueue) throws
    -> Int
  {
    func hash(_ db: Database, _ position: Int) throws -> Data? {
      try Data.fetchOne(db, sql: "SELECT hash FROM ledger WHERE seq = ?", arguments: [position])
    }
    return try target.read { targetDB in
      try source.read { sourceDB in
        let last = try Int.fetchOne(targetDB, sql: "SELECT coalesce(max(seq), 0) FROM ledger") ?? 0
        var common = 0
        var beyond = last + 1
        while beyond - common > 1 {
          let middle = (common + beyond) / 2
          let mine = try hash(targetDB, middle)
          if mine != nil, try mine == hash(sourceDB, middle) {
            common = middle
          } else {
            beyond = middle
          }
        }
        return last - common
      }
    }
  }

  private static func freeName(_ path: String) -> String {
    let manager = FileManager.default
    guard manager.fileExists(atPath: path) else { return path }
    var number = 2
    while manager.fileExists(atPath: "\(path)-\(number)") { number += 1 }
    return "\(path)-\(number)"
  }
}
