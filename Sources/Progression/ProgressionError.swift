import Foundation

/// What can be wrong with the data or the request of a trend model.
public enum ProgressionError: Error, Equatable, Sendable {
  /// One row of a table cannot be used: row number (1-based, without the header), finding, remedy.
  case invalidRow(row: Int, found: String, expected: String)
  /// The table as a whole cannot be used.
  case invalidTable(found: String, expected: String)
  /// Too few visits for the requested estimate.
  case tooFewVisits(found: String, expected: String)
  /// Columns of a design depend on one another, so that an effect cannot be estimated.
  case notEstimable(effect: String, reason: String)
  /// The optimiser did not reach an optimum.
  case noConvergence(found: String)
}

extension ProgressionError: CustomStringConvertible, LocalizedError {
  /// One line: what was found, what was expected and what to do.
  public var description: String {
    switch self {
    case .invalidRow(let row, let found, let expected):
      return "table row \(row): found \(found), expected \(expected); correct or remove the row"
    case .invalidTable(let found, let expected):
      return "table: found \(found), expected \(expected)"
    case .tooFewVisits(let found, let expected):
      return "visits: found \(found), expected \(expected); add visits or choose a simpler model"
    case .notEstimable(let effect, let reason):
      return "design: \(effect) cannot be estimated: \(reason); drop the effect or add visits"
    case .noConvergence(let found):
      return
        "fit: no optimum reached (\(found)); check the data for extreme values or simplify the "
        + "model"
    }
  }

  /// The same line, for `localizedDescription`.
  public var errorDescription: String? { description }
}
