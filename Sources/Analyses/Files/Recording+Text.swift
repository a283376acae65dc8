import Foundation
import Recordings
import Reports
import Tables

extension Recording {
  /// The recording for people: what it is, its grids, gaps and channels, and what is doubtful.
  ///
  /// - Parameters:
  ///   - quality: one entry a channel; nil where the samples were not looked at.
  ///   - gridAdvice: what to do where the layout is not known, in the words of the program; nil for none.
  package func text(quality: [ChannelQuality]?, gridAdvice: String? = nil) -> String {
    var lines = [
      "\(source.fileName): \(source.formatName), "
        + "\(channels.count) channels, \(Formatting.duration(duration))"
    ]
    lines.append("SHA-256  \((try? source.inputHash()) ?? "unreadable")")
    if let start = startTime {
      lines.append("Start    \(start.formatted(.iso8601))")
    }
    for grid in electrodeGrids {
      let distance =
        grid.interElectrodeDistanceMillimetres.map { ", \(Formatting.rate($0)) mm apart" } ?? ""
      lines.append(
        "Grid     \(grid.name.isEmpty ? "" : grid.name + ": ")\(grid.rows) x \(grid.columns), "
          + "\(grid.electrodes.count) electrodes\(distance)")
      lines += Self.picture(grid)
    }
    if electrodeGrids.isEmpty, emgChannels.count > 8 {
      lines.append("Grid     layout unknown" + (gridAdvice.map { " (\($0))" } ?? ""))
    }
    for gap in gaps.prefix(10) {
      lines.append(
        "Gap      \(Formatting.fixed(gap.duration, 3)) s after "
          + "\(Formatting.fixed(gap.position, 3)) s of signal")
    }
    if gaps.count > 10 { lines.append("         and \(gaps.count - 10) more") }
    if !annotations.isEmpty { lines.append("Remarks  \(annotations.count)") }
    lines += remarks.map { "         \($0)" }
    lines.append("")
    lines.append(channelTable(quality))
    if !warnings.isEmpty { lines.append("") }
    lines += warnings.map { "Warning: \($0)" }
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
  private func channelTable(_ quality: [ChannelQuality]?) -> String {
    var titles = ["Channels", "Name", "Role", "Unit", "Rate (Hz)", "Samples", "Length (s)"]
    if quality != nil { titles += ["RMS", "Clipped (%)", "Hum (%)", "Dead (s)"] }
    var table = TextTable(titles + ["Scale"])
    var start = 0
    while start < channels.count {
      var end = start + 1
      while channels.count > 16, end < channels.count, Self.alike(channels[start], channels[end]) {
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
          Self.range(part.map(\.rms), 2), Self.range(part.map { 100 * $0.clippedShare }, 1),
          Self.range(part.map { 100 * $0.humShare }, 1), Self.range(part.map(\.deadSeconds), 2),
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
