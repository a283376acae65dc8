import ArgumentParser
import Foundation
import MATFiles
import Recordings
import Simulation

/// Writes simulated recordings in the formats that MotorPool reads.
enum SimulationFiles {
  /// The place of a recording, checked with its extension.
  static func place(
    _ path: String, of command: String, _ outputs: OutputArguments
  ) throws -> OutputPlace {
    guard extensions.contains((path as NSString).pathExtension.lowercased()) else {
      throw ValidationError("\(path): the extension must be .wav, .edf, .bdf, .csv or .mat")
    }
    return try outputs.file(path, of: command)
  }

  private static let extensions = ["wav", "edf", "bdf", "csv", "mat"]

  /// Writes a recording; the format follows from the extension of the path.
  ///
  /// Audio files hold the EMG channels only, the other formats the force as well.
  static func write(_ simulated: SimulatedRecording, to path: String, startTime: Date? = nil) throws
  {
    var recording = inMemory(simulated)
    recording.startTime = startTime
    try write(recording, to: path)
  }

  /// Writes a recording; the format follows from the extension of the path.
  static func write(_ recording: Recording, to path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "wav": try WAVWriter.write(recording, to: path, configuration: .init(format: .wavPCM16))
    case "edf": try EDFWriter.write(recording, to: path)
    case "bdf": try EDFWriter.write(recording, to: path, configuration: .init(isBDF: true))
    case "csv": try TableWriter.write(recording, to: path)
    case "mat": try MATWriter.write(recording, to: path)
    default:
      throw ValidationError("\(path): the extension must be .wav, .edf, .bdf, .csv or .mat")
    }
  }

  /// The recording with its force channel and grid geometry.
  static func inMemory(_ simulated: SimulatedRecording) -> Recording {
    let count = simulated.signals.count
    var recording = Recording(
      signals: simulated.signals + [simulated.forcePercentMVC],
      samplingRate: simulated.samplingRate,
      names: (1...max(1, count)).prefix(count).map { "EMG \($0)" } + ["Force"])
    recording.channels[count].role = .force
    recording.channels[count].unit = .percentMVC
    let layout = simulated.configuration.electrodes
    if layout.site == .surface {
      recording.electrodeGrids = [
        ElectrodeGrid(
          name: "", rows: layout.rows, columns: layout.columns,
          interElectrodeDistanceMillimetres: layout.spacing,
          electrodes: simulated.electrodes.enumerated().map { index, electrode in
            ElectrodeGrid.Electrode(
              channel: index, position: .init(row: electrode.row, column: electrode.column))
          })
      ]
    }
    return recording
  }
}
