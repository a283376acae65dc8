import Analyses
import ArgumentParser
import MotorUnits

/// Arguments of the matching of units across recordings.
struct MatchingArguments: ParsableArguments {
  @Option(help: "Lowest probability of an accepted link.")
  var accept = UnitMatching.Configuration().acceptedFrom

  @Option(
    name: .customLong("max-shift-mm"),
    help: "Largest shift of the array that is looked for in mm; 0 keeps it in place.")
  var largestShift = UnitMatching.Configuration().largestShift

  @OptionGroup var settings: ConfigurationArguments

  func validate() throws {
    guard (0...1).contains(accept), (0...100).contains(largestShift) else {
      throw ValidationError("--accept lies between 0 and 1, --max-shift-mm between 0 and 100")
    }
  }

  /// The settings these arguments ask for.
  ///
  /// - Throws: `ValidationError`, `AnalysisError` naming a setting.
  func configuration() throws -> UnitMatching.Configuration {
    try matching(settings.changes(of: ["tracking"]))
  }

  /// The settings these arguments ask for where units are followed over several recordings.
  ///
  /// - Throws: `ValidationError`, `AnalysisError` naming a setting.
  func followingConfiguration() throws -> (
    matching: UnitMatching.Configuration, joining: UnitIdentities.Configuration
  ) {
    let changes = try settings.changes(of: ["tracking", "following"])
    var joining = UnitIdentities.Configuration()
    joining.acceptedFrom = accept
    return (try matching(changes), try changes.applied(to: joining, group: "following"))
  }

  private func matching(_ changes: ConfigurationChanges) throws -> UnitMatching.Configuration {
    var configuration = UnitMatching.Configuration()
    configuration.acceptedFrom = accept
    configuration.largestShift = largestShift
    return try changes.applied(to: configuration, group: "tracking")
  }
}
