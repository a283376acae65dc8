import Decomposition
import Recordings
import Reports

extension ArrayAnalysis {
  /// The result as tables for people: recording, units, warnings and the files written.
  ///
  /// - Parameters:
  ///   - output: the folder that the files of the result are in.
  ///   - showsTimings: whether seconds of each stage are told.
  ///   - model: the file of the separation filters; nil where none was written.
  ///   - title: lines that go before.
  public func text(
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
    lines.append(UnitTable(exportedUnits).text)
    if showsTimings { lines += ["", StageTable.text(decomposition.timings)] }
    if !warnings.isEmpty { lines.append("") }
    lines += warnings.map { "Warning: \($0)" }
    lines.append("")
    let names =
      ["units.json", "units.csv", "spikes.csv", "counts.csv", "templates.json", "report.html"]
      + (drift.isEmpty ? [] : ["drift.csv"])
    lines.append("Results in \(output): " + names.joined(separator: ", "))
    if let model { lines.append("Separation filters in \(model)") }
    return lines.joined(separator: "\n")
  }
}
