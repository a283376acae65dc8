import ArgumentParser
import CohortFigures

/// Prints type I error and coverage of effects in subgroups as a Markdown table.
struct SubgroupsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subgroups",
    abstract: "Type I error of the interaction in subgroups that do not differ.")

  @OptionGroup var study: StudyArguments

  func run() {
    study.show(default: 1_000) { SubgroupTable.markdown(replicates: $0, seed: $1) }
  }
}

/// Prints planned and simulated operating characteristics of historical controls as a Markdown table.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Historical controls by plan against simulated trials, with and without conflict.")

  @OptionGroup var study: StudyArguments

  func run() throws {
    try study.show(default: 1_000) { try HistoryTable.markdown(replicates: $0, seed: $1) }
  }
}

/// Prints estimates of joint models against the truth as a Markdown table.
struct JointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joint",
    abstract: "Joint models of visits and deaths against cohorts of known hazard.")

  @OptionGroup var study: StudyArguments

  func run() {
    study.show(default: 1_000) { JointTable.markdown(replicates: $0, seed: $1) }
  }
}
