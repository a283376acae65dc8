import Analyses
import Decomposition
import Recordings
import Reports

extension ArrayAnalysis {
  /// The result as tables for people.
  func text(
    output: String, showsTimings: Bool, model: String? = nil, title: [String] = []
  ) -> String {
    var lines =
      title + [
        "\(recording.source.fileName): \(channels.count) channels, "
          + "\(Formatting.rate(recording.samplingRate)) Hz, "
          + "\(Formatting.duration(recording.duration))",
        "\(decomposition.units.count) motor units identified; residual power "
          + "\(Formatting.fixed(100 * decomposition.residualPowerShare, 1)) % after "
          + "\(decomposition.roundCount) rounds"
          + (segmentCount > 1 ? ", in \(segmentCount) segments" : ""),
        ReportWording.identifiedCounts,
        "",
      ]
    var table = TextTable([
      "Unit", "Discharges", "Rate (Hz)", "CoV ISI", "SIL", "PNR (dB)", "Amplitude (uV)", "Round",
    ])
    for unit in decomposition.units {
      table.add([
        String(unit.id), String(unit.train.times.count),
        Formatting.fixed(unit.quality.meanRate, 1),
        Formatting.fixed(unit.quality.intervalVariation, 2),
        Formatting.fixed(unit.quality.silhouette, 3),
        Formatting.fixed(unit.quality.pulseToNoise, 1),
        hasPhysicalAmplitude
          ? Formatting.fixed(Double(unit.template.peakToPeak), 0) : "-",
        String(unit.quality.round),
      ])
    }
    lines.append(table.text)
    if showsTimings { lines += ["", StageTable.text(decomposition.timings)] }
    if !warnings.isEmpty { lines.append("") }
    lines += warnings.map { "Warning: \($0)" }
    lines.append("")
    let names =
      ["units.json", "spikes.csv", "counts.csv", "templates.json", "report.html"]
      + (drift.isEmpty ? [] : ["drift.csv"])
    lines.append("Results in \(output): " + names.joined(separator: ", "))
    if let model { lines.append("Separation filters in \(model)") }
    return lines.joined(separator: "\n")
  }
}
