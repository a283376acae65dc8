import Recordings
import Reports
import Tables
import UnitNumber

extension MUNIXAnalysis {
  /// The estimate for people.
  ///
  /// - Parameter place: a line that says where the files of the result are; nil for none.
  package func text(place: String? = nil) -> String {
    var table = TextTable(["Value", "Estimate", "90 % interval"])
    table.add([
      "MUNIX", NumberText.significant(estimate.munix, 3),
      ScanAnalysis.interval(estimate.interval90),
    ])
    table.add([
      "MUSIX (uV)", NumberText.significant(estimate.musixMicrovolts, 3),
      ScanAnalysis.interval(estimate.musixInterval90),
    ])
    table.add(["Gaussian limit", NumberText.significant(estimate.gaussianLimit, 3), "-"])
    table.add(["alpha", Formatting.fixed(estimate.alpha, 3), "-"])
    table.add(["CMAP (mV)", Formatting.fixed(cmap.amplitudeMillivolts, 2), "-"])
    var lines = [
      table.text,
      "\(estimate.epochsUsed) of \(epochs.count) epochs of "
        + "\(Formatting.plain(estimate.epochMilliseconds)) ms used",
    ]
    lines += zScoreNotes
    if estimate.cmapDominated { lines.append("Flag: \(Self.dominated)") }
    lines += estimate.flags.map { "Flag: \($0)" }
    if let place { lines.append(place) }
    return (lines + ["", Self.wording]).joined(separator: "\n")
  }

  /// The files of a result: the estimate and a report.
  ///
  /// - Parameter command: what made them.
  /// - Throws: what the encoding throws.
  package func files(command: String?) throws -> ResultFolder {
    var folder = ResultFolder()
    folder.add("munix.json", try JSONText.of(MUNIXSummary(analysis: self)))
    folder.add("report.html", report(command: command).html())
    return folder
  }
}
