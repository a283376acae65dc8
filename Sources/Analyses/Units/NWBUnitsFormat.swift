import Foundation
import MATFiles
import Recordings

/// An NWB file: the recording, the Units table with potentials, and the sources.
struct NWBUnitsFormat: UnitFormat {
  let name = "nwb"
  let summary = "NWB 2.8 (.nwb, pynwb): recording, units with potentials, sources"
  let form = OutputPlace.Form.file
  let needs = UnitNeeds.sources

  func write(_ units: UnitCollection, to path: String) throws {
    guard var recording = units.recording else {
      throw AnalysisError(path: path, "an NWB file holds the recording too, and none is given")
    }
    // Sources that came with it are written beside the table instead.
    let signals = recording.channels.indices.filter {
      ![.storedSource, .storedFirings].contains(recording.channels[$0].role)
    }
    recording.warnings = []
    let isPhysical = recording.hasPhysicalAmplitude
    let rows = units.units.map { unit in
      NWBUnits.Unit(
        name: unit.id, times: unit.positions.map { $0 / units.samplingRate },
        silhouette: unit.silhouette, pulseToNoise: unit.pulseToNoise, source: unit.source,
        // The table knows volts only.
        potential: isPhysical ? unit.template?.channels ?? [] : [])
    }
    try NWBWriter.write(
      recording, to: path, channels: signals,
      units: NWBUnits(
        origin: units.software, units: rows,
        potentialRate: units.units.compactMap(\.template?.samplingRate).first ?? 0))
  }
}
