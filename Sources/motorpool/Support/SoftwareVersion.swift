/// The version that every output states.
enum SoftwareVersion {
  /// Semantic version.
  static let number = "0.1.0"
  /// Name and version.
  static let text = "MotorPool \(number)"
}
