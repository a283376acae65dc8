import Foundation
import Recordings

/// What `motorpool info --json` prints.
package struct RecordingSummary: Encodable {
  package struct ChannelSummary: Encodable {
    package let name: String
    package let role: String
    package let unit: String
    package let samplingRate: Double
    package let sampleCount: Int
    package let gainProvenance: String
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

  package init(_ recording: Recording) throws {
    file = recording.source.fileName
    format = recording.source.formatName
    sha256 = try recording.source.inputHash()
    startTime = recording.startTime?.formatted(.iso8601)
    samplingRate = recording.samplingRate
    sampleCount = recording.sampleCount
    durationSeconds = recording.duration
    channels = recording.channels.map {
      ChannelSummary(
        name: $0.name, role: $0.role.rawValue, unit: $0.unit.symbol,
        samplingRate: $0.samplingRate, sampleCount: $0.sampleCount,
        gainProvenance: $0.gainProvenance)
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
