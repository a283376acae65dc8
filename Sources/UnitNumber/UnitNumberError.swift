import Foundation

/// Why a number of motor units could not be estimated; the description is one line.
public struct UnitNumberError: Error, Hashable, Sendable {
  /// What kind of failure it is, for callers that decide by it.
  public enum Kind: String, Sendable {
    /// The file is missing or may not be read.
    case cannotOpen
    /// The content of a file contradicts its format.
    case malformed
    /// The measurement is too short, empty or not finite.
    case unusableData
    /// The measurement is sound but holds too little for this method.
    case tooLittleData
    /// A setting is outside its range.
    case wrongSetting
    /// The weights of the scan estimator are missing or damaged.
    case damagedWeights
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// The file, or the measurement, concerned.
  public let source: String
  /// Where in it: a line, field or index; empty where it is the whole.
  public let place: String
  /// What was found.
  public let found: String
  /// What was expected.
  public let expected: String
  /// What the user can do; empty where nothing is known.
  public let remedy: String

  /// Makes an error.
  public init(
    _ kind: Kind, source: String, place: String = "", found: String, expected: String,
    remedy: String = ""
  ) {
    self.kind = kind
    self.source = source
    self.place = place
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }
}

extension UnitNumberError: CustomStringConvertible, LocalizedError {
  /// One line: source, place, finding, expectation and remedy, without control characters.
  public var description: String {
    var text = source
    if !place.isEmpty { text += ": " + place }
    text += ": found \(found), expected \(expected)"
    if !remedy.isEmpty { text += "; " + remedy }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  /// The description.
  public var errorDescription: String? { description }
}
