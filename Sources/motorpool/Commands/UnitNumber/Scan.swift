import Analyses
import ArgumentParser
import Foundation
import Recordings
import Reports
import Tables
import UnitNumber

/// `motorpool scan`: the number of motor units from CMAP scans.
struct Scan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Estimate the number of motor units from CMAP scans, with an interval.",
    discussion: """
      Reads Qtrac .MEM files and text tables with the columns stimulus (mA) and CMAP (mV, or uV \
      where the second name says so), in order of delivery, from supramaximal to subthreshold \
      stimuli. With --output a report is written for each scan, and for several overlay.html with all of \
      them. --same-visit combines the scans of one muscle and visit into one estimate. --live-check looks at scans that are \
      still being recorded and tells what they lack; its exit code is 0 once nothing is missing and 1 \
      before.

      Examples:
        motorpool scan median.MEM
        motorpool scan visit1.MEM visit2.MEM --json
        motorpool scan scan.csv --output results
        motorpool scan first.MEM second.MEM --same-visit
        motorpool scan running.csv --live-check
      """)

  @Argument(
    help: """
      CMAP scans: .MEM, or CSV or TSV with the columns stimulus,cmap; of a folder all that it holds.
      """)
  var files: [String]

  @Option(name: .shortAndLong, help: "Folder for reports; it is made if it is not there.")
  var output: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var settings: ConfigurationArguments

  @Flag(
    name: .customLong("same-visit"),
    help: "The scans are of one muscle at one visit: combine them.")
  var sameVisit = false

  @Flag(
    name: .customLong("live-check"),
    help: "Tell what scans in progress lack: plateau, stimuli, noise, returns, silent end.")
  var liveCheck = false

  @Flag(
    help: "Print JSON: an object for one file, an array for several, an object with --same-visit.")
  var json = false

  func run() throws {
    let inputs = try InputFiles(files, extensions: ["mem", "csv", "tsv", "txt"])
    if liveCheck {
      try printProgress(inputs.paths)
      return
    }
    let place = try output.map { try outputs.folder($0, of: "scan", inputs: inputs.paths) }
    let estimator = try CMAPScanEstimator(
      configuration: try settings.changes(of: ["scan"]).applied(
        to: ScanConfiguration(), group: "scan"))
    var begun = 0
    let analyses = try inputs.collect { path in
      begun += 1
      let place = inputs.paths.count > 1 ? " (\(begun) of \(inputs.paths.count))" : ""
      let meter = ProgressMeter("estimating \((path as NSString).lastPathComponent)\(place)")
      defer { meter.finish() }
      return try ScanAnalysis(path, estimator: estimator, progress: meter.show)
    }
    let group = try ScanGroup(analyses, isOneVisit: sameVisit)
    var written: [String] = []
    if let place {
      var folder = ResultFolder()
      written = ScanGroup.reportNames(analyses.map(\.source.fileName))
      for (name, analysis) in zip(written, analyses) {
        folder.add(name, analysis.report(command: CommandText.invocation).html())
      }
      if analyses.count > 1 {
        folder.add("overlay.html", group.report(command: CommandText.invocation).html())
        written.append("overlay.html")
      }
      folder.add("scans.json", try JSONText.of(analyses.map { ScanSummary($0) }))
      let origin = place.origin(
        inputs: try analyses.map {
          .init(name: $0.source.fileName, sha256: try $0.source.inputHash())
        })
      OutputPlace.tell(kept: try folder.write(to: place, origin))
      written.append("scans.json")
    }
    if json {
      let summaries = analyses.map { ScanSummary($0) }
      if let combined = group.combined {
        print(try JSONText.of(ScanVisitSummary(visit: combined, scans: summaries)), terminator: "")
      } else {
        print(
          summaries.count == 1 ? try JSONText.of(summaries[0]) : try JSONText.of(summaries),
          terminator: "")
      }
      if analyses.count < inputs.paths.count { throw ExitCode(Failure.refused) }
      return
    }
    print(Self.text(analyses))
    if let text = group.combinedText {
      print("\n" + text)
      for flag in group.combined?.flags ?? [] { print("Flag: \(flag)") }
    }
    if let output { print("\nResults in \(output): \(written.joined(separator: ", "))") }
    if analyses.count < inputs.paths.count { throw ExitCode(Failure.refused) }
  }

  /// What each scan lacks so far.
  private func printProgress(_ paths: [String]) throws {
    let found = try paths.map {
      try ScanProgressSummary($0)
    }
    if json {
      print(
        found.count == 1 ? try JSONText.of(found[0]) : try JSONText.of(found), terminator: "")
    } else {
      print(found.map(Self.text).joined(separator: "\n\n"))
    }
    if !found.allSatisfy(\.progress.isComplete) { throw ExitCode(1) }
  }

  private static func text(_ summary: ScanProgressSummary) -> String {
    let progress = summary.progress
    var table = TextTable(["Item", "State", "Detail"])
    for item in progress.items {
      table.add([item.kind.rawValue, item.state.rawValue, item.detail])
    }
    return "\(summary.file): \(progress.stimulusCount) stimuli"
      + (progress.levelPercent.map { ", responses at \(Formatting.fixed($0, 1)) % of the CMAP" }
        ?? "")
      + "\n" + table.text + "\n"
      + (progress.isComplete
        ? "Nothing that is needed is missing: the scan can end."
        : "The scan is not complete.")
  }

  private static func text(_ analyses: [ScanAnalysis]) -> String {
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
    return (lines + ["", ScanWording.estimate]).joined(separator: "\n")
  }
}
