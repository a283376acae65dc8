import Foundation
import UnitNumber

/// What `motorpool scan --json` prints for one file: the estimate and where it comes from.
package struct ScanSummary: Encodable {
  private let analysis: ScanAnalysis

  package init(_ analysis: ScanAnalysis) {
    self.analysis = analysis
  }

  private enum Keys: String, CodingKey {
    case software, file, sha256, acquisition, comparator, weights, note, configuration
    case stepPercent, cmapStandardErrorMillivolts, cmapZScore, cmapZScoreSource
  }

  private struct Comparator: Encodable {
    package let unitCount: Double?
    package let n50: Double?
    package let a50Microvolts: Double?
    package let d50: Double?
    package let cmapMillivolts: Double?
    package let stepPercent: Double?
  }

  package func encode(to encoder: any Encoder) throws {
    try analysis.estimate.encode(to: encoder)
    var fields = encoder.container(keyedBy: Keys.self)
    try fields.encode(SoftwareVersion.text, forKey: .software)
    try fields.encode(analysis.source.fileName, forKey: .file)
    try fields.encode(analysis.inputHash, forKey: .sha256)
    try fields.encode(analysis.scan.acquisition, forKey: .acquisition)
    try fields.encode(analysis.estimate.curve.stepPercent, forKey: .stepPercent)
    try fields.encode(analysis.cmapStandardError, forKey: .cmapStandardErrorMillivolts)
    try fields.encode(analysis.training, forKey: .weights)
    try fields.encode(ScanWording.estimate, forKey: .note)
    try fields.encode(analysis.configuration, forKey: .configuration)
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
