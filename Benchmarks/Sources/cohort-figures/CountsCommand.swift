import ArgumentParser
import CohortFigures

/// Prints type I error of models of small counts as a Markdown table.
struct CountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counts",
    abstract: "Type I error of models of counts near ten over cohort size and scatter.")

  @OptionGroup var study: StudyArguments

  @Option(parsing: .upToNextOption, help: "Cohort sizes.")
  var patients = [12, 20, 40]

  @Option(parsing: .upToNextOption, help: "SDs of ln of the mean beside a patient's own course.")
  var scatter = [0, 0.25]

  func validate() throws {
    guard patients.allSatisfy({ $0 > 5 }), scatter.allSatisfy({ (0...1).contains($0) }) else {
      throw ValidationError("--patients: 6 or more; --scatter: 0 to 1")
    }
  }

  func run() {
    study.show(default: 1_000) {
      CountTable.markdown(replicates: $0, seed: $1, patients: patients, scatters: scatter)
    }
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

/// Prints responders by chance as told and as they are as a Markdown table.
struct ChanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chance",
    abstract: "Responders without an effect of therapy, as called and as a cohort is told.")

  @OptionGroup var study: StudyArguments

  @Option(parsing: .upToNextOption, help: "Cohort sizes.")
  var patients = [20, 40, 60]

  @Option(parsing: .upToNextOption, help: "Correlations of errors of neighbouring visits.")
  var correlation = [0, 0.3, 0.6]

  func validate() throws {
    guard patients.allSatisfy({ $0 > 5 }), correlation.allSatisfy({ (0..<1).contains($0) }) else {
      throw ValidationError("--patients: 6 or more; --correlation: 0 to below 1")
    }
  }

  func run() {
    study.show(default: 200) {
      ChanceTable.markdown(
        replicates: $0, seed: $1, patients: patients, correlations: correlation)
    }
  }
}
