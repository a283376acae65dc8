import Decomposition

/// What `motorpool apply --json` prints.
package struct ApplySummary: Encodable {
  package let result: ArraySummary
  package let modelRecording: String
  package let modelSHA256: String
  package let modelUnits: Int
  package let missingUnits: [Int]

  package init(_ result: ArraySummary, _ model: SeparationModel, missing: [Int]) {
    self.result = result
    modelRecording = model.provenance.recording
    modelSHA256 = model.provenance.sha256
    modelUnits = model.units.count
    missingUnits = missing
  }
}
