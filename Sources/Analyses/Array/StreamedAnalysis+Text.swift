import Decomposition
import Reports

extension StreamedAnalysis {
  /// The result as a table for people.
  ///
  /// - Parameters:
  ///   - output: the folder that the files of the result are in.
  ///   - showsTimings: whether the processor time of the blocks is told.
  package func text(output: String, showsTimings: Bool) -> String {
    var lines = [
      "\(recording.source.fileName): \(Formatting.duration(recording.duration)) in blocks of "
        + "\(Formatting.plain(blockMilliseconds)) ms through the filters of "
        + "\(model.provenance.recording), \(units.count) of \(model.units.count) units",
      "a discharge is reported at most \(Formatting.fixed(latency * 1_000, 0)) ms and one block "
        + "after it",
      ReportWording.identifiedCounts, "",
    ]
    lines.append(UnitTable(exportedUnits).text)
    if showsTimings {
      let times = timing
      lines.append("")
      lines.append(
        "\(blockTimes.count) blocks; processor time of a block: median "
          + "\(Formatting.fixed(times.median, 3)) ms, 99 % below \(Formatting.fixed(times.high, 3)) "
          + "ms, at most \(Formatting.fixed(times.most, 3)) ms")
    }
    lines.append("")
    if !warnings.isEmpty { lines += warnings.map { "Warning: \($0)" } + [""] }
    lines.append("Results in \(output): units.json, units.csv, spikes.csv")
    return lines.joined(separator: "\n")
  }
}
