import Foundation

/// What can go wrong when a report or an export is written.
public enum ReportsError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// A value of the input cannot be written in the asked format.
  case invalidInput(output: String, place: String, found: String, expected: String, advice: String)

  /// One line: which output, where in it, what was found, what was expected, what can be done.
  public var description: String {
    switch self {
    case .invalidInput(let output, let place, let found, let expected, let advice):
      return "\(output): \(place): found \(found), expected \(expected); \(advice)"
    }
  }

  /// The same line, for Foundation's error machinery.
  public var errorDescription: String? { description }
}
