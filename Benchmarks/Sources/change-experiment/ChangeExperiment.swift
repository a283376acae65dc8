import ArgumentParser

/// The figures of docs/unit-tracking.md: matching of units and the change experiment.
@main
struct ChangeExperiment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change-experiment",
    abstract: "Simulated muscles before and after a change, and what indices make of it.",
    subcommands: [
      RecordCommand.self, MatchingCommand.self, IndicesCommand.self, VisitsCommand.self,
      JointCommand.self, JointFitCommand.self,
    ])
}
