import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal
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
    let inputs = try InputPaths(files, extensions: ["mem", "csv", "tsv", "txt"])
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
      let files = try group.files(command: CommandText.invocation)
      written = files.names
      let origin = place.origin(
        inputs: try analyses.map {
          .init(name: $0.source.fileName, sha256: try $0.source.inputHash())
        })
      OutputPlace.tell(kept: try files.folder.write(to: place, origin))
    }
    if json {
      let summaries = analyses.map { ScanSummary($0) }
      if let combined = group.combined {
        let visit = ScanVisitSummary(visit: combined, scans: summaries)
        print(
          try JSONText.of(
            Sourced(visit, from: try .run("scan", files: analyses.map(\.source.path)))),
          terminator: "")
      } else {
        try printSourced(summaries, of: analyses.map(\.source.path))
      }
      if analyses.count < inputs.paths.count { throw ExitCode(Failure.refused) }
      return
    }
    print(group.text)
    if let output { print("\nResults in \(output): \(written.joined(separator: ", "))") }
    if analyses.count < inputs.paths.count { throw ExitCode(Failure.refused) }
  }

  /// Prints the result of one file, or a list of those of several, each with its own origin.
  private func printSourced(_ results: [some Encodable], of paths: [String]) throws {
    let sourced = try zip(results, paths).map { result, path in
      Sourced(result, from: try .run("scan", files: [path]))
    }
    print(
      sourced.count == 1 ? try JSONText.of(sourced[0]) : try JSONText.of(sourced), terminator: "")
  }

  /// What each scan lacks so far.
  private func printProgress(_ paths: [String]) throws {
    let found = try paths.map {
      try ScanProgressSummary($0)
    }
    if json {
      try printSourced(found, of: paths)
    } else {
      print(found.map(\.text).joined(separator: "\n\n"))
    }
    if !found.allSatisfy(\.progress.isComplete) { throw ExitCode(1) }
  }
}
