import Foundation

/// Why a recording could not be read or written; the description is one line.
public struct RecordingError: Error, Hashable, Sendable {
  /// What kind of failure it is, for callers that decide by it.
  public enum Kind: String, Sendable {
    /// The file is missing or may not be read.
    case cannotOpen
    /// The format is not one that can be read.
    case unknownFormat
    /// The content contradicts its format.
    case malformed
    /// The file ends before what its header promises.
    case truncated
    /// No sampling rate is stated and none was given.
    case missingSamplingRate
    /// No unit is stated and none was given.
    case missingUnit
    /// A valid file of a kind that is not supported.
    case unsupported
    /// An option contradicts the file.
    case wrongOption
    /// The file could not be written.
    case cannotWrite
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// The file concerned.
  public let path: String
  /// Where in the file: a byte offset, field, line or channel; empty where it is the whole file.
  public let place: String
  /// What was found and what was expected.
  public let problem: String
  /// What the user can do, in words; empty where nothing is known.
  public let remedy: String
  /// What the user can state or choose, for programs to word in their own terms; nil where that is not it.
  public let input: Remedy?

  /// Makes an error.
  public init(
    _ kind: Kind, path: String, place: String = "", _ problem: String, remedy: String = ""
  ) {
    self.kind = kind
    self.path = path
    self.place = place
    self.problem = problem
    self.remedy = remedy
    input = nil
  }

  /// Makes an error that the user mends by stating or choosing something.
  public init(
    _ kind: Kind, path: String, place: String = "", _ problem: String, remedy: Remedy
  ) {
    self.kind = kind
    self.path = path
    self.place = place
    self.problem = problem
    self.remedy = remedy.words
    input = remedy
  }

  /// The same error of another place, such as a file that has its own name by now.
  package func located(path: String) -> RecordingError {
    guard let input else {
      return RecordingError(kind, path: path, place: place, problem, remedy: remedy)
    }
    return RecordingError(kind, path: path, place: place, problem, remedy: input)
  }

  /// One line in a program's own terms: what is to be stated or chosen is worded by `wording`.
  public func description(_ wording: (Remedy) -> String) -> String {
    line(remedy: input.map(wording) ?? remedy)
  }

  private func line(remedy: String) -> String {
    var text = path
    if !place.isEmpty { text += ": " + place }
    text += ": " + problem
    if !remedy.isEmpty { text += "; " + remedy }
    return text.onOneLine
  }
}

extension RecordingError: CustomStringConvertible, LocalizedError {
  /// One line: file, place, problem and remedy, without control characters.
  public var description: String { line(remedy: remedy) }

  /// The description.
  public var errorDescription: String? { description }
}

extension String {
  /// The text with control characters replaced by blanks, so that it prints on one line.
  package var onOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control || scalar.value == 0x2028
            || scalar.value == 0x2029 ? " " : scalar
        }))
  }

  /// The text in quotes on one line, shortened so that garbage cannot flood a message.
  package var quoted: String {
    let limit = 40
    return "\"" + String(onOneLine.prefix(limit)) + (count > limit ? "...\"" : "\"")
  }

  /// The text without blanks, line ends and zero bytes at both ends.
  package func trimmingWhitespace() -> String {
    trimmingCharacters(in: CharacterSet.whitespacesAndNewlines.union(["\0"]))
  }
}
