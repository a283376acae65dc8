import Analyses
import ArgumentParser
import Foundation
import Recordings
import Reports
import Tables

/// `motorpool info`: what a recording holds.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a recording holds and what is doubtful about it.",
    discussion: """
      Examples:
        motorpool info recording.edf
        motorpool info grid.mat --json
        motorpool info table.csv --fs 2048 --unit mV
        motorpool info grid.mat --plot overview.html
        cat recording.bdf | motorpool info -
      """)

  @Argument(help: "Recording: any format that is read; of WFDB the .hea file.")
  var file: String

  @OptionGroup var recording: RecordingArguments

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  @Flag(help: "Read the header alone: no RMS, clipping, hum and dead time.")
  var headerOnly = false

  @Option(help: "Draw channels, quality and the power over the grid into an .svg or .html file.")
  var plot: String?

  @OptionGroup var outputs: OutputArguments

  func validate() throws {
    guard let plot else { return }
    guard ["svg", "html"].contains((plot as NSString).pathExtension.lowercased()) else {
      throw ValidationError("--plot \(plot): the extension must be .svg or .html")
    }
    guard !headerOnly else { throw ValidationError("--plot needs the samples; omit --header-only") }
  }

  func run() throws {
    var place = try plot.map { try outputs.file($0, of: "info", inputs: [file]) }
    var recording = try recording.open(file)
    try place?.protect(recording.source.files)
    let quality = headerOnly ? nil : try recording.quality()
    if let quality {
      recording.warnings += recording.doubts(quality)
    } else if !headerOnly {
      recording.warnings.append("the samples were not looked at because of the file's size")
    }
    if let place { try draw(recording, quality, to: place) }
    print(
      json
        ? try JSONText.of(RecordingSummary(recording, quality: quality))
        : Self.text(recording, quality),
      terminator: json ? "" : "\n")
  }

  private func draw(
    _ recording: Recording, _ quality: [ChannelQuality]?, to place: OutputPlace
  ) throws {
    guard let quality else {
      throw Failure.Message(
        "\(file): is too large to be read whole for a picture; convert it to EDF, BDF or WAV first")
    }
    let overview = RecordingOverview(recording, quality: quality)
    let origin = place.origin(inputs: [try .init(recording)])
    if (place.path as NSString).pathExtension.lowercased() == "html" {
      try place.write(origin, try overview.page(command: CommandText.invocation).html())
    } else if let picture = try overview.figure().figure(id: "overview").svg {
      try place.write(origin, picture)
    }
  }

  private static func text(_ recording: Recording, _ quality: [ChannelQuality]?) -> String {
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
      lines += picture(grid)
    }
    if recording.electrodeGrids.isEmpty, recording.emgChannels.count > 8 {
      lines.append("Grid     layout unknown (state it with --grid where it is needed)")
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
    lines.append(channelTable(recording, quality))
    if !recording.warnings.isEmpty { lines.append("") }
    lines += recording.warnings.map { "Warning: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// The channels of a grid where they sit, counted from 1; a dot where there is no electrode.
  private static func picture(_ grid: ElectrodeGrid) -> [String] {
    guard grid.rows <= 32, grid.columns <= 24 else { return [] }
    let channelAt = Dictionary(
      grid.electrodes.map { ($0.position, $0.channel + 1) }, uniquingKeysWith: { first, _ in first }
    )
    let width = channelAt.values.map { "\($0)".count }.max() ?? 1
    return (0..<grid.rows).map { row in
      let cells = (0..<grid.columns).map { column -> String in
        let text = channelAt[.init(row: row, column: column)].map { "\($0)" } ?? "·"
        return String(repeating: " ", count: width - text.count) + text
      }
      return "         " + cells.joined(separator: " ")
    }
  }

  /// Neighbouring channels that differ only in their name share a line where there are many.
  private static func channelTable(
    _ recording: Recording, _ quality: [ChannelQuality]?
  ) -> String {
    var titles = ["Channels", "Name", "Role", "Unit", "Rate (Hz)", "Samples", "Length (s)"]
    if quality != nil { titles += ["RMS", "Clipped (%)", "Hum (%)", "Dead (s)"] }
    var table = TextTable(titles + ["Scale"])
    var start = 0
    let channels = recording.channels
    while start < channels.count {
      var end = start + 1
      while channels.count > 16, end < channels.count, alike(channels[start], channels[end]) {
        end += 1
      }
      let first = channels[start]
      var cells = [
        end - start == 1 ? "\(start + 1)" : "\(start + 1)-\(end)",
        end - start == 1 ? first.name : "\(first.name) … \(channels[end - 1].name)",
        first.role.rawValue, first.unit.symbol, Formatting.rate(first.samplingRate),
        String(first.sampleCount), Formatting.fixed(first.duration, 3),
      ]
      if let quality {
        let part = quality[start..<end]
        cells += [
          range(part.map(\.rms), 2), range(part.map { 100 * $0.clippedShare }, 1),
          range(part.map { 100 * $0.humShare }, 1), range(part.map(\.deadSeconds), 2),
        ]
      }
      table.add(cells + [first.gainProvenance])
      start = end
    }
    return table.text
  }

  /// Smallest and largest of some values, one where they print alike.
  private static func range(_ values: [Double], _ decimals: Int) -> String {
    func text(_ value: Double?) -> String {
      guard let value, value.isFinite, abs(value) < 1e9, value == 0 || abs(value) >= 0.01 else {
        return value.map { String(format: "%.3g", $0) } ?? "-"
      }
      return Formatting.fixed(value, decimals)
    }
    let (low, high) = (text(values.min()), text(values.max()))
    return low == high ? low : "\(low)-\(high)"
  }

  private static func alike(_ a: Channel, _ b: Channel) -> Bool {
    a.role == b.role && a.unit == b.unit && a.samplingRate == b.samplingRate
      && a.sampleCount == b.sampleCount && a.gainProvenance == b.gainProvenance
  }
}
