import Decomposition
import MotorUnits
import Recordings
import Reports

extension NeedleAnalysis {
  /// Everything that `units.json` and `spikes.csv` say.
  package func export() throws -> DecompositionExport {
    DecompositionExport(
      version: SoftwareVersion.number, parameters: try JSONValue(encoding: result.configuration),
      input: InputFile(name: recording.source.fileName, sha256: inputHash),
      samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
      channels: channels.map { recording.channels[$0].name },
      units: result.units.enumerated().map { index, unit in
        DecompositionExport.Unit(
          id: Self.name(of: unit), positions: unit.train.times,
          samplingRate: recording.samplingRate, isiCoV: unit.intervalVariation,
          meanRate: 1 / max(1e-6, unit.meanInterval), predictedAgreement: unit.predictedAgreement,
          amplitudeMicrovolts: amplitude(index), isTentative: unit.isTentative)
      }, notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + warnings)
  }

  /// The discharges for annotation programs.
  package var annotations: SpikeAnnotations {
    SpikeAnnotations(
      origin: "MotorPool",
      trains: result.units.map { .init(unit: Self.name(of: $0), times: $0.train.seconds) })
  }

  /// Every result as a file of the folder.
  package func add(
    to folder: inout ResultFolder, command: String?, recipe: RunRecipe? = nil
  ) throws {
    var export = try export()
    export.recipe = try recipe?.json()
    folder.add("units.json", export.unitsJSON())
    folder.add("spikes.csv", export.spikesCSV())
    folder.add("counts.csv", counts.csv)
    folder.add("units.eaf", annotations.eafText())
    folder.add("units.mu", annotations.wfdbBytes(samplingRate: recording.samplingRate))
    folder.add("report.html", report(command: command).html())
  }
}
