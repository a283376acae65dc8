import Foundation
import Recordings

/// Why an analysis could not be done or written; the description is one line.
public struct AnalysisError: Error, Hashable, Sendable {
  /// What kind of failure it is, for callers that decide by it.
  public enum Kind: String, Sendable {
    /// The input cannot be analysed: malformed, too short, not of the kind that is needed.
    case refused
    /// A file is missing or may not be read.
    case cannotOpen
    /// A file or folder cannot be written.
    case cannotWrite
    /// A setting contradicts the input.
    case wrongSetting
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// The file, folder or setting concerned; empty where there is none.
  public let path: String
  /// What was found and what was expected.
  public let problem: String
  /// What the user can do; nil where nothing is known.
  public let remedy: Remedy?

  /// Makes an error.
  public init(
    _ kind: Kind, path: String = "", _ problem: String, remedy: Remedy? = nil
  ) {
    self.kind = kind
    self.path = path
    self.problem = problem
    self.remedy = remedy
  }

  /// Makes an error of input that is refused.
  public init(path: String = "", _ problem: String, remedy: Remedy? = nil) {
    self.init(.refused, path: path, problem, remedy: remedy)
  }
}

extension AnalysisError: CustomStringConvertible, LocalizedError {
  /// One line: the file and the problem, without the remedy, which each program words itself.
  public var description: String {
    (path.isEmpty ? problem : "\(path): \(problem)").onOneLine
  }

  /// The description.
  public var errorDescription: String? { description }
}
