import ArgumentParser
import CohortFigures

/// Prints type I error under correlated, uneven and missing errors as a Markdown table.
struct ResidualsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "residuals",
    abstract: "Type I error of the residual structures over cohort size and kind of error.")

  @OptionGroup var study: StudyArguments

  @Option(help: "One kind of errors alone: 1 independent, 2 AR(1), 3 AR(1), uneven and missing.")
  var scenario: Int?

  @Option(parsing: .upToNextOption, help: "Cohort sizes.")
  var patients = [12, 20, 40]

  func validate() throws {
    guard scenario.map({ (1...3).contains($0) }) ?? true, patients.allSatisfy({ $0 > 5 }) else {
      throw ValidationError("--scenario: 1 to 3; --patients: 6 or more")
    }
  }

  func run() {
    study.show(default: 1_000) {
      ResidualTable.markdown(
        replicates: $0, seed: $1, scenario: scenario, patients: patients)
    }
  }
}
