import ArgumentParser

/// Costs of many recordings, a cluster's queue, and a registry of many patients.
@main
struct ScaleSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale-suite",
    abstract: "Costs of many recordings, a cluster's queue, and a registry of many patients.",
    subcommands: [MeasureCosts.self, FitCosts.self, SimulateQueue.self, RegistryScale.self])
}
