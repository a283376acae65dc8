import Foundation

/// What can go wrong with a registry: each case says what was found, where, and what can be done.
public enum RegistryError: Error, Equatable, CustomStringConvertible, LocalizedError {
  /// The file is missing and was not to be created.
  case noSuchFile(path: String)
  /// The file is a database, but not a registry of this program, or no database at all.
  case notARegistry(path: String, found: String)
  /// The registry was written by a later version of the program.
  case newerSchema(path: String)
  /// SQLite refused: locked by another process, disk full, file damaged, ...
  case database(path: String, message: String)
  /// A pseudonym is unusable or looks like a name or a date.
  case badPseudonym(String, reason: String)
  /// A value is outside what the field can hold.
  case invalid(table: String, field: String, found: String, expected: String)
  /// There is no current record of that name or number.
  case notFound(table: String, key: String)
  /// There is such a record already.
  case alreadyExists(table: String, key: String)
  /// The same file was stored for the subject before.
  case alreadyStored(sha256: String, subject: String, date: String?, recording: Int64)
  /// A correction or retraction needs a reason.
  case reasonMissing(table: String, id: Int64)
  /// The stored records do not agree with their hash chain.
  case tampered(path: String, findings: [String])
  /// The file to be written exists.
  case fileExists(path: String)
  /// A restore would drop records that the backup does not hold.
  case wouldLoseRecords(path: String, count: Int)
  /// A file or folder to be imported cannot be opened.
  case cannotOpen(path: String, found: String)
  /// A table or file to be imported cannot be read.
  case unreadable(source: String, line: Int?, found: String, expected: String)
  /// An import has rows that are not valid; nothing was stored.
  case importRefused(source: String, problems: [ImportProblem])

  /// One line: where, what was found, what was expected, what can be done.
  public var description: String {
    switch self {
    case .noSuchFile(let path):
      "\(path): no registry there; add a patient to create one, or name another one"
    case .notARegistry(let path, let found):
      "\(path): \(found), not a patient registry; name another file"
    case .newerSchema(let path):
      "\(path): written by a later version of this program; update the program to open it"
    case .database(let path, let message):
      "\(path): the database refused: \(message); nothing of this operation was stored"
    case .badPseudonym(let text, let reason):
      "pseudonym \"\(text)\" refused: \(reason); use a study code such as P01 or ALS-0042"
    case .invalid(let table, let field, let found, let expected):
      "\(table): \(field) is \(found), expected \(expected)"
    case .notFound(let table, let key):
      "no \(table) \(key) in the registry; list what is there first"
    case .alreadyExists(let table, let key):
      "\(table) \(key) is in the registry already; correct it instead of adding it again"
    case .alreadyStored(let sha256, let subject, let date, let recording):
      "this file (SHA-256 \(sha256.prefix(12))) is stored already for \(subject)"
        + (date.map { ", visit of \($0)" } ?? "") + ", recording \(recording); nothing was added"
    case .reasonMissing(let table, let id):
      "\(table) \(id): a correction or retraction needs a reason of at least one word"
    case .tampered(let path, let findings):
      "\(path): \(findings.count) finding(s) against the audit chain, first: "
        + "\(findings.first ?? "none"); restore a backup and compare"
    case .fileExists(let path):
      "\(path): exists already; name another file or remove it first"
    case .wouldLoseRecords(let path, let count):
      "\(path): holds \(count) record(s) that the backup does not; "
        + "allow discarding them explicitly to restore anyway"
    case .cannotOpen(let path, let found):
      "\(path): \(found)"
    case .unreadable(let source, let line, let found, let expected):
      "\(source)\(line.map { ", line \($0)" } ?? ""): found \(found), expected \(expected)"
    case .importRefused(let source, let problems):
      "\(source): \(problems.count) problem(s), nothing imported, first: "
        + (problems.first?.description ?? "none")
    }
  }

  /// The same line, for interfaces that ask for a localized description.
  public var errorDescription: String? { description }
}

/// One thing wrong with one row of a table to be imported.
public struct ImportProblem: Sendable, Equatable, Codable, CustomStringConvertible {
  /// How grave it is: errors stop the import, warnings do not.
  public enum Severity: String, Sendable, Codable {
    /// The row cannot be stored.
    case error
    /// The row can be stored, but somebody should look.
    case warning
  }

  /// The file within the import (relative name), or nil where there is only one.
  public var file: String?
  /// Line of the file, 1-based and counting the header; nil where it concerns the whole file.
  public var line: Int?
  /// The column concerned, if any.
  public var column: String?
  /// How grave it is.
  public var severity: Severity
  /// What was found and what was expected.
  public var message: String

  /// A problem of the given place.
  public init(
    file: String? = nil, line: Int? = nil, column: String? = nil, severity: Severity = .error,
    message: String
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.severity = severity
    self.message = message
  }

  /// One line: place, then message.
  public var description: String {
    var place: [String] = []
    if let file { place.append(file) }
    if let line { place.append("line \(line)") }
    if let column { place.append("column \"\(column)\"") }
    let head = place.isEmpty ? "" : place.joined(separator: ", ") + ": "
    return head + (severity == .warning ? "warning: " : "") + message
  }
}
