import Foundation
import GRDB
import Synchronization
import Testing

@testable import Registry

@Suite struct RegistryAccessTests {
  @Test func theWaitForAnotherWriterIsToldAndEnds() throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.path
    let told = Mutex(0)
    let waiting = try PatientRegistry.open(
      path: path, busyTimeout: 1.2, waiting: { told.withLock { $0 += 1 } })
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: path, configuration: configuration)
    try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let error = #expect(throws: RegistryError.self) { try waiting.addSubject(pseudonym: "P01") }
    #expect(error?.description.contains("another process has been writing") == true)
    #expect(told.withLock { $0 } == 1)
    try other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
  }

  @Test func anOldRegistryIsReadWithoutBeingMigrated() throws {
    let temporary = try TemporaryRegistry()
    let path = temporary.url("v1.sqlite").path
    try temporary.execute(RegistryV1Fixture.sql, at: path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let reader = try ReadOnlyRegistry.open(path, Configuration())
    let check = try reader.read { try RegistryCheck.run($0) }
    #expect(check.findings == [])
    #expect(check.chain.headHash == RegistryV1Fixture.headHash)
    #expect(throws: (any Error).self) {
      try reader.write { try $0.execute(sql: "DELETE FROM subject") }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  /// A restore that is killed while it takes the log away leaves a rollback journal.
  @Test func theJournalOfAKilledRunIsPlayedBack() throws {
    let temporary = try TemporaryRegistry()
    let (path, _) = try pair(temporary)
    let left = temporary.url("left.sqlite").path
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 5; BEGIN IMMEDIATE")
      try db.execute(sql: "CREATE TABLE half (content BLOB)")
      // More than the cache holds: pages of an unfinished transaction come into the file.
      for _ in 0..<50 { try db.execute(sql: "INSERT INTO half VALUES (zeroblob(4000))") }
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: left + suffix)
      }
      try db.execute(sql: "ROLLBACK")
    }
    let copy = temporary.url("copy.sqlite").path
    for suffix in ["", "-journal"] {
      try FileManager.default.copyItem(atPath: left + suffix, toPath: copy + suffix)
    }
    // Who may only read sees the state before, and changes nothing.
    let reader = try ReadOnlyRegistry.open(copy, Configuration())
    #expect(try reader.read { try RegistryCheck.run($0).findings } == [])
    #expect(FileManager.default.fileExists(atPath: copy + "-journal"))
    let registry = try PatientRegistry.open(path: left)
    #expect(try registry.check().findings == [])
    #expect(try registry.subjects().map(\.pseudonym) == ["P01", "P02"])
  }

  /// A registry that no connection holds, with a later record than its backup.
  private func pair(_ temporary: TemporaryRegistry) throws -> (path: String, backup: String) {
    let path = temporary.url("followed.sqlite").path
    let backup = temporary.url("backup.sqlite").path
    let registry = try PatientRegistry.open(path: path)
    try registry.addSubject(pseudonym: "P01")
    try registry.backup(to: backup)
    try registry.addSubject(pseudonym: "P02")
    return (path, backup)
  }

  @Test func whatARestoreDiscardedDoesNotComeBack() throws {
    let temporary = try TemporaryRegistry()
    let (path, backup) = try pair(temporary)
    try PatientRegistry.restore(backup: backup, to: path, discardingLaterRecords: true)
    for suffix in ["-wal", "-shm", "-journal"] {
      #expect(!FileManager.default.fileExists(atPath: path + suffix))
    }
    let moved = temporary.url("moved.sqlite").path
    try FileManager.default.copyItem(atPath: path, toPath: moved)
    let registry = try PatientRegistry.open(path: moved)
    #expect(try registry.subjects().map(\.pseudonym) == ["P01"])
    #expect(try registry.check().isSound)
  }

  @Test func companionsOfARegistryThatIsGoneAreMovedAside() throws {
    let temporary = try TemporaryRegistry()
    let (path, backup) = try pair(temporary)
    // A log of the state that is to be discarded, without its file.
    let later = temporary.url("later.sqlite").path
    try FileManager.default.copyItem(atPath: path, toPath: later)
    let writer = try PatientRegistry.open(path: later)
    try writer.addSubject(pseudonym: "P03")
    unlink(path)
    try FileManager.default.copyItem(atPath: later + "-wal", toPath: path + "-wal")
    try PatientRegistry.restore(backup: backup, to: path)
    #expect(try PatientRegistry.open(path: path).subjects().map(\.pseudonym) == ["P01"])
    #expect(FileManager.default.fileExists(atPath: path + ".before-restore-wal"))
  }
}
