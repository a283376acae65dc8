import ArgumentParser
import CohortFigures

/// Prints type I error under correlated, uneven and missing errors as a Markdown table.
struct ResidualsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "residuals",
    abstract: "Type I error of the residual structures over cohort size and kind of error.")

  @Option(help: "Simulated cohorts for each cell.")
  var replicates = 1_000
  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 2_026

  func validate() throws {
    guard replicates > 1 else { throw ValidationError("--replicates has to be 2 or more") }
  }

  func run() {
    print("\(replicates) cohorts a cell, seed \(seed)\n")
    for line in ResidualTable.markdown(replicates: replicates, seed: seed) { print(line) }
  }
}
