import Decomposition
import MotorUnits
import Reports

extension ArrayAnalysis {
  /// Everything that `units.json` and `spikes.csv` say.
  package func export() throws -> DecompositionExport {
    let thresholds = Dictionary(
      uniqueKeysWithValues: recruitment.map { ($0.unit, $0.recruitmentForce) })
    let names = channels.map { recording.channels[$0].name }
    return DecompositionExport(
      version: SoftwareVersion.number, seed: decomposition.configuration.seed,
      parameters: try JSONValue(encoding: decomposition.configuration),
      input: InputFile(name: recording.source.fileName, sha256: inputHash),
      samplingRate: recording.samplingRate, sampleCount: decomposition.sampleCount,
      channels: names,
      badChannels: decomposition.rejectedChannels.map {
        RunReport.BadChannel(name: names[$0.index], reason: $0.reason)
      },
      artefacts: artefacts,
      units: decomposition.units.map { unit in
        DecompositionExport.Unit(
          id: String(unit.id), positions: unit.train.times,
          samplingRate: recording.samplingRate, silhouette: unit.quality.silhouette,
          pulseToNoise: unit.quality.pulseToNoise, isiCoV: unit.quality.intervalVariation,
          meanRate: unit.quality.meanRate,
          predictedAgreement: unit.quality.predictedAgreement,
          amplitudeMicrovolts: hasPhysicalAmplitude ? Double(unit.template.peakToPeak) : nil,
          recruitmentThreshold: thresholds[unit.id] ?? nil, round: unit.quality.round)
      },
      residualPowerShare: decomposition.residualPowerShare,
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + warnings)
  }

  /// The discharges as `spikes.csv` holds them.
  ///
  /// - Throws: `ReportsError` where a value cannot be written.
  public func spikesCSV() throws -> String {
    try export().spikesCSV()
  }
}
