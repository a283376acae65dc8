import Decomposition
import MotorUnits
import Recordings
import Reports

extension NeedleAnalysis {
  /// What was mended before the search, for report and export.
  var artefacts: [RunReport.Artefact] {
    let rate = recording.samplingRate
    return result.artefacts.map { artefact in
      RunReport.Artefact(
        kind: artefact.kind.words, startSeconds: Double(artefact.start) / rate,
        endSeconds: Double(artefact.end) / rate,
        channels: artefact.channels.map { recording.channels[channels[$0]].name })
    }
  }

  /// Everything that `units.json` and `spikes.csv` say.
  package func export() throws -> DecompositionExport {
    var export = DecompositionExport(
      version: SoftwareVersion.number, parameters: try JSONValue(encoding: result.configuration),
      input: InputFile(name: recording.source.fileName, sha256: inputHash),
      samplingRate: recording.samplingRate, sampleCount: recording.sampleCount,
      channels: channels.map { recording.channels[$0].name },
      units: exportedUnits,
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse] + warnings)
    export.interference = interferenceJSON
    if !artefacts.isEmpty { export.artefacts = artefacts }
    return export
  }

  /// The units with what is told of them.
  package var exportedUnits: [DecompositionExport.Unit] {
    zip(result.units, unitMeasures).map { unit, measures in
      DecompositionExport.Unit(
        id: Self.name(of: unit), positions: unit.train.times,
        samplingRate: recording.samplingRate, measures: measures, isTentative: unit.isTentative)
    }
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
    folder.add("units.csv", export.unitsCSV())
    folder.add("spikes.csv", export.spikesCSV())
    folder.add("counts.csv", counts.csv)
    if !interference.isEmpty { folder.add("interference.csv", interferenceCSV) }
    folder.add("units.eaf", annotations.eafText())
    folder.add("units.mu", annotations.wfdbBytes(samplingRate: recording.samplingRate))
    folder.add("report.html", report(command: command).html())
  }

  /// Writes the folder of results.
  ///
  /// Returns where a folder of another origin is kept, if one was there.
  ///
  /// - Throws: `OutputError` or `RecordingError` naming the folder or file.
  package func write(
    to place: OutputPlace, _ origin: OutputOrigin, command: String?, recipe: RunRecipe? = nil
  ) throws -> String? {
    var folder = ResultFolder()
    try add(to: &folder, command: command, recipe: recipe)
    return try folder.write(to: place, origin)
  }
}
