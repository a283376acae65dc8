import Foundation
import UnitNumber

/// What `motorpool scan --json` prints for one file: the estimate and where it comes from.
package struct ScanSummary: Encodable {
  private let analysis: ScanAnalysis

  package init(_ analysis: ScanAnalysis) {
    self.analysis = analysis
  }

  private enum Keys: String, CodingKey {
    case software, file, sha256, acquisition, comparator, weights, note
    case stepPercent = "step_percent"
    case cmapStandardError = "cmap_standard_error_mV"
    case cmapZScore = "cmap_z_score"
    case cmapZScoreSource = "cmap_z_score_source"
  }

  private struct Comparator: Encodable {
    package let unitCount: Double?
    package let n50: Double?
    package let a50Microvolts: Double?
    package let d50: Double?
    package let cmapMillivolts: Double?
    package let stepPercent: Double?

    package enum CodingKeys: String, CodingKey {
      case unitCount = "unit_count"
      case n50
      case a50Microvolts = "a50_uV"
      case d50
      case cmapMillivolts = "cmap_mV"
      case stepPercent = "step_percent"
    }
  }

  package func encode(to encoder: any Encoder) throws {
    try analysis.estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try fields.encode(analysis.source.fileName, forKey: .file)
    try fields.encode(analysis.inputHash, forKey: .sha256)
    try fields.encode(analysis.scan.acquisition, forKey: .acquisition)
    try fields.encode(analysis.estimate.curve.stepPercent, forKey: .stepPercent)
    try fields.encode(analysis.cmapStandardError, forKey: .cmapStandardError)
    try fields.encode(analysis.training, forKey: .weights)
    try fields.encode(ScanWording.estimate, forKey: .note)
    if let zScore = analysis.cmapZScore {
      try fields.encode(zScore, forKey: .cmapZScore)
      try fields.encode(analysis.cmapNorm?.source, forKey: .cmapZScoreSource)
    }
    if let fit = analysis.scan.comparator {
      try fields.encode(
        Comparator(
          unitCount: fit.unitCount, n50: fit.n50, a50Microvolts: fit.a50Microvolts, d50: fit.d50,
          cmapMillivolts: fit.cmapMillivolts, stepPercent: fit.stepPercent), forKey: .comparator)
    }
  }
}
