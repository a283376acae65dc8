import Foundation

/// A simulation that cannot be run as it was asked for.
public enum SimulationError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// A value of a configuration is outside its range; says which, what was found and what is allowed.
  case invalidValue(name: String, found: String, expected: String)

  /// One line: the setting, its value and what is expected instead.
  public var description: String {
    switch self {
    case .invalidValue(let name, let found, let expected):
      "simulation setting \(name) is \(found); expected \(expected)"
    }
  }

  /// The same line, for callers that print localised errors.
  public var errorDescription: String? { description }

  /// Throws unless a number lies in a closed range.
  static func require(
    _ name: String, _ value: Double, in range: ClosedRange<Double>
  ) throws(SimulationError) {
    guard value.isFinite, range.contains(value) else {
      throw .invalidValue(
        name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}
