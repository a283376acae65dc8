import ArgumentParser

@main
struct TrainCMAPScan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train-cmap-scan",
    abstract: "Simulates, trains, calibrates and measures the CMAP scan estimator.",
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, ConditionsCommand.self, FewUnitsCommand.self,
      AgreeCommand.self, TimeCommand.self,
    ],
    defaultSubcommand: TrainCommand.self)
}
