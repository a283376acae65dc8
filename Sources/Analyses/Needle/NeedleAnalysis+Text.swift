import Decomposition
import Reports

extension NeedleAnalysis {
  /// The result as tables for people: recording, units, warnings and the files written.
  ///
  /// - Parameters:
  ///   - output: the folder that the files of the result are in.
  ///   - showsTimings: whether seconds of each stage are told.
  public func text(output: String, showsTimings: Bool) -> String {
    let tentative = result.units.count(where: \.isTentative)
    var lines = [
      "\(recording.source.fileName): needle, \(channels.count) "
        + "channel\(channels.count == 1 ? "" : "s"), "
        + "\(Formatting.rate(recording.samplingRate)) Hz, "
        + Formatting.duration(recording.duration),
      "\(result.units.count) motor units identified"
        + (tentative > 0 ? ", \(tentative) of them tentative" : "")
        + (result.refusal == nil
          ? "; \(Formatting.fixed(100 * result.residualSpikeShare, 1)) % of the spikes' energy "
            + "not explained" : ""),
      ReportWording.identifiedCounts,
      "",
    ]
    if !result.units.isEmpty {
      lines += [UnitTable(exportedUnits, statuses: true).text, ""]
    }
    if showsTimings { lines += [StageTable.text(result.timings), ""] }
    lines += warnings.map { "Warning: \($0)" }
    if !warnings.isEmpty { lines.append("") }
    lines.append(
      "Results in \(output): units.json, units.csv, spikes.csv, counts.csv, "
        + (interference.isEmpty ? "" : "interference.csv, ") + "units.eaf, units.mu, report.html")
    return lines.joined(separator: "\n")
  }
}
