import Decomposition
import Foundation
import Recordings
import Signal

/// Files of separation filters.
enum SavedModel {
  /// Keeps the filters of an analysis.
  ///
  /// - Throws: `RecordingError` where the file cannot be written; `Failure.Message` without units.
  static func write(_ analysis: ArrayAnalysis, to place: OutputPlace, parallelism: Parallelism)
    throws
  {
    let recording = analysis.recording
    do {
      let model = try SeparationModel(
        analysis.decomposition, setUp: ChannelSetUp(recording),
        provenance: SeparationModel.Provenance(
          software: SoftwareVersion.text, recording: recording.source.fileName,
          sha256: analysis.inputHash),
        parallelism: parallelism
      ) { try recording.emgSamples(in: $0) }
      try place.write(
        place.origin(seed: model.configuration.seed), try model.encoded())
    } catch let error as DecompositionError {
      throw Failure.Message("\(place.path): not written: \(error.description)")
    }
  }

  /// Whether content is a file of filters.
  @Sendable
  static func isModel(_ data: Data) -> Bool {
    (try? SeparationModel(decoding: data)) != nil
  }

  /// Reads a file of filters.
  ///
  /// - Throws: `Failure.Message` naming the file.
  static func read(_ path: String) throws -> SeparationModel {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Failure.Message("\(path): cannot be opened", code: Failure.noInput)
    }
    do {
      return try SeparationModel(decoding: data)
    } catch let error as DecompositionError {
      throw Failure.Message("\(path): \(error.description)")
    }
  }
}

extension ChannelSetUp {
  /// The EMG electrodes of a recording.
  init(_ recording: Recording) {
    let channels = recording.emgChannels
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

extension Recording {
  /// A range of all EMG channels: channels x samples.
  ///
  /// - Throws: `RecordingError`, also where the EMG channels differ in sampling rate.
  func emgSamples(in range: Range<Int>) throws -> [[Float]] {
    let indices = emgChannels
    // Channels of several rates are refused with the message for whole recordings.
    if Set(indices.map { channels[$0].samplingRate }).count > 1 { return try emgSamples() }
    return try samples(channels: indices, range: range)
  }
}
