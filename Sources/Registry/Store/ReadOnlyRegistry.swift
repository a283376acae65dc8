import Foundation
internal import GRDB

/// Opening a registry that its reader may not write to.
enum ReadOnlyRegistry {
  /// Whether the file or its folder cannot be written to.
  static func isNeeded(_ path: String) -> Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return access(path, F_OK) == 0 && (access(path, W_OK) != 0 || access(folder, W_OK) != 0)
  }

  /// Opens it as it is; an earlier schema is migrated in memory only.
  ///
  /// Without a write-ahead log's index SQLite cannot open such a file in place; nobody writes to it
  /// then, and a private copy is opened.
  static func open(_ path: String, _ configuration: Configuration) throws -> any DatabaseWriter {
    var configuration = configuration
    configuration.readonly = true
    do {
      return try migrated(DatabaseQueue(path: path, configuration: configuration))
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    {
      return try copied(path, configuration)
    }
  }

  private static func copied(
    _ path: String, _ configuration: Configuration
  ) throws -> any DatabaseWriter {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appendingPathComponent(
      "motorpool-reading-\(UUID().uuidString)")
    try manager.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    // What is open stays readable until it is closed.
    defer { try? manager.removeItem(at: folder) }
    let copy = folder.appendingPathComponent("registry.sqlite").path
    // With the journal of a run that was killed, which is played back in the copy.
    for suffix in ["", "-wal", "-journal"] where manager.fileExists(atPath: path + suffix) {
      try manager.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
    for suffix in ["", "-wal", "-journal"] { chmod(copy + suffix, 0o600) }
    let source = try DatabaseQueue(path: copy)
    defer { try? source.close() }
    return try inMemory(source)
  }

  private static func migrated(_ queue: DatabaseQueue) throws -> any DatabaseWriter {
    let migrator = RegistryMigrations.migrator
    let isCurrent = try queue.read { try migrator.hasCompletedMigrations($0) }
    if isCurrent { return queue }
    defer { try? queue.close() }
    return try inMemory(queue)
  }

  private static func inMemory(_ source: DatabaseQueue) throws -> any DatabaseWriter {
    let memory = try DatabaseQueue()
    try source.backup(to: memory)
    let migrator = RegistryMigrations.migrator
    if try memory.read(migrator.hasBeenSuperseded) {
      throw RegistryError.newerSchema(path: source.path)
    }
    try migrator.migrate(memory)
    return memory
  }
}
