import Foundation
import Recordings

/// What `motorpool info --json` prints.
package struct RecordingSummary: Encodable {
  package struct ChannelSummary: Encodable {
    package let name: String
    package let role: String
    /// Unit of the values in the file.
    package let unit: String
    /// Unit of the values that analyses and `quality` use.
    package let valueUnit: String
    package let samplingRate: Double
    package let sampleCount: Int
    package let durationSeconds: Double
    package let startSeconds: Double
    package let gainProvenance: String
    /// Of the samples that were looked at; null where they were not.
    package let quality: ChannelQuality?
  }

  package let software = SoftwareVersion.text
  package let file: String
  package let format: String
  package let sha256: String
  package let startTime: String?
  package let samplingRate: Double
  package let sampleCount: Int
  package let durationSeconds: Double
  package let channels: [ChannelSummary]
  package let electrodeGrids: [ElectrodeGrid]
  package let gaps: [GapSummary]
  package let annotationCount: Int
  package let remarks: [String]
  package let warnings: [String]

  package struct GapSummary: Encodable {
    package let afterSeconds: Double
    package let durationSeconds: Double
  }

  /// Sums up a recording; `quality` has one entry a channel, nil where the samples were not looked at.
  ///
  /// - Throws: `RecordingError` where a file cannot be read for its hash.
  package init(_ recording: Recording, quality: [ChannelQuality]? = nil) throws {
    file = recording.source.fileName
    format = recording.source.formatName
    sha256 = try recording.source.inputHash()
    startTime = recording.startTime?.formatted(.iso8601)
    samplingRate = recording.samplingRate
    sampleCount = recording.sampleCount
    durationSeconds = recording.duration
    channels = recording.channels.enumerated().map { index, channel in
      ChannelSummary(
        name: channel.name, role: channel.role.rawValue, unit: channel.storedUnit,
        valueUnit: channel.unit.symbol, samplingRate: channel.samplingRate,
        sampleCount: channel.sampleCount, durationSeconds: channel.duration,
        startSeconds: channel.startSeconds, gainProvenance: channel.gainProvenance,
        quality: quality?[index])
    }
    electrodeGrids = recording.electrodeGrids
    gaps = recording.gaps.map {
      GapSummary(afterSeconds: $0.position, durationSeconds: $0.duration)
    }
    annotationCount = recording.annotations.count
    remarks = recording.remarks
    warnings = recording.warnings
  }
}
