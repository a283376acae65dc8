/// One parser with what is asked of its values.
public struct FuzzTarget: Sendable {
  /// How the text of an error is held to the rules.
  public enum ErrorKind: Sendable {
    /// One line.
    case line
    /// Some text; what quotes a cell may hold its control characters, which printing escapes.
    case text
    /// None that a parser may throw.
    case foreign
  }

  /// Name; its seeds are in `Seeds/NAME`.
  public let name: String
  /// What kind of error a thrown one is.
  public let kind: @Sendable (any Error) -> ErrorKind
  /// Reads an input; files go into the folder.
  public let run: @Sendable ([UInt8], FuzzFolder) throws -> Void

  /// A target from its parts.
  public init(
    name: String, kind: @escaping @Sendable (any Error) -> ErrorKind,
    run: @escaping @Sendable ([UInt8], FuzzFolder) throws -> Void
  ) {
    self.name = name
    self.kind = kind
    self.run = run
  }

  /// Splits at the first zero byte, for targets that read several files.
  public static func parts(_ input: [UInt8]) -> (first: [UInt8], rest: [UInt8]) {
    guard let end = input.firstIndex(of: 0) else { return (input, []) }
    return (Array(input[..<end]), Array(input[(end + 1)...]))
  }
}
