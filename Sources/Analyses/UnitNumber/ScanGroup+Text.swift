import Recordings
import Reports
import Tables
import UnitNumber

extension ScanGroup {
  /// The scans for people, one line each, then what is to be known of them and their combined estimate.
  package var text: String {
    var table = TextTable([
      "Scan", "Units", "90 % interval", "N50", "A50 (uV)", "D50", "STEP %", "CMAP (mV)",
      "Comparator N", "inside",
    ])
    for analysis in analyses {
      let estimate = analysis.estimate
      let fit = analysis.scan.comparator?.unitCount
      let isEstimated = estimate.noEstimateReason == nil
      func estimated(_ value: Double) -> String {
        isEstimated ? NumberText.significant(value, 3) : "none"
      }
      let isInside = (isEstimated ? fit : nil).map {
        estimate.interval90[0] <= $0 && $0 <= estimate.interval90[1]
      }
      table.add([
        analysis.source.fileName, estimated(estimate.unitCount),
        isEstimated ? ScanAnalysis.interval(estimate.interval90) : "-", estimated(estimate.n50),
        estimated(estimate.a50Microvolts), String(estimate.d50),
        Formatting.fixed(estimate.curve.stepPercent, 1),
        Formatting.fixed(estimate.cmapMillivolts, 2), Formatting.fixed(fit, 0),
        isInside.map { $0 ? "yes" : "no" } ?? "-",
      ])
    }
    var lines = [table.text]
    let flagged = analyses.filter { !$0.estimate.flags.isEmpty }
    if !flagged.isEmpty { lines.append("") }
    for analysis in flagged {
      lines += analysis.estimate.flags.map {
        "Flag: \(analysis.source.fileName): \($0.kind.rawValue): \($0.reason)"
      }
    }
    for analysis in analyses {
      if let text = analysis.posteriorText {
        lines.append("\(analysis.source.fileName): \(text)")
      }
      lines += analysis.mended.map { "\(analysis.source.fileName): \($0)" }
    }
    for analysis in analyses {
      guard let zScore = analysis.cmapZScore, let norm = analysis.cmapNorm else { continue }
      lines.append(
        "CMAP z-score: \(analysis.source.fileName): \(Formatting.signed(zScore, 2)) "
          + "(\(norm.sourceWithRemark))")
    }
    lines += ["", ScanWording.estimate]
    if let combinedText {
      lines += ["", combinedText] + (combined?.flags ?? []).map { "Flag: \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  /// The files of a result with their names: a report of each scan, one of all, and the estimates.
  ///
  /// - Parameter command: what made them.
  /// - Throws: what the encoding throws.
  package func files(command: String?) throws -> (folder: ResultFolder, names: [String]) {
    var folder = ResultFolder()
    var names = Self.reportNames(analyses.map(\.source.fileName))
    for (name, analysis) in zip(names, analyses) {
      folder.add(name, analysis.report(command: command).html())
    }
    if analyses.count > 1 {
      folder.add("overlay.html", report(command: command).html())
      names.append("overlay.html")
    }
    folder.add("scans.json", try JSONText.of(analyses.map { ScanSummary($0) }))
    return (folder, names + ["scans.json"])
  }
}

extension ScanProgressSummary {
  /// What the scan lacks, for people.
  package var text: String {
    var table = TextTable(["Item", "State", "Detail"])
    for item in progress.items {
      table.add([item.kind.rawValue, item.state.rawValue, item.detail])
    }
    return "\(file): \(progress.stimulusCount) stimuli"
      + (progress.levelPercent.map { ", responses at \(Formatting.fixed($0, 1)) % of the CMAP" }
        ?? "")
      + "\n" + table.text + "\n"
      + (progress.isComplete
        ? "Nothing that is needed is missing: the scan can end."
        : "The scan is not complete.")
  }
}
