import Foundation
internal import GRDB

/// The registry of subjects, visits, recordings, runs and measurements in one SQLite file.
///
/// Several threads and several processes may use the same file at once: one writes at a time, the
/// others wait up to the busy timeout; reading never waits. What a method stored is on the disk
/// when it returns (write-ahead log, `synchronous = FULL`); what it had not finished is gone.
public final class PatientRegistry: Sendable {
  /// Path of the database file.
  public let path: String
  /// Who is named in the ledger for what is written through this value.
  public let author: String
  let pool: any DatabaseWriter
  /// Whether the account may only read the registry.
  public let isReadOnly: Bool
  private let clock: @Sendable () -> Date

  /// Opens the registry at a path, creating it and its folder where there is none.
  ///
  /// - Parameters:
  ///   - path: The database file; see `RegistryLocation.path`.
  ///   - author: Who writes; by default the account's name.
  ///   - createIfMissing: Whether a missing file is created; else `noSuchFile` is thrown.
  ///   - busyTimeout: Seconds to wait in all for other processes that write.
  ///   - waiting: Called once where a wait lasts longer than a second.
  ///   - clock: The time that the ledger notes.
  ///
  /// A registry of an earlier schema is migrated; one that the account may not write to is opened
  /// for reading only, and left as it is.
  ///
  /// - Throws: `RegistryError.notARegistry`, `.newerSchema`, `.noSuchFile` or `.database`.
  public static func open(
    path: String, author: String = NSUserName(), createIfMissing: Bool = true,
    busyTimeout: Double = 30, waiting: (@Sendable () -> Void)? = nil,
    clock: @escaping @Sendable () -> Date = { Date() }
  ) throws -> PatientRegistry {
    try PatientRegistry(
      path: path, author: author, createIfMissing: createIfMissing,
      wait: BusyWait(limit: busyTimeout, tell: waiting), clock: clock)
  }

  private init(
    path: String, author: String, createIfMissing: Bool, wait: BusyWait,
    clock: @escaping @Sendable () -> Date
  ) throws {
    self.path = path
    let trimmed = author.trimmingCharacters(in: .whitespacesAndNewlines)
    self.author = trimmed.isEmpty ? "unknown" : trimmed
    self.clock = clock
    try RegistryFile.prepare(path: path, createIfMissing: createIfMissing)
    isReadOnly = ReadOnlyRegistry.isNeeded(path)
    pool = try Self.mapped(path) { try RegistryFile.openAndMigrate(path: path, wait: wait) }
  }

  /// Stores what the closure writes, all of it or nothing.
  func write<Result>(_ body: (RecordWriter) throws -> Result) throws -> Result {
    if isReadOnly {
      throw RegistryError.database(
        path: path, message: "this account may read but not write it; ask its owner")
    }
    return try Self.mapped(path) {
      try pool.write { db in
        try body(RecordWriter(db, author: author, timestamp: Self.timestamp(clock())))
      }
    }
  }

  /// Reads one consistent state.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.mapped(path) { try pool.read(body) }
  }

  /// Runs the closure, turning errors of the database into `RegistryError.database`.
  static func mapped<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      if error.resultCode == .SQLITE_NOTADB {
        throw RegistryError.notARegistry(path: path, found: "not an SQLite database")
      }
      throw RegistryError.database(path: path, message: message(of: error))
    } catch let error as DecodingError {
      throw RegistryError.database(path: path, message: "a damaged row: \(Self.text(error))")
    } catch let error as RowDecodingError {
      throw RegistryError.database(path: path, message: "a damaged row: \(error)")
    }
  }

  private static func message(of error: DatabaseError) -> String {
    switch error.resultCode {
    case .SQLITE_FULL: "the disk is full"
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      "another process has been writing for the whole of the waiting time; try again when it is done"
    case .SQLITE_CONSTRAINT where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY:
      "a record refers to another that is not there: the file is damaged; restore a backup"
    case .SQLITE_CORRUPT: "the file is damaged (\(error.message ?? "")); restore a backup"
    default: error.message ?? "\(error.resultCode)"
    }
  }

  private static func text(_ error: DecodingError) -> String {
    switch error {
    case .dataCorrupted(let context), .keyNotFound(_, let context),
      .typeMismatch(_, let context), .valueNotFound(_, let context):
      context.debugDescription
    @unknown default: "unreadable"
    }
  }

  /// UTC time as ISO 8601 with milliseconds.
  private static func timestamp(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
      .replacingOccurrences(of: " ", with: "T") + "Z"
  }
}
