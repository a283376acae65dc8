import Foundation

/// Why a text table could not be read; the description is one line.
public struct TableError: Error, Hashable, Sendable {
  /// What kind of failure it is, for callers that decide by it.
  public enum Kind: String, Sendable {
    /// The file is missing or may not be read.
    case cannotOpen
    /// The content is no table, or not the one that was expected.
    case malformed
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// The file, or what else the table came from.
  public let source: String
  /// Line of the file from 1; nil where it is the whole file.
  public let line: Int?
  /// Name of the column; nil where it is the whole line.
  public let column: String?
  /// What was found; empty where the expectation says it all.
  public let found: String
  /// What was expected.
  public let expected: String

  /// Makes an error.
  public init(
    _ kind: Kind = .malformed, source: String, line: Int? = nil, column: String? = nil,
    found: String, expected: String
  ) {
    self.kind = kind
    self.source = source
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
  }
}

extension TableError: CustomStringConvertible, LocalizedError {
  /// One line: source, line, column, what was found and what was expected.
  public var description: String {
    var text = source
    if let line { text += ", line \(line)" }
    if let column { text += ", column \(column)" }
    return text + ": found \(found), expected \(expected)"
  }

  /// The description.
  public var errorDescription: String? { description }
}
