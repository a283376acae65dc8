import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports

extension UnitCollection {
  /// The units as a folder of results: what `decompose` writes, as far as trains and recording tell it.
  ///
  /// `units.json`, `units.csv`, `spikes.csv`, `counts.csv` and `report.html`; with potentials `templates.json` too.
  /// - Throws: `RecordingError` or `ReportsError`.
  package func resultFolder(command: String? = nil) throws -> ResultFolder {
    var folder = ResultFolder()
    let export = export()
    folder.add("units.json", export.unitsJSON())
    folder.add("units.csv", export.unitsCSV())
    folder.add("spikes.csv", export.spikesCSV())
    let trains = units.map { SpikeTrain(times: $0.positions, samplingRate: samplingRate) }
    let duration = Double(sampleCount) / samplingRate
    let counts = CountSettings().counts(trains: trains, duration: duration)
    folder.add("counts.csv", counts.csv)
    if let templates { folder.add(TemplateFile.name, try templates.json()) }
    folder.add("report.html", try report(counts, duration: duration, command: command).html())
    return folder
  }

  /// What `units.json` and `spikes.csv` say.
  package func export() -> DecompositionExport {
    DecompositionExport(
      software: software, version: "read by \(SoftwareVersion.text)",
      input: recordingHash.map { InputFile(name: name, sha256: $0) }, samplingRate: samplingRate,
      sampleCount: sampleCount, channels: channels.map { recording?.channels[$0].name ?? "" },
      units: units.map { unit in
        let train = SpikeTrain(times: unit.positions, samplingRate: samplingRate)
        return DecompositionExport.Unit(
          id: unit.id, positions: unit.positions, samplingRate: samplingRate,
          silhouette: unit.silhouette, pulseToNoise: unit.pulseToNoise,
          isiCoV: train.isiCoV, meanRate: train.meanRate,
          amplitudeMicrovolts: amplitude(unit))
      },
      notes: [ReportWording.identifiedCounts, ReportWording.researchUse]
        + ["the units were found by another program: \(software)"] + warnings)
  }

  private func amplitude(_ unit: Unit) -> Double? {
    guard recording?.hasPhysicalAmplitude ?? false else { return nil }
    return unit.template.map { Double($0.peakToPeak) }
  }

  /// Potentials for tracking; nil without any.
  private var templates: TemplateFile? {
    guard let recordingHash, units.contains(where: { $0.template != nil }) else { return nil }
    let grid = recording?.electrodeGrid
    let distance = grid?.interElectrodeDistanceMillimetres
    let places = channels.compactMap { channel -> [Double]? in
      guard let position = grid?.position(ofChannel: channel), let distance else { return nil }
      return [Double(position.row) * distance, Double(position.column) * distance]
    }
    return TemplateFile(
      input: name, sha256: recordingHash,
      recording: TrackedRecording(
        positions: places.count == channels.count ? places : nil,
        units: units.compactMap { unit in
          unit.template.map {
            TrackedTemplate(unit: unit.id, template: $0)
          }
        }))
  }

  private func report(
    _ counts: [ActiveUnitCounts], duration: Double, command: String?
  ) throws -> RunReport {
    RunReport(
      recordingName: name, context: ["units found by \(software)"], duration: duration,
      samplingRate: samplingRate, channelCount: channels.count,
      units: units.map { unit in
        let train = SpikeTrain(times: unit.positions, samplingRate: samplingRate)
        return RunReport.Unit(
          id: unit.id, times: train.seconds, silhouette: unit.silhouette,
          pulseToNoise: unit.pulseToNoise, isiCoV: train.isiCoV,
          meanRate: train.meanRate, amplitudeMicrovolts: amplitude(unit))
      }, counts: counts.figure(duration: duration), warnings: warnings,
      provenance: Provenance(
        version: SoftwareVersion.number, command: command,
        inputs: recordingHash.map { [InputFile(name: name, sha256: $0)] } ?? []))
  }
}
