import Analyses
import ArgumentParser
import Decomposition
import Foundation
import Recordings
import Reports
import Tables

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

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func run() throws {
    try array.requireDecompositionSettings(and: ["validation"])
    let configuration = try array.configuration()
    let parallelism = try array.parallelism()
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
    print(
      json ? try JSONText.of(ValidateSummary(check)) : text(check.validation, opened),
      terminator: json ? "" : "\n")
  }

  private func text(_ validation: SubsetValidation, _ opened: Recording) -> String {
    let names = halves ? ["First half", "Second half"] : ["Odd", "Even"]
    var lines = [
      "\(opened.source.fileName): all \(opened.emgChannels.count) channels "
        + "\(validation.whole.units.count) units, \(names[0].lowercased()) "
        + "(\(validation.subsets[0].count)) \(validation.parts[0].units.count), "
        + "\(names[1].lowercased()) (\(validation.subsets[1].count)) "
        + "\(validation.parts[1].units.count)",
      "\(validation.confirmedCount) of \(validation.whole.units.count) units confirmed: the two "
        + "subsets agree at RoA >= 0.9",
      "",
    ]
    var table = TextTable([
      "Unit", "Discharges", "SIL", names[0], "RoA", names[1], "RoA", "Subsets RoA", "Lag (ms)",
    ])
    func number(_ value: Int?) -> String { value.map(String.init) ?? "-" }
    for row in validation.rows {
      var lag: Double?
      if let first = row.lagsMilliseconds[0], let second = row.lagsMilliseconds[1] {
        lag = second - first
      }
      table.add([
        number(row.unit), String(row.dischargeCount), Formatting.fixed(row.silhouette, 3),
        number(row.subsetUnits[0]), Formatting.fixed(row.agreements[0], 3),
        number(row.subsetUnits[1]), Formatting.fixed(row.agreements[1], 3),
        Formatting.fixed(row.mutualAgreement, 3), Formatting.fixed(lag, 2),
      ])
    }
    lines.append(table.text)
    lines += ["", SubsetCheck.reading]
    if let output { lines.append("Table in \(output)") }
    return lines.joined(separator: "\n")
  }
}
