import ArgumentParser

/// The figures of docs/statistics.md: calibration tables and the cohorts of the speed comparison.
@main
struct CohortFiguresTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cohort-figures",
    abstract: "Calibration tables and speed comparison of the mixed models.",
    subcommands: [
      CalibrationCommand.self, ResidualsCommand.self, CountsCommand.self, PosteriorCommand.self,
      ChanceCommand.self,
      PlanningCommand.self, SubgroupsCommand.self, HistoryCommand.self, JointCommand.self,
      PeersCommand.self,
    ])
}
