/// Why a batch cannot be run; the description is one line.
public struct BatchError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Kind: Sendable {
    /// A folder or file is missing or cannot be read.
    case cannotOpen
    /// The call does not fit.
    case wrongCall
    /// A table or an earlier result is not what is expected.
    case refused
    /// Something cannot be written.
    case cannotWrite
    /// The scheduler of the cluster is not there, or refuses.
    case unavailable
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// One line: which file, what was found, what to do.
  public let description: String

  /// An error with its line.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
