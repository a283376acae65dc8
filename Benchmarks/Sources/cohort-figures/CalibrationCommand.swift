import ArgumentParser
import CohortFigures

/// Prints type I error and coverage as a Markdown table.
struct CalibrationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibration",
    abstract: "Type I error and coverage over cohort size and SD of the change of slope.")

  @Option(help: "Simulated cohorts for each cell.")
  var replicates = 2_000
  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 2_026

  func validate() throws {
    guard replicates > 1 else { throw ValidationError("--replicates has to be 2 or more") }
  }

  func run() {
    print("\(replicates) cohorts a cell, seed \(seed)\n")
    for line in CalibrationTable.markdown(replicates: replicates, seed: seed) { print(line) }
  }
}
