import ArgumentParser
import CohortFigures

/// Prints type I error of models of small counts as a Markdown table.
struct CountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counts",
    abstract: "Type I error of models of counts near ten over cohort size and scatter.")

  @OptionGroup var study: StudyArguments

  func run() {
    study.show(default: 1_000) { CountTable.markdown(replicates: $0, seed: $1) }
  }
}

/// Prints the coverage of the patients' posterior as a Markdown table.
struct PosteriorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posterior",
    abstract: "Coverage of the patients' 95 % posterior intervals over measures and cohort size.")

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 2_026

  func run() {
    print("seed \(seed)\n")
    for line in PosteriorTable.markdown(seed: seed) { print(line) }
  }
}
