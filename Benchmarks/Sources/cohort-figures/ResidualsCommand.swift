import ArgumentParser
import CohortFigures

/// Prints type I error under correlated, uneven and missing errors as a Markdown table.
struct ResidualsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "residuals",
    abstract: "Type I error of the residual structures over cohort size and kind of error.")

  @OptionGroup var study: StudyArguments

  func run() {
    study.show(default: 1_000) { ResidualTable.markdown(replicates: $0, seed: $1) }
  }
}
