import Foundation

/// Why an output may not be written where it was asked for.
public struct OutputError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// The file or folder that was to be written.
  public let path: String
  /// What was found there.
  public let problem: String
  /// Whether the user may ask for it to be replaced all the same.
  public let canBeForced: Bool

  init(_ path: String, _ problem: String, canBeForced: Bool = false) {
    self.path = path
    self.problem = problem
    self.canBeForced = canBeForced
  }

  /// One line: where and what was found.
  public var description: String { "\(path): \(problem)".onOneLine }

  /// The description.
  public var errorDescription: String? { description }
}
