import Decomposition
import Reports

/// What `motorpool apply --stream --json` prints.
package struct StreamSummary: Encodable {
  package let software = SoftwareVersion.text
  package let file: String
  package let output: String
  package let modelRecording: String
  package let modelSHA256: String
  package let units: Int
  package let modelUnits: Int
  package let discharges: Int
  package let blockMilliseconds: Double
  package let latencySeconds: Double
  package let blocks: Int
  package let medianBlockMilliseconds: Double
  package let highBlockMilliseconds: Double
  package let mostBlockMilliseconds: Double
  package let adapts: Bool
  package let configuration: StreamingDecomposer.Configuration
  package let warnings: [String]
  package let note = ReportWording.identifiedCounts

  package init(_ analysis: StreamedAnalysis, output: String) {
    file = analysis.recording.source.fileName
    self.output = output
    modelRecording = analysis.model.provenance.recording
    modelSHA256 = analysis.model.provenance.sha256
    units = analysis.trains.count
    modelUnits = analysis.model.units.count
    discharges = analysis.trains.reduce(0) { $0 + $1.count }
    blockMilliseconds = analysis.blockMilliseconds
    latencySeconds = analysis.latency
    blocks = analysis.blockTimes.count
    (medianBlockMilliseconds, highBlockMilliseconds, mostBlockMilliseconds) = analysis.timing
    adapts = analysis.adapts
    configuration = analysis.configuration
    warnings = analysis.warnings
  }
}
