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

  /// Writes the folder of results.
  ///
  /// - Throws: `OutputError` or `RecordingError` naming the folder or file.
  func write(to place: OutputPlace, command: String, research: ResearchCounts? = nil) throws {
    let export = try export()
    var folder = ResultFolder()
    folder.add("units.json", export.unitsJSON())
    folder.add("spikes.csv", export.spikesCSV())
    folder.add("counts.csv", counts.csv)
    folder.add(TemplateFile.name, try TemplateFile(self).json())
    folder.add("report.html", report(command: command).html())
    if !drift.isEmpty { folder.add("drift.csv", driftTable) }
    if let research { folder.add("extrapolated-counts.csv", research.csv) }
    let origin = place.origin(
      seed: decomposition.configuration.seed, inputs: [try .init(recording)])
    OutputPlace.tell(kept: try folder.write(to: place, origin))
  }

  /// How potentials change, one line for each unit and segment.
  var driftTable: String {
    var text = "unit,start_s,end_s,discharges,amplitude_uV,similarity,silhouette\n"
    for unit in drift {
      for point in unit.points {
        text +=
          [
            String(unit.unit), Formatting.fixed(point.start, 3), Formatting.fixed(point.end, 3),
            String(point.dischargeCount),
            hasPhysicalAmplitude ? Formatting.fixed(point.amplitudeMicrovolts, 2) : "",
            Formatting.fixed(point.similarity, 4), Formatting.fixed(point.silhouette, 4),
          ].joined(separator: ",") + "\n"
      }
    }
    return text
  }
}
