import Recordings
import UnitNumber

/// What `motorpool mune --json` prints.
package struct MuneSummary: Encodable {
  package let estimate: UnitNumberEstimate
  package let settings: any Encodable & Sendable
  package let file: String
  package let sha256: String

  /// The estimate from a table of responses.
  ///
  /// - Parameters:
  ///   - path: the table, CSV or TSV, with the columns of the method.
  ///   - method: how the responses were recorded.
  ///   - cmapMillivolts: CMAP amplitude, baseline to negative peak, in mV.
  ///   - errors: error model of the estimate.
  ///   - changes: changed settings of the method.
  ///   - progress: told how far the estimate is.
  /// - Throws: `TableError`, `AnalysisError` naming the file, and what `progress` throws.
  package init(
    _ path: String, method: StimulationMethod, cmapMillivolts: Double,
    errors: UnitNumberErrorModel, changes: ConfigurationChanges = ConfigurationChanges(),
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    let table = try ResponseTable(path, columns: method.columns)
    do {
      (estimate, settings) = try method.estimate(
        table, cmapMillivolts: cmapMillivolts, errors: errors, changes: changes,
        progress: progress)
    } catch let error as UnitNumberError {
      throw AnalysisError(path: table.file, error.description)
    }
    file = table.file
    sha256 = try RecordingSource(path: path, formatName: "response table").inputHash()
  }

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
