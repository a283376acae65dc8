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
    var configuration = UnitMatching.Configuration()
    configuration.acceptedFrom = accept
    configuration.largestShift = largestShift
    return try settings.changes(of: ["tracking"]).applied(to: configuration, group: "tracking")
  }
}
