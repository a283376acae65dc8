import Analyses
import ArgumentParser
import MotorUnits

/// `motorpool track`: the same units in two recordings of one muscle.
struct Track: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the same motor units in two decomposed recordings of one muscle.",
    discussion: """
      Units are matched by the shape of their potentials over the array; the second array may be \
      shifted, slightly turned, have lost other electrodes and another sampling rate. Every link \
      carries a probability, calibrated on simulated muscles; units that cannot be tracked are \
      said apart. With --repeat, a second recording of the first day, survival is normalised.

      Examples:
        motorpool track visit1 visit2
        motorpool track visit1 visit2 --repeat visit1-again --json
      """)

  @Argument(help: "Folder that decompose wrote for the earlier recording.")
  var first: String

  @Argument(help: "Folder that decompose wrote for the later recording.")
  var second: String

  @Option(
    name: .customLong("repeat"),
    help: "Folder of another recording on the first one's day, the array mounted anew.")
  var sameDay: String?

  @OptionGroup var matching: MatchingArguments

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func run() throws {
    let meter = ProgressMeter("tracking units")
    let summary = try TrackingSummary(
      folders: first, second, sameDay: sameDay, configuration: try matching.configuration(),
      progress: meter.show)
    meter.finish()
    print(
      json ? try JSONText.of(summary) : summary.text + "\n\n" + TrackingSummary.caveat,
      terminator: json ? "" : "\n")
  }
}
