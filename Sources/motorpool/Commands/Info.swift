import Analyses
import ArgumentParser
import Foundation
import Recordings
import Reports

/// `motorpool info`: what a recording holds.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a recording holds, without reading its samples.",
    discussion: """
      Examples:
        motorpool info recording.edf
        motorpool info grid.mat --json
        motorpool info table.csv --fs 2048 --unit mV
      """)

  @Argument(help: "Recording: WAV, W64, RF64, FLAC, AIFF, EDF, BDF, CSV, TSV, MAT or WFDB (.hea).")
  var file: String

  @OptionGroup var recording: RecordingArguments

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func run() throws {
    let recording = try recording.open(file)
    print(
      json ? try JSONText.of(RecordingSummary(recording)) : Self.text(recording),
      terminator: json ? "" : "\n")
  }

  private static func text(_ recording: Recording) -> String {
    var lines = [
      "\(recording.source.fileName): \(recording.source.formatName), "
        + "\(recording.channels.count) channels, \(Formatting.duration(recording.duration))"
    ]
    lines.append("SHA-256  \((try? recording.source.inputHash()) ?? "unreadable")")
    if let start = recording.startTime {
      lines.append("Start    \(start.formatted(.iso8601))")
    }
    for grid in recording.electrodeGrids {
      let distance =
        grid.interElectrodeDistanceMillimetres.map { ", \(Formatting.rate($0)) mm apart" } ?? ""
      lines.append(
        "Grid     \(grid.name.isEmpty ? "" : grid.name + ": ")\(grid.rows) x \(grid.columns), "
          + "\(grid.electrodes.count) electrodes\(distance)")
    }
    for gap in recording.gaps.prefix(10) {
      lines.append(
        "Gap      \(Formatting.fixed(gap.duration, 3)) s after "
          + "\(Formatting.fixed(gap.position, 3)) s of signal")
    }
    if recording.gaps.count > 10 { lines.append("         and \(recording.gaps.count - 10) more") }
    if !recording.annotations.isEmpty { lines.append("Remarks  \(recording.annotations.count)") }
    lines += recording.remarks.map { "         \($0)" }
    lines.append("")
    lines.append(channelTable(recording))
    if !recording.warnings.isEmpty { lines.append("") }
    lines += recording.warnings.map { "Warning: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// Neighbouring channels that differ only in their name share a line.
  private static func channelTable(_ recording: Recording) -> String {
    var table = TextTable(["Channels", "Name", "Role", "Unit", "Rate (Hz)", "Samples", "Scale"])
    var start = 0
    let channels = recording.channels
    while start < channels.count {
      var end = start + 1
      while end < channels.count && alike(channels[start], channels[end]) { end += 1 }
      let first = channels[start]
      table.add([
        end - start == 1 ? "\(start + 1)" : "\(start + 1)-\(end)",
        end - start == 1 ? first.name : "\(first.name) … \(channels[end - 1].name)",
        first.role.rawValue, first.unit.symbol, Formatting.rate(first.samplingRate),
        String(first.sampleCount), first.gainProvenance,
      ])
      start = end
    }
    return table.text
  }

  private static func alike(_ a: Channel, _ b: Channel) -> Bool {
    a.role == b.role && a.unit == b.unit && a.samplingRate == b.samplingRate
      && a.sampleCount == b.sampleCount && a.gainProvenance == b.gainProvenance
  }
}
