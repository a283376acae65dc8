/// The version that every output states.
public enum SoftwareVersion {
  /// Semantic version.
  public static let number = "0.1.0"
  /// Name and version.
  public static let text = "MotorPool \(number)"
}
