import Decomposition
import Reports

/// What `motorpool decompose --json` prints.
package struct ArraySummary: Encodable {
  package let software = SoftwareVersion.text
  package let file: String
  package let sha256: String
  package let seed: UInt64
  package let output: String
  package let samplingRate: Double
  package let channelCount: Int
  package let badChannelCount: Int
  package let durationSeconds: Double
  package let identifiedUnits: Int
  package let identifiedActiveUnitsPeak: Int
  package let meanRateHertz: Double?
  package let residualPowerShare: Double
  package let rounds: Int
  package let segments: Int
  package let model: String?
  package let timings: [StageTiming]
  package let warnings: [String]
  package let note = ReportWording.identifiedCounts
  package let research: ResearchCounts?

  package init(
    _ analysis: ArrayAnalysis, output: String, model: String? = nil,
    research: ResearchCounts? = nil
  ) {
    self.model = model
    self.research = research
    segments = analysis.segmentCount
    file = analysis.recording.source.fileName
    sha256 = analysis.inputHash
    seed = analysis.decomposition.configuration.seed
    self.output = output
    samplingRate = analysis.recording.samplingRate
    channelCount = analysis.channels.count
    badChannelCount = analysis.decomposition.rejectedChannels.count
    durationSeconds = analysis.recording.duration
    identifiedUnits = analysis.decomposition.units.count
    identifiedActiveUnitsPeak = analysis.counts.first?.peak ?? 0
    meanRateHertz = analysis.meanRate
    residualPowerShare = analysis.decomposition.residualPowerShare
    rounds = analysis.decomposition.roundCount
    timings = analysis.decomposition.timings
    warnings = analysis.warnings
  }
}
