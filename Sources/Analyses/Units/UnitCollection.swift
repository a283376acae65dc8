import Decomposition
import Foundation
import Recordings
import Reports
import Signal

/// The units of one decomposition with what programs exchange of them: trains, figures of merit,
/// sources, potentials, and the recording they were found in.
package struct UnitCollection: Sendable {
  /// One unit.
  package struct Unit: Sendable {
    /// Its name.
    package var id: String
    /// Discharges in samples of the recording, from 0, ascending, with fractions where they are known.
    package var positions: [Double]
    /// Silhouette value, 0 to 1; nil where it is not known.
    package var silhouette: Double?
    /// Pulse-to-noise ratio in dB; nil where it is not known.
    package var pulseToNoise: Double?
    /// Source (innervation pulse train), as long as the recording, 1 at a mean discharge; empty where
    /// there is none.
    package var source: [Float] = []
    /// Potential over the EMG channels in their order; nil where there is none.
    package var template: MUAPTemplate?

    /// A unit from its train.
    package init(
      id: String, positions: [Double], silhouette: Double? = nil, pulseToNoise: Double? = nil
    ) {
      self.id = id
      self.positions = positions.sorted()
      self.silhouette = silhouette
      self.pulseToNoise = pulseToNoise
    }

    /// Discharges at whole samples, each once, within a recording of a length.
    package func samples(of count: Int) -> [Int] {
      var last = -1
      return positions.compactMap { position in
        guard let sample = Int(bounded: position, in: 0...max(0, count - 1)), sample > last else {
          return nil
        }
        last = sample
        return sample
      }
    }
  }

  /// Name of the recording or file.
  package var name: String
  /// Name of the recording in a BIDS dataset, such as `sub-01_task-hold`; nil where its file name tells it.
  package var bidsName: String?
  /// The program that found the units, with its version where it is known.
  package var software: String
  /// Samples per second of the recording in Hz.
  package var samplingRate: Double
  /// Samples of the recording.
  package var sampleCount: Int
  /// The units in their order.
  package var units: [Unit]
  /// SHA-256 of the recording the units were found in; nil where it is not known.
  package var recordingHash: String?
  /// The recording; nil where it was not given.
  package var recording: Recording?
  /// Names of EMG channels that the decomposition left out.
  package var rejectedNames: Set<String> = []
  /// How the recording was decomposed; decides how sources are made again.
  package var configuration = ArrayConfiguration()
  /// What the user should know.
  package var warnings: [String] = []

  /// A collection of units.
  package init(
    name: String, software: String, samplingRate: Double, sampleCount: Int, units: [Unit],
    recording: Recording? = nil
  ) {
    self.name = name
    self.software = software
    self.samplingRate = samplingRate
    self.sampleCount = sampleCount
    self.units = units
    self.recording = recording
  }

  /// Reads the results of `decompose` in a folder.
  ///
  /// - Throws: `AnalysisError`, `ReportsError` naming the file.
  package init(folder: String) throws {
    let path = URL(fileURLWithPath: folder).appendingPathComponent("units.json").path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw AnalysisError(
        .cannotOpen, path: folder,
        "holds no units.json; name a folder that decompose or import-units wrote")
    }
    let export = try DecompositionExport.reading(unitsJSON: data, name: path)
    self.init(
      name: export.input?.name ?? URL(fileURLWithPath: folder).lastPathComponent,
      software: "\(export.software) \(export.version)", samplingRate: export.samplingRate,
      sampleCount: export.sampleCount,
      units: export.units.map { unit in
        Unit(
          id: unit.id, positions: unit.times.map { $0 * export.samplingRate },
          silhouette: unit.silhouette, pulseToNoise: unit.pulseToNoise)
      })
    recordingHash = export.input?.sha256
    rejectedNames = Set(export.badChannels.map(\.name))
    if let parameters = try? JSONEncoder().encode(export.parameters),
      let stored = try? JSONDecoder().decode(ArrayConfiguration.self, from: parameters)
    {
      configuration = stored
    }
  }

  /// The units with the recording they were found in.
  ///
  /// - Throws: `AnalysisError` where it is another one: its hash, rate or length differs.
  package func with(_ recording: Recording) throws -> UnitCollection {
    var result = self
    result.recording = recording
    let path = recording.source.path
    if let recordingHash, try recording.source.inputHash() != recordingHash {
      throw AnalysisError(
        path: path,
        "is not the recording of these units: SHA-256 \(try recording.source.inputHash().prefix(12))…, "
          + "expected \(recordingHash.prefix(12))… (\(name))")
    }
    guard abs(recording.samplingRate / samplingRate - 1) < 1e-6 else {
      throw AnalysisError(
        path: path,
        "has \(recording.samplingRate) Hz where the units were found at \(samplingRate) Hz",
        remedy: .stateSamplingRate)
    }
    let last = units.compactMap(\.positions.last).max() ?? 0
    guard last < Double(recording.sampleCount) else {
      throw AnalysisError(
        path: path,
        "has \(recording.sampleCount) samples where a unit has a discharge at sample \(Int(last))")
    }
    result.sampleCount = recording.sampleCount
    return result
  }

  /// Indices of the EMG channels of the recording; empty without one.
  package var channels: [Int] { recording?.emgChannels ?? [] }

  /// Grids with the places of their channels among the EMG channels, ascending.
  ///
  /// Channels of no grid come last, so that each channel is in one entry.
  package var arrays: [(grid: ElectrodeGrid?, places: [Int])] {
    let channels = self.channels
    let order = Dictionary(uniqueKeysWithValues: channels.enumerated().map { ($1, $0) })
    var left = Set(channels.indices)
    var result: [(grid: ElectrodeGrid?, places: [Int])] = []
    for grid in recording?.electrodeGrids ?? [] {
      let places = grid.electrodes.compactMap { order[$0.channel] }.filter { left.contains($0) }
      if places.isEmpty { continue }
      left.subtract(places)
      result.append((grid, places.sorted()))
    }
    if !left.isEmpty { result.append((nil, left.sorted())) }
    return result
  }

  /// The EMG, channels x samples, in microvolts where the recording tells them.
  ///
  /// - Throws: `RecordingError`.
  package func signal() throws -> [[Float]] { try recording?.emgSamples() ?? [] }

  /// The force at the rate of the EMG, as long as the recording; empty without one.
  ///
  /// - Throws: `RecordingError`.
  package func force() throws -> [Float] {
    guard let recording, let channel = recording.forceChannel else { return [] }
    let values = try recording.samples(channel: channel)
    guard !values.isEmpty else { return [] }
    let ratio = recording.channels[channel].samplingRate / samplingRate
    return (0..<sampleCount).map { Self.interpolated(values, at: Double($0) * ratio) }
  }

  /// A value between samples, on a straight line; the ends are held.
  static func interpolated(_ values: [Float], at position: Double) -> Float {
    let place = max(0, min(Double(values.count - 1), position))
    let index = Int(place)
    let next = min(values.count - 1, index + 1)
    return values[index] + (values[next] - values[index]) * Float(place - Double(index))
  }
}
