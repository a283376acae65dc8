internal import CBuild

/// The version that every output states.
public enum SoftwareVersion {
  /// Semantic version.
  public static let number = "0.2.0"
  /// Name and version.
  public static let text = "MotorPool \(number)"
  /// First twelve digits of the commit the program was built from, with "+" behind them where files
  /// were changed since; nil where it was built without git.
  public static let commit: String? = {
    let text = String(cString: motorpool_commit())
    return text.isEmpty ? nil : text
  }()
  /// Name, version and commit.
  public static let full = text + (commit.map { " (commit \($0))" } ?? "")
}
