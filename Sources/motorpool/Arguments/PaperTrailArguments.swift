import Analyses
import ArgumentParser
import FollowUp
import Foundation
import Recordings
import Reports

/// Where the statistical analysis plan is written.
struct PlanFileArguments: ParsableArguments {
  @Option(
    help: "File for the statistical analysis plan in words: Markdown (.md) or HTML (.html).")
  var sap: String?

  func validate() throws {
    guard let sap else { return }
    guard Self.format(sap) != nil else {
      throw ValidationError(
        "--sap \(sap): expected a name that ends in .md, .markdown, .html or .htm")
    }
  }

  /// The plan as the text of its file.
  func text(_ page: ReportPage) -> String {
    sap.flatMap(Self.format) == .html ? page.html() : page.markdown()
  }

  private enum Format { case markdown, html }

  private static func format(_ path: String) -> Format? {
    switch (path as NSString).pathExtension.lowercased() {
    case "md", "markdown": .markdown
    case "html", "htm": .html
    default: nil
    }
  }
}

/// What is written of a comparison beside its report: the plan, and a script that repeats it.
struct PaperTrailArguments: ParsableArguments {
  @OptionGroup var plan: PlanFileArguments

  @Option(
    help:
      "Write the values and a script that repeats the primary analysis in another program: r or sas."
  )
  var script: AnalysisScript.Language?

  @Option(
    name: .customLong("script-output"),
    help: "With --script: its file, such as trial.R; the values go into trial.csv beside it.")
  var scriptOutput: String?

  func validate() throws {
    guard (script == nil) == (scriptOutput == nil) else {
      throw ValidationError("--script and --script-output need each other")
    }
    guard let scriptOutput else { return }
    guard (scriptOutput as NSString).pathExtension.lowercased() != "csv" else {
      throw ValidationError(
        "--script-output \(scriptOutput): the values go into a .csv file of this name; the script needs "
          + "another ending, such as .R or .sas")
    }
  }

  /// The file of the values.
  var valuesPath: String? {
    scriptOutput.map { ($0 as NSString).deletingPathExtension + ".csv" }
  }

  /// The places of the files.
  struct Places {
    let report: OutputPlace?
    let plan: OutputPlace?
    let script: OutputPlace?
    let values: OutputPlace?
  }

  /// The places of the files and of a report, checked before anything is computed.
  ///
  /// - Throws: `OutputError`, also where two of them are one file.
  func places(_ outputs: OutputArguments, report: String?, inputs: [String]) throws -> Places {
    func place(_ path: String?) throws -> OutputPlace? {
      try path.map { try outputs.file($0, of: "compare", inputs: inputs) }
    }
    let places = Places(
      report: try place(report), plan: try place(plan.sap), script: try place(scriptOutput),
      values: try place(valuesPath))
    try OutputPlace.requireApart(
      [places.report, places.plan, places.script, places.values].compactMap { $0 })
    return places
  }
}

extension AnalysisScript.Language: ExpressibleByArgument {}
