import Analyses
import ArgumentParser
import Decomposition
import Recordings
import Terminal

/// `motorpool validate`: the same units from two sets of electrodes that share none.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check units against decompositions of two halves of the electrodes.",
    discussion: """
      All channels, and two halves of them that share no electrode, are decomposed independently; \
      the table tells how far their trains agree: the rate of agreement (RoA) is TP / (TP + FP + \
      FN) after the best constant lag. Two halves that find one train are evidence that it is \
      right. That a half does not find a unit is no evidence that it is wrong: half of the \
      electrodes separate fewer units. A disturbance common to all electrodes could agree, too.

      Examples:
        motorpool validate grid.mat
        motorpool validate grid.wav --mv-per-fs 1.0959 --json
        motorpool validate grid.otb+ --grid 13x5,8 --halves --output check.csv
      """)

  @Argument(help: "Recording: \(RecordingReading.readers.formatNames).")
  var file: String

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var array: ArrayArguments

  @Flag(help: "Take the two halves of the grid instead of odd and even channels.")
  var halves = false

  @Option(name: .shortAndLong, help: "CSV file for the table.")
  var output: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    try array.requireDecompositionSettings(and: ["validation"])
    let configuration = try array.configuration()
    let parallelism = array.threads.parallelism
    var place = try output.map { try outputs.file($0, of: "validate", inputs: [file]) }
    let opened = try recording.open(file)
    try place?.protect(opened.source.files)
    let channels = opened.emgChannels
    if array.electrodes.isNeedle(channelCount: channels.count) {
      throw Failure.Message(
        "\(file): \(channels.count) EMG channels are too few for two subsets; "
          + "validation needs an array of at least \(2 * ArrayDecomposer.fewestChannels) channels")
    }
    let meter = ProgressMeter("validating \(opened.source.fileName)")
    let check = try SubsetCheck(
      opened, halves: halves, configuration: configuration, parallelism: parallelism,
      validation: try array.settings.changes().applied(
        to: SubsetValidation.Configuration(), group: "validation"),
      progress: meter.show)
    meter.finish()
    if let place {
      try place.write(
        place.origin(seed: configuration.seed, inputs: [try .init(opened)]), check.csv)
    }
    try printing.write(
      ValidateSummary(check),
      from: .run("validate", seed: configuration.seed, recordings: [opened]),
      text: check.text + (output.map { "\nTable in \($0)" } ?? ""))
  }
}
