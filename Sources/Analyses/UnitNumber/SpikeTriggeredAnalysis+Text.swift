import Recordings
import Tables
import UnitNumber

extension SpikeTriggeredAnalysis {
  /// The estimate for people.
  package var text: String {
    var table = TextTable(["Value", "Estimate", "90 % interval"])
    for row in rows { table.add([row.name, row.value, row.interval ?? "-"]) }
    var lines = [
      table.text,
      "\(estimate.units.count) of \(unitNames.count) units used, "
        + "\(channelNames.count) surface channel\(channelNames.count == 1 ? "" : "s"); "
        + "channel of the largest CMAP: \(channelNames[estimate.channel])",
    ]
    lines += estimate.rejected.map { "Left out: unit \(unitNames[$0.index]): \($0.reason)" }
    lines += leftOut.map { "Left out: \($0)" }
    lines += estimate.flags.map { "Flag: \($0)" }
    return (lines + ["", Self.wording]).joined(separator: "\n")
  }

  /// The files of a result: the estimate and a report.
  ///
  /// - Parameter command: what made them.
  /// - Throws: what the encoding throws.
  package func files(command: String?) throws -> ResultFolder {
    var folder = ResultFolder()
    folder.add("sta-mune.json", try JSONText.of(SpikeTriggeredSummary(analysis: self)))
    folder.add("report.html", report(command: command).html())
    return folder
  }
}
