import Decomposition
import MotorUnits
import Reports

extension ArrayAnalysis {
  /// Everything that `units.json` and `spikes.csv` say.
  package func export() throws -> DecompositionExport {
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
      units: exportedUnits,
      residualPowerShare: decomposition.residualPowerShare,
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + warnings)
  }

  /// The units with what is told of them.
  package var exportedUnits: [DecompositionExport.Unit] {
    zip(decomposition.units, unitMeasures).map { unit, measures in
      DecompositionExport.Unit(
        id: String(unit.id), positions: unit.train.times, samplingRate: recording.samplingRate,
        measures: measures)
    }
  }

  /// The discharges as `spikes.csv` holds them.
  ///
  /// - Throws: `ReportsError` where a value cannot be written.
  public func spikesCSV() throws -> String {
    try export().spikesCSV()
  }
}
