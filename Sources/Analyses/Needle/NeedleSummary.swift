import Decomposition
import Reports

/// What `motorpool decompose --json` prints for a needle recording.
package struct NeedleSummary: Encodable {
  package let software = SoftwareVersion.text
  package let electrodes = "needle"
  package let file: String
  package let sha256: String
  package let output: String
  package let samplingRate: Double
  package let channelCount: Int
  package let durationSeconds: Double
  package let identifiedUnits: Int
  package let tentativeUnits: Int
  package let identifiedActiveUnitsPeak: Int
  package let meanRateHertz: Double?
  package let residualSpikeShare: Double?
  package let refusal: String?
  package let timings: [StageTiming]
  package let warnings: [String]
  package let note = ReportWording.identifiedCounts

  package init(_ analysis: NeedleAnalysis, output: String) {
    file = analysis.recording.source.fileName
    sha256 = analysis.inputHash
    self.output = output
    samplingRate = analysis.recording.samplingRate
    channelCount = analysis.channels.count
    durationSeconds = analysis.recording.duration
    identifiedUnits = analysis.result.units.count
    tentativeUnits = analysis.result.units.count(where: \.isTentative)
    identifiedActiveUnitsPeak = analysis.counts.first?.peak ?? 0
    meanRateHertz = analysis.meanRate
    residualSpikeShare =
      analysis.result.refusal == nil ? analysis.result.residualSpikeShare : nil
    refusal = analysis.result.refusal
    timings = analysis.result.timings
    warnings = analysis.warnings
  }
}
