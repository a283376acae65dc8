import Foundation
import Recordings
import Reports

/// Tables: `spikes.csv`, `units.csv`, and with a recording `sources.csv` and `templates.csv`.
struct UnitTablesFormat: UnitFormat {
  let name = "csv"
  let summary = "tables for any program, into a folder"
  let form = OutputPlace.Form.folder
  let needs = UnitNeeds.trains

  func write(_ units: UnitCollection, to path: String) throws {
    func write(_ name: String, _ body: (AtomicFile) throws -> Void) throws {
      let file = try AtomicFile(path: path + "/" + name)
      try body(file)
      try file.finish()
    }
    let export = DecompositionExport(
      version: SoftwareVersion.number, samplingRate: units.samplingRate,
      sampleCount: units.sampleCount, channels: [],
      units: units.units.map {
        DecompositionExport.Unit(
          id: $0.id, positions: $0.positions, samplingRate: units.samplingRate)
      })
    try write("spikes.csv") { try $0.append(Array(export.spikesCSV().utf8)) }
    try write("units.csv") { file in
      var text = "unit,discharges,silhouette,pulse_to_noise_dB,sampling_rate_Hz,samples\n"
      for unit in units.units {
        text +=
          [
            Self.field(unit.id), "\(unit.positions.count)", Self.number(unit.silhouette),
            Self.number(unit.pulseToNoise), "\(units.samplingRate)", "\(units.sampleCount)",
          ].joined(separator: ",") + "\n"
      }
      try file.append(Array(text.utf8))
    }
    if units.units.contains(where: { !$0.source.isEmpty }) {
      try write("sources.csv") { try writeSources(units, $0) }
    }
    if units.units.contains(where: { $0.template != nil }) {
      try write("templates.csv") { try writeTemplates(units, $0) }
    }
  }

  /// One row a sample, one column a unit; 1 is the height of a mean discharge.
  private func writeSources(_ units: UnitCollection, _ file: AtomicFile) throws {
    var text = "time_s," + units.units.map { Self.field($0.id) }.joined(separator: ",") + "\n"
    for sample in 0..<units.sampleCount {
      text += Formatting.fixed(Double(sample) / units.samplingRate, 6)
      for unit in units.units {
        text += "," + (unit.source.isEmpty ? "" : Formatting.fixed(Double(unit.source[sample]), 4))
      }
      text += "\n"
      if text.utf8.count > 1 << 20 {
        try file.append(Array(text.utf8))
        text = ""
      }
    }
    try file.append(Array(text.utf8))
  }

  /// One row for each unit, channel and time after the discharge.
  private func writeTemplates(_ units: UnitCollection, _ file: AtomicFile) throws {
    let isPhysical = units.recording?.hasPhysicalAmplitude ?? false
    var text = "unit,channel,time_ms,\(isPhysical ? "potential_uV" : "potential")\n"
    for unit in units.units {
      guard let template = unit.template else { continue }
      for (place, waveform) in template.channels.enumerated() {
        let name = Self.field(units.recording?.channels[units.channels[place]].name ?? "")
        for (index, value) in waveform.enumerated() {
          let time = Double(index - template.origin) / template.samplingRate * 1000
          text +=
            "\(Self.field(unit.id)),\(name),\(Formatting.fixed(time, 4)),"
            + "\(Formatting.fixed(Double(value), 3))\n"
        }
      }
      try file.append(Array(text.utf8))
      text = ""
    }
    try file.append(Array(text.utf8))
  }

  private static func number(_ value: Double?) -> String {
    value.map { Formatting.fixed($0, 4) } ?? ""
  }

  private static func field(_ text: String) -> String {
    text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }
}

/// The annotation file of EMGLAB.
struct EAFFormat: UnitFormat {
  let name = "eaf"
  let summary = "EMGLAB (.eaf)"
  let form = OutputPlace.Form.file
  let needs = UnitNeeds.trains

  func write(_ units: UnitCollection, to path: String) throws {
    try units.annotations.writeEAF(to: path)
  }
}

/// The annotation file of WFDB programs.
struct WFDBAnnotationsFormat: UnitFormat {
  let name = "wfdb"
  let summary = "WFDB annotations (RECORD.mu; wfdb.rdann, rdann)"
  let form = OutputPlace.Form.file
  let needs = UnitNeeds.trains

  func write(_ units: UnitCollection, to path: String) throws {
    let suffix = URL(fileURLWithPath: path).pathExtension
    guard !suffix.isEmpty, suffix.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      throw RecordingError(
        .cannotWrite, path: path,
        "needs an extension of letters, which is the annotator's name to WFDB programs",
        remedy: "name it as the record with .mu")
    }
    try units.annotations.writeWFDB(to: path, samplingRate: units.samplingRate)
  }
}

extension UnitCollection {
  /// The trains in seconds.
  var annotations: SpikeAnnotations {
    SpikeAnnotations(
      origin: name,
      trains: units.map { unit in
        SpikeAnnotations.Train(
          unit: unit.id, times: unit.positions.map { $0 / samplingRate },
          silhouette: unit.silhouette)
      })
  }
}
