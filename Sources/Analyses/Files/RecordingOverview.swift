import Recordings
import Reports

/// The first look at a recording as a figure and a page.
package struct RecordingOverview {
  private let recording: Recording
  private let quality: [ChannelQuality]
  /// The channels that are shown: EMG, or all where there is none.
  private let indices: [Int]

  /// Stretches of time into which the traces are cut.
  private static let columnCount = 400
  /// Values that are read for the traces of all channels.
  private static let budget = 40_000_000

  /// `quality` has one entry a channel.
  package init(_ recording: Recording, quality: [ChannelQuality]) {
    self.recording = recording
    self.quality = quality
    indices =
      recording.emgChannels.isEmpty
      ? Array(recording.channels.indices) : recording.emgChannels
  }

  /// The figure; throws `RecordingError`.
  package func figure() throws -> RecordingOverviewFigure {
    let extremes = try self.extremes()
    let channels = indices.enumerated().map { place, index in
      let (channel, look) = (recording.channels[index], quality[index])
      return RecordingOverviewFigure.Channel(
        name: channel.name, extremes: extremes[place], rms: look.rms, humShare: look.humShare,
        clippedShare: look.clippedShare,
        deadShare: channel.duration > 0 ? min(1, look.deadSeconds / channel.duration) : 0)
    }
    let places = Dictionary(
      indices.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let grids = recording.electrodeGrids.map { grid in
      var sites = [Int?](repeating: nil, count: grid.rows * grid.columns)
      for electrode in grid.electrodes {
        sites[electrode.position.row * grid.columns + electrode.position.column] =
          places[electrode.channel]
      }
      return RecordingOverviewFigure.Grid(
        name: grid.name, rows: grid.rows, columns: grid.columns, channels: sites)
    }
    let unit = indices.first.map { recording.channels[$0].unit } ?? .relative
    return RecordingOverviewFigure(
      channels: channels, grids: grids, duration: recording.duration,
      unit: unit.isVoltage ? "µV" : unit.symbol)
  }

  /// The page with the figure, the doubts and a table of all channels; throws `RecordingError`.
  package func page(command: String?) throws -> ReportPage {
    let rows = recording.channels.enumerated().map { index, channel -> [String] in
      let look = quality[index]
      return [
        "\(index + 1)", channel.name, channel.role.rawValue, channel.unit.symbol,
        Formatting.rate(channel.samplingRate), "\(channel.sampleCount)",
        NumberText.significant(look.rms, 3), NumberText.percent(look.humShare, 1),
        NumberText.percent(look.clippedShare, 1), NumberText.fixed(look.deadSeconds, 2),
      ]
    }
    let table = ReportTable(
      caption: "Channels",
      columns: [
        .init("Channel"), .init("Name", isNumeric: false), .init("Role", isNumeric: false),
        .init("Unit", isNumeric: false), .init("Rate (Hz)"), .init("Samples"), .init("RMS"),
        .init("Hum"), .init("Clipped"), .init("Dead (s)"),
      ], rows: rows)
    return ReportPage(
      kind: "Recording", title: recording.source.fileName,
      subtitle: "\(recording.source.formatName), \(recording.channels.count) channels, "
        + Formatting.duration(recording.duration),
      warnings: recording.warnings,
      sections: [
        ReportSection(
          id: "overview", title: "Overview", figures: [try figure().figure(id: "overview")],
          tables: [table])
      ],
      provenance: Provenance(
        version: SoftwareVersion.number, command: command,
        inputs: [
          InputFile(name: recording.source.fileName, sha256: try recording.source.inputHash())
        ]))
  }

  /// Smallest and largest value of each stretch of each channel; of long recordings the beginning of
  /// each stretch is looked at.
  private func extremes() throws -> [[Float]] {
    var result = [[Float]](repeating: [], count: indices.count)
    let groups = Dictionary(grouping: indices.indices) {
      recording.channels[indices[$0]].sampleCount
    }
    for (count, members) in groups where count > 0 {
      let columns = min(Self.columnCount, count)
      let limit = max(16, Self.budget / columns / max(1, indices.count))
      for column in 0..<columns {
        let start = column * count / columns
        let end = min((column + 1) * count / columns, start + limit)
        let values = try recording.samples.samples(
          channels: members.map { indices[$0] }, range: start..<max(start + 1, end))
        for (place, member) in members.enumerated() {
          var (low, high) = (Float.infinity, -Float.infinity)
          for value in values[place] where value.isFinite {
            low = min(low, value)
            high = max(high, value)
          }
          result[member] += low <= high ? [low, high] : [.nan, .nan]
        }
      }
    }
    return result
  }
}
