import Foundation
import Recordings

/// Writes recordings and variables as MAT files, readable by MATLAB, Octave and SciPy.
public enum MATWriter {
  /// How the variables are laid out.
  public enum Layout: String, CaseIterable, Codable, Sendable {
    /// `Data` (samples x channels, single), `Time` (s), `Description` (`NAME[UNIT]`),
    /// `SamplingFrequency` (Hz), as OTBiolab+ exports them.
    case describedChannels
    /// `data` (samples x channels, single, microvolts), `fs` (Hz), `unit`: EMG channels only.
    case plainMatrix
  }

  /// The kind of MAT file.
  public enum Version: String, CaseIterable, Codable, Sendable {
    /// Level 5 with compression, what `save -v7` writes; variables below 2 GB.
    case level5
    /// Version 7.3 (HDF5), what `save -v7.3` writes; variables of any size.
    case version73
  }

  /// Largest matrix that a level 5 file can hold, in bytes.
  private static let limit = (1 << 31) - (1 << 16)

  /// Writes the file atomically; the samples are held in memory.
  ///
  /// All channels written must have one rate and length.
  ///
  /// - Throws: `RecordingError`, also above the 2 GB that level 5 can hold.
  public static func write(
    _ recording: Recording, to path: String, layout: Layout = .describedChannels,
    version: Version = .level5
  ) throws {
    let indices =
      layout == .plainMatrix ? recording.emgChannels : Array(recording.channels.indices)
    let channels = indices.map { recording.channels[$0] }
    guard let first = channels.first, first.sampleCount > 0 else {
      throw RecordingError(.cannotWrite, path: path, "there are no samples to write")
    }
    guard
      channels.allSatisfy({
        $0.samplingRate == first.samplingRate && $0.sampleCount == first.sampleCount
      })
    else {
      throw RecordingError(
        .cannotWrite, path: path, "a matrix has one sampling rate, the channels differ")
    }
    guard version == .version73 || first.sampleCount * 4 * channels.count < limit else {
      throw RecordingError(
        .cannotWrite, path: path, "the samples exceed the 2 GB of a MAT file of level 5",
        remedy: "write version 7.3, EDF, BDF or W64")
    }
    if layout == .plainMatrix, !recording.hasPhysicalAmplitude {
      throw RecordingError(
        .cannotWrite, path: path, "the EMG channels are not in microvolts")
    }
    let columns = try recording.samples(channels: indices, range: 0..<first.sampleCount)
    let matrix = MATVariable.single(
      columns.flatMap { $0 }, rows: first.sampleCount, columns: channels.count)
    let variables: [(name: String, value: MATVariable)]
    switch layout {
    case .describedChannels:
      let times = (0..<first.sampleCount).map { Double($0) / first.samplingRate }
      variables = [
        ("Data", matrix), ("Time", .double(times, rows: times.count, columns: 1)),
        ("Description", .texts(channels.map { "\(named($0))[\(unit($0.unit))]" })),
        ("SamplingFrequency", .double([first.samplingRate], rows: 1, columns: 1)),
      ]
    case .plainMatrix:
      variables = [
        ("data", matrix), ("fs", .double([first.samplingRate], rows: 1, columns: 1)),
        ("unit", .text("uV")),
      ]
    }
    try write(variables, to: path, version: version)
  }

  /// Writes variables atomically, in their order; throws `RecordingError`.
  public static func write(
    _ variables: [(name: String, value: MATVariable)], to path: String, version: Version = .level5
  ) throws {
    let file = try AtomicFile(path: path)
    try MATFile.write(variables, path: file.temporaryPath, finalPath: path, version: version)
    try file.finish()
  }

  /// The name, with the role before it where the name alone would not tell it.
  private static func named(_ channel: Channel) -> String {
    let guess = OTBiolabExport.Description("\(channel.name)[\(unit(channel.unit))]").role
    if guess == channel.role { return channel.name }
    return switch channel.role {
    case .emg: "EMG \(channel.name)"
    case .force: "Force \(channel.name)"
    case .trigger: "Trigger \(channel.name)"
    case .storedFirings: "Decomposition of \(channel.name)"
    case .storedSource: "Source for decomposition of \(channel.name)"
    case .auxiliary: "Aux \(channel.name)"
    }
  }

  private static func unit(_ unit: PhysicalUnit) -> String {
    unit == .percentMVC ? " %(MVC)" : unit.symbol
  }
}
