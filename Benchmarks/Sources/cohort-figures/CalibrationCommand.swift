import ArgumentParser
import CohortFigures

/// Prints type I error and coverage as a Markdown table.
struct CalibrationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibration",
    abstract: "Type I error and coverage over cohort size and SD of the change of slope.")

  @OptionGroup var study: StudyArguments

  func run() {
    study.show(default: 2_000) { CalibrationTable.markdown(replicates: $0, seed: $1) }
  }
}
