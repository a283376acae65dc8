import Analyses
import ArgumentParser
import UnitNumber

/// Arguments that say where in a recording the stimuli are and which channel is the muscle.
struct StimulusArguments: ParsableArguments {
  @Option(
    name: .customLong("stimulus-ms"),
    help: "Times of the stimuli in ms, such as 25 or 25,1025; default: trigger channel or remarks.")
  var stimulusMilliseconds: String?

  @Option(
    name: .customLong("trigger-channel"),
    help: "The channel of the stimuli, counted from 1, in files that do not name it (WAV).")
  var triggerChannel: Int?

  @Option(
    name: .customLong("trigger-code"),
    help: "The code of the stimuli, where the trigger channel holds several.")
  var triggerCode: Int?

  /// The times these arguments give, with changed settings of how responses are measured.
  func times(_ changes: ConfigurationChanges) throws -> StimulusTimes {
    StimulusTimes(
      milliseconds: try stimulusMilliseconds.map { list in
        guard let times = NumberList.numbers(list, where: { $0 >= 0 }) else {
          throw ValidationError("--stimulus-ms \(list): expected times in ms")
        }
        return times
      }, triggerChannel: triggerChannel, triggerCode: triggerCode,
      measurement: try changes.applied(to: CMAPMeasurement(), group: "response"))
  }
}
