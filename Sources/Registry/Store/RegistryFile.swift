import Foundation
internal import GRDB

/// Opening, creating and migrating the database file.
enum RegistryFile {
  /// Makes the folder and, for a new registry, an empty file that only its owner can read.
  static func prepare(path: String, createIfMissing: Bool) throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw RegistryError.notARegistry(path: path, found: "a folder") }
      return
    }
    guard createIfMissing else { throw RegistryError.noSuchFile(path: path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      if !manager.fileExists(atPath: folder) {
        try manager.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw RegistryError.database(
        path: path, message: "the folder \(folder) cannot be made (\(error.localizedDescription))")
    }
    // The empty file is made under another name and linked: closing a descriptor of a database
    // file would drop the locks that this process holds on it (POSIX advisory locks).
    let seed = "\(path).new-\(UUID().uuidString)"
    defer { unlink(seed) }
    let isMade = manager.createFile(
      atPath: seed, contents: nil, attributes: [.posixPermissions: 0o600])
    guard isMade else {
      throw RegistryError.database(path: path, message: "the folder cannot be written to")
    }
    // It fails where another process made the file in the meantime, and on file systems without
    // links, where SQLite makes it with the account's usual permissions.
    _ = link(seed, path)
  }

  /// Opens the database and applies the migrations it lacks.
  static func openAndMigrate(path: String, wait: BusyWait) throws -> any DatabaseWriter {
    var configuration = Configuration()
    configuration.label = "registry"
    configuration.busyMode = .callback { _ in wait.pause() }
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { db in
      // Replacing a row must run its DELETE trigger.
      try db.execute(sql: "PRAGMA recursive_triggers = ON")
      // 64 MB where they are needed: with the usual 2 MB the pages of a large import are written
      // to the log again and again.
      try db.execute(sql: "PRAGMA cache_size = -65536")
    }
    if ReadOnlyRegistry.isNeeded(path) {
      let reader = try ReadOnlyRegistry.open(path, configuration)
      try requireOwn(reader.read { try applicationID($0) }, path)
      if try reader.read(RegistryMigrations.migrator.hasBeenSuperseded) {
        throw RegistryError.newerSchema(path: path)
      }
      return reader
    }
    try refuseForeign(path: path, wait: wait)
    let pool = try retrying(wait) { try DatabasePool(path: path, configuration: configuration) }
    // The pool itself sets NORMAL when it turns the write-ahead log on.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    let migrator = RegistryMigrations.migrator
    if try pool.read(migrator.hasBeenSuperseded) { throw RegistryError.newerSchema(path: path) }
    if try !pool.read(migrator.hasCompletedMigrations) {
      try migrate(pool, migrator)
    }
    return pool
  }

  /// Refuses a file that is no database or another program's, before anything is written to it.
  ///
  /// It is read through SQLite and never opened otherwise: closing a descriptor of one's own would
  /// drop the locks that this process holds on the file, and another process could then remove the
  /// write-ahead log under it.
  private static func refuseForeign(path: String, wait: BusyWait) throws {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    if size == 0 { return }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .callback { _ in wait.pause() }
    func find() throws -> Int64 {
      try retrying(wait) {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { try applicationID($0) }
      }
    }
    do {
      try requireOwn(try find(), path)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
      // A run that was killed left a rollback journal, which only a writing connection plays back.
      configuration.readonly = false
      try requireOwn(try find(), path)
    }
  }

  private static func applicationID(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
  }

  private static func requireOwn(_ applicationID: Int64, _ path: String) throws {
    // Zero: a new registry that another process is still migrating, or a foreign database, which
    // the tables tell apart.
    guard applicationID == RegistrySchema.applicationID || applicationID == 0 else {
      throw RegistryError.notARegistry(path: path, found: "another program's database")
    }
  }

  /// Migrates, unless another process did so in the meantime.
  private static func migrate(
    _ pool: DatabasePool, _ migrator: DatabaseMigrator
  ) throws {
    let names = try pool.read { db in
      try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    }
    guard names.isEmpty || names.contains("grdb_migrations") else {
      throw RegistryError.notARegistry(path: pool.path, found: "another program's database")
    }
    do {
      try migrator.migrate(pool)
    } catch let error as DatabaseError {
      // Another process may have migrated at the same time; what breaks a reference is damage.
      if error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY { throw error }
      for _ in 0..<50 {
        if try pool.read(migrator.hasCompletedMigrations) { return }
        usleep(100_000)
      }
      throw error
    }
  }

  /// Tries again while another process holds the file in order to create it.
  private static func retrying<Result>(
    _ wait: BusyWait, _ body: () throws -> Result
  ) throws -> Result {
    while true {
      do {
        return try body()
      } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
      {
        if !wait.pause() { throw error }
      }
    }
  }
}
