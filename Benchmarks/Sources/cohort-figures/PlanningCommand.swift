import ArgumentParser
import CohortFigures

/// Prints planned and simulated power as a Markdown table.
struct PlanningCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "planning",
    abstract: "Planned power of two arms against simulated trials: ratios, dropout, interim looks.")

  @OptionGroup var study: StudyArguments

  func run() throws {
    try study.show(default: 2_000) { try PlanningTable.markdown(replicates: $0, seed: $1) }
  }
}
