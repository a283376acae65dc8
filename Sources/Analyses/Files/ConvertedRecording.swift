import Foundation
import MATFiles
import Recordings
import Reports

/// A recording on its way to another format: what is written, and what the format cannot hold of it.
package struct ConvertedRecording {
  /// Where to: the extension of a file, or `bids` for a dataset.
  package let format: String
  /// What is written.
  package let recording: Recording

  /// Extensions of files that can be written.
  package static let extensions = Recording.writableExtensions + ["mat", "nwb"]

  /// A recording for a format.
  package init(_ recording: Recording, format: String) {
    self.recording = recording
    self.format = format.lowercased()
  }

  private var isAudio: Bool { ["wav", "rf64", "w64", "flac", "aiff", "caf"].contains(format) }

  /// Channels that the format holds, by index.
  package var channels: [Int] {
    isAudio ? recording.emgChannels : Array(recording.channels.indices)
  }

  /// What the format cannot hold of this recording.
  ///
  /// - Throws: `RecordingError` where stored discharges cannot be read.
  package func leftOut() throws -> [String] {
    var lost: [String] = []
    let others = recording.channels.count - channels.count
    if others > 0 {
      lost.append("\(others) channels that are no EMG, which audio files do not hold here")
    }
    let hasAnnotations = ["edf", "bdf", "bids"].contains(format)
    if !recording.annotations.isEmpty, !hasAnnotations {
      lost.append("\(recording.annotations.count) remarks (EDF, BDF and BIDS keep them)")
    }
    let hasLayout = ["edf", "bdf", "bids", "nwb"].contains(format)
    if !recording.electrodeGrids.isEmpty, !hasLayout {
      lost.append("the layout of the electrodes (EDF, BDF, BIDS and NWB keep it)")
    }
    if !recording.gaps.isEmpty {
      lost.append(
        "\(recording.gaps.count) gaps: the samples follow each other without interruption")
    }
    if format != "nwb", let spikes = try recording.storedSpikes(), spikes.spikeCount > 0 {
      lost.append("the stored discharges of \(spikes.trains.count) units (NWB keeps them)")
    }
    if recording.startTime != nil, !hasLayout { lost.append("the time of the start") }
    return lost
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - usesVersion73: whether a MAT file is of version 7.3 instead of level 5.
  ///   - progress: what it throws ends the writing, which leaves no file.
  /// - Throws: `RecordingError`; what `progress` throws.
  package func write(
    to path: String, usesVersion73: Bool = false,
    progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    let watched = watched(progress)
    switch format {
    case "mat":
      try MATWriter.write(watched, to: path, version: usesVersion73 ? .version73 : .level5)
    case "nwb": try NWBWriter.write(watched, to: path)
    default: try watched.write(to: path)
    }
  }

  /// Writes a BIDS dataset into an existing folder.
  ///
  /// - Parameters:
  ///   - name: name of the recording with its entities.
  ///   - progress: what it throws ends the writing.
  /// - Throws: `RecordingError`; what `progress` throws.
  package func writeDataset(
    to folder: String, name: String, progress: @escaping AnalysisProgressHandler = { _ in }
  ) throws {
    try BIDSDatasetWriter.write(
      watched(progress), to: folder, name: name,
      software: ("MotorPool", SoftwareVersion.number))
  }

  /// EDF and its like look for the largest value first.
  private func watched(_ progress: @escaping AnalysisProgressHandler) -> Recording {
    let passes = ["edf", "bdf", "bids", "flac", "aiff"].contains(format) ? 2 : 1
    return recording.reporting(channels: channels, passes: passes) {
      try progress(AnalysisProgress($0))
    }
  }
}

/// What was written, for programs.
package struct ConvertSummary: Encodable {
  package let path: String
  package let from: String
  package let channels: Int
  package let samplingRate: Double
  package let durationSeconds: Double
  /// What the format cannot hold; a sentence each.
  package let leftOut: [String]
  package let warnings: [String]

  /// The summary of a recording that was written.
  ///
  /// - Parameter original: the recording as it was opened.
  /// - Throws: `RecordingError` where stored discharges cannot be read.
  package init(
    _ converted: ConvertedRecording, path: String, from original: Recording
  ) throws {
    self.path = path
    from = original.source.formatName
    channels = converted.channels.count
    samplingRate = converted.recording.samplingRate
    durationSeconds = converted.recording.duration
    leftOut = try converted.leftOut()
    warnings = original.warnings
  }
}

extension ConvertSummary {
  /// The summary for people.
  package var text: String {
    let counted = "\(channels) channel\(channels == 1 ? "" : "s")"
    var lines = [
      "\(path): \(counted), \(Formatting.rate(samplingRate)) Hz, "
        + "\(Formatting.duration(durationSeconds)) of \(from)"
    ]
    lines += leftOut.map { "Left out: \($0)" }
    lines += warnings.map { "Warning: \($0)" }
    return lines.joined(separator: "\n")
  }
}
