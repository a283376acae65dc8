import Decomposition
import Foundation
import Recordings
import Signal

/// Files of separation filters.
package enum SavedModel {
  /// Keeps the filters of an analysis.
  ///
  /// - Throws: `OutputError` or `RecordingError` where the file cannot be written; `AnalysisError`
  ///   without units.
  package static func write(
    _ analysis: ArrayAnalysis, to place: OutputPlace, _ origin: OutputOrigin,
    parallelism: Parallelism
  ) throws {
    let recording = analysis.recording
    do {
      let model = try SeparationModel(
        analysis.decomposition, setUp: ChannelSetUp(recording),
        provenance: SeparationModel.Provenance(
          // A kept model travels to other patients: file names often hold names.
          software: SoftwareVersion.text, recording: recording.source.codeName,
          sha256: analysis.inputHash),
        parallelism: parallelism
      ) { try recording.emgSamples(in: $0) }
      try place.write(origin, try model.encoded())
    } catch let error as DecompositionError {
      throw AnalysisError(path: place.path, "not written: \(error.description)")
    }
  }

  /// Whether content is a file of filters.
  @Sendable
  package static func isModel(_ data: Data) -> Bool {
    (try? SeparationModel(decoding: data)) != nil
  }

  /// Reads a file of filters.
  ///
  /// - Throws: `AnalysisError` naming the file.
  package static func read(_ path: String) throws -> SeparationModel {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw AnalysisError(.cannotOpen, path: path, "cannot be opened")
    }
    do {
      return try SeparationModel(decoding: data)
    } catch let error as DecompositionError {
      throw AnalysisError(path: path, "\(error.description)")
    }
  }
}

extension ChannelSetUp {
  /// The EMG electrodes of a recording, or those of some of its channels.
  package init(_ recording: Recording, channels chosen: [Int]? = nil) {
    let channels = chosen ?? recording.emgChannels
    let grid = recording.electrodeGrid
    let places = channels.compactMap { channel in
      grid?.position(ofChannel: channel).map { [$0.row, $0.column] }
    }
    self.init(
      channelCount: channels.count, samplingRate: recording.samplingRate,
      positions: places.count == channels.count && !places.isEmpty ? places : nil,
      spacingMillimetres: grid?.interElectrodeDistanceMillimetres)
  }
}
