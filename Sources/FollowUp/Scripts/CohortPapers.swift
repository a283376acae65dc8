import Progression
import Recordings
import Reports

/// What is written of a comparison of a cohort: its report, the statistical analysis plan in words, and a
/// script that repeats the primary analysis in another program with the values it reads.
package struct CohortPapers {
  private let report: OutputPlace?
  private let plan: OutputPlace?
  private let language: AnalysisScript.Language?
  private let script: OutputPlace?
  private let values: OutputPlace?

  /// The places of those that are wanted; a script has a language and a place for its values.
  ///
  /// - Throws: `OutputError` where two of them are one file.
  package init(
    report: OutputPlace?, plan: OutputPlace? = nil, language: AnalysisScript.Language? = nil,
    script: OutputPlace? = nil, values: OutputPlace? = nil
  ) throws {
    self.report = report
    self.plan = plan
    self.language = language
    self.script = script
    self.values = values
    try OutputPlace.requireApart([report, plan, script, values].compactMap { $0 })
  }

  /// Writes them; nothing where the script cannot be had.
  ///
  /// - Parameters:
  ///   - result: The comparison.
  ///   - command: The command that it was made by, for the pages.
  ///   - origin: What each file says of the run.
  /// - Throws: `FollowUpError` where there is no such script, `OutputError`, `RecordingError`.
  /// - Returns: a line for each, where it is.
  package func write(
    _ result: CohortResult, command: String?, origin: (OutputPlace) -> OutputOrigin
  ) throws -> [String] {
    let text = try language.map {
      try result.script(
        $0, dataFile: values.map { String($0.path.split(separator: "/").last ?? "") } ?? "")
    }
    var lines: [String] = []
    if let report {
      try report.write(origin(report), result.report(command: command).html())
      lines.append("Report in \(report.path)")
    }
    if let plan {
      let own = origin(plan)
      let page = result.plan(
        command: command,
        inputs: own.inputs.map { InputFile(name: $0.name ?? "", sha256: $0.sha256) })
      try plan.write(own, page.text(for: plan.path))
      lines.append("Statistical analysis plan in \(plan.path)")
    }
    if let text, let script, let values {
      try values.write(origin(values), text.data)
      try script.write(origin(script), text.text)
      lines.append("Script in \(script.path), its values in \(values.path)")
    }
    return lines
  }
}
