import UnitNumber

/// What `motorpool mune --json` prints.
package struct MuneSummary: Encodable {
  package let estimate: UnitNumberEstimate
  package let settings: any Encodable & Sendable
  package let file: String
  package let sha256: String

  /// Makes one from its parts.
  package init(
    estimate: UnitNumberEstimate, settings: any Encodable & Sendable, file: String, sha256: String
  ) {
    self.estimate = estimate
    self.settings = settings
    self.file = file
    self.sha256 = sha256
  }

  private enum Keys: String, CodingKey {
    case software, file, sha256, note, configuration
  }

  package func encode(to encoder: any Encoder) throws {
    try estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try settings.encode(to: fields.superEncoder(forKey: .configuration))
    try fields.encode(file, forKey: .file)
    try fields.encode(sha256, forKey: .sha256)
    try fields.encode(ScanWording.estimate, forKey: .note)
  }
}
