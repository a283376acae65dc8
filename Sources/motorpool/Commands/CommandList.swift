import ArgumentParser

extension MotorPool {
  /// The subcommands in the order of help.
  static let commandList: [any ParsableCommand.Type] = [
    Info.self, Deidentify.self, Decompose.self, Bids.self, Apply.self, Validate.self, Score.self,
    Track.self,
    Config.self, Patients.self, Visits.self, RecordingCommands.self,
    Therapies.self, Events.self,
    Outcomes.self, Measures.self, Trend.self, Compare.self, Report.self, Plan.self, Import.self,
    Export.self, RegistryCommand.self, Simulate.self,
    Scan.self, Munix.self, Mune.self, StaMune.self, ReadMAT.self, Serve.self,
    User.self,
  ]
}
