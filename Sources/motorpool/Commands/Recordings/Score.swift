import Analyses
import ArgumentParser
import MotorUnits
import Recordings
import Terminal

/// `motorpool score`: found spike trains against the true ones.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare found spike trains with the true or annotated ones.",
    discussion: """
      Units are paired one to one, each pair after its own constant lag. The rate of agreement \
      (RoA) is TP / (TP + FP + FN). Sub-sample times (time_s) are used where a table has them.

      Examples:
        motorpool score results --truth truth.csv
        motorpool score results/spikes.csv --truth R00108.eaf --tolerance-ms 0.5 \\
          --json
        motorpool score results --truth R00108.mu
      """)

  @Argument(help: "Found trains: \(SpikeTable.formats).")
  var found: String

  @Option(help: "The true trains, in any of these forms.")
  var truth: String

  @Option(
    name: .customLong("tolerance-ms"),
    help: "Largest distance of matched discharges in ms; never below one sample.")
  var tolerance = 0.5

  @Option(name: .customLong("max-lag-ms"), help: "Largest constant lag of a pair in ms.")
  var longestLag = 50.0

  @Option(name: .customLong("fs"), help: "Sampling rate in Hz, where the tables do not tell it.")
  var samplingRate: Double?

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard tolerance > 0, longestLag >= 0 else {
      throw ValidationError("--tolerance-ms must be positive and --max-lag-ms not negative")
    }
    if let samplingRate, !(samplingRate > 0) {
      throw ValidationError("--fs must be positive")
    }
  }

  func run() throws {
    let summary = try ScoreSummary(
      found: found, truth: truth, samplingRate: samplingRate,
      configuration: .init(toleranceMilliseconds: tolerance, longestLagMilliseconds: longestLag))
    try printing.write(
      summary, from: .run("score", files: [found, truth]), text: summary.text)
  }
}
