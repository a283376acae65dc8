/// What an account may do; each role may do what the ones before it may.
public enum Role: String, Codable, Sendable, CaseIterable, Comparable {
  /// Look at everything but accounts and the access log.
  case reader
  /// Edit runs, decompose, correct records, accept warnings.
  case editor
  /// Erase patients, see the access log.
  case admin

  /// Whether a role may less than another.
  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
