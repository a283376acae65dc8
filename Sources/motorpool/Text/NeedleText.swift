import Analyses
import Decomposition
import Reports

extension NeedleAnalysis {
  /// What `motorpool decompose` prints, for people.
  func text(output: String, showsTimings: Bool) -> String {
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
      var table = TextTable([
        "Unit", "Discharges", "Rate (Hz)", "CoV ISI", "Predicted agreement", "Amplitude (uV)",
        "Duration (ms)", "Phases", "Status",
      ])
      for (index, unit) in result.units.enumerated() {
        let potential = potential(index)
        table.add([
          Self.name(of: unit), String(unit.train.times.count),
          Formatting.fixed(1 / max(1e-6, unit.meanInterval), 1),
          Formatting.fixed(unit.intervalVariation, 2),
          Formatting.fixed(unit.predictedAgreement, 2),
          amplitude(index).map { Formatting.fixed($0, 0) } ?? "-",
          potential.map { Formatting.fixed($0.durationMilliseconds, 1) } ?? "-",
          potential.map { String($0.phases) } ?? "-",
          unit.isTentative ? "tentative" : "accepted",
        ])
      }
      lines += [table.text, ""]
    }
    if showsTimings { lines += [StageTable.text(result.timings), ""] }
    lines += warnings.map { "Warning: \($0)" }
    if !warnings.isEmpty { lines.append("") }
    lines.append(
      "Results in \(output): units.json, spikes.csv, counts.csv, units.eaf, units.mu, report.html")
    return lines.joined(separator: "\n")
  }
}
