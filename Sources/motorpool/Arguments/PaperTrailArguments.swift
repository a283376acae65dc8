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
    guard ReportPage.Format(path: sap) != nil else {
      throw ValidationError(
        "--sap \(sap): expected a name that ends in .md, .markdown, .html or .htm")
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

  /// The files and a report, their places checked before anything is computed.
  ///
  /// - Throws: `OutputError`, also where two of them are one file.
  func papers(
    _ outputs: OutputArguments, report: String?, inputs: [String]
  ) throws -> CohortPapers {
    func place(_ path: String?) throws -> OutputPlace? {
      try path.map { try outputs.file($0, of: "compare", inputs: inputs) }
    }
    return try CohortPapers(
      report: place(report), plan: place(plan.sap), language: script, script: place(scriptOutput),
      values: place(valuesPath))
  }
}

extension AnalysisScript.Language: ExpressibleByArgument {}
