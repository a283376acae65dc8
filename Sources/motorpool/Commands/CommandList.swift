import ArgumentParser

extension MotorPool {
  /// The subcommands in the order of help.
  static let commandList: [any ParsableCommand.Type] = [
<<<<<<< HEAD
    Info.self, Deidentify.self, Decompose.self, Rerun.self, Bids.self, Apply.self, Validate.self, Score.self,
    Track.self,
=======
    Info.self, Deidentify.self, Decompose.self, Bids.self, Apply.self, Validate.self, Score.self,
    Track.self, ExportUnits.self, ImportUnits.self,
>>>>>>> 0b898829c651965e80ff4d59888c9105baaa2bad
    Config.self, Patients.self, Visits.self, RecordingCommands.self,
    Therapies.self, Events.self,
    Outcomes.self, Measures.self, Trend.self, Compare.self, Report.self, Plan.self, Import.self,
    Export.self, RegistryCommand.self, Simulate.self,
    Scan.self, Munix.self, Mune.self, StaMune.self, ReadMAT.self, Serve.self,
  ]
}
