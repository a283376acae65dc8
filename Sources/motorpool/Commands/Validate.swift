import ArgumentParser
import Decomposition
import Foundation
import Recordings
import Reports

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

  @Argument(help: "Recording: WAV, W64, RF64, FLAC, AIFF, EDF, BDF, CSV, TSV, MAT or WFDB (.hea).")
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
    let subsets =
      halves ? try gridHalves(opened) : SubsetValidation.oddEven(channelCount: channels.count)
    let meter = ProgressMeter("validating \(opened.source.fileName)")
    let validation: SubsetValidation
    do {
      validation = try SubsetValidation(
        try opened.emgSamples(), samplingRate: opened.samplingRate, subsets: subsets,
        decomposer: ArrayDecomposer(configuration: configuration, parallelism: parallelism)
      ) { progress, part in
        meter.update(
          (Double(part) + progress.fraction) / 3,
          detail: part == 0 ? "all channels" : "subset \(part)")
      }
    } catch let error as DecompositionError {
      throw Failure.Message("\(file): \(error.description)")
    }
    meter.finish()
    if let place {
      try place.write(
        place.origin(seed: configuration.seed, inputs: [try .init(opened)]),
        Self.table(validation))
    }
    print(
      json
        ? try JSONText.of(ValidateSummary(validation, opened, halves: halves))
        : text(validation, opened),
      terminator: json ? "" : "\n")
  }

  /// The channels of the grid's first and second half along its longer side.
  private func gridHalves(_ opened: Recording) throws -> [[Int]] {
    guard let grid = opened.electrodeGrid else {
      throw Failure.Message(
        "\(file): the layout of the electrodes is not known; state it with --grid", code: 64)
    }
    let alongRows = grid.rows >= grid.columns
    let half = (alongRows ? grid.rows : grid.columns) / 2
    var subsets: [[Int]] = [[], []]
    for (index, channel) in opened.emgChannels.enumerated() {
      guard let position = grid.position(ofChannel: channel) else { continue }
      subsets[(alongRows ? position.row : position.column) < half ? 0 : 1].append(index)
    }
    return subsets
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
    lines += ["", Self.reading]
    if let output { lines.append("Table in \(output)") }
    return lines.joined(separator: "\n")
  }

  /// What the figures say and what they do not.
  static let reading =
    "Agreement of two subsets is evidence of a right train; its absence is none of a wrong one."

  private static func table(_ validation: SubsetValidation) -> String {
    var text =
      "unit,discharges,silhouette,first,first_roa,second,second_roa,subsets_roa\n"
    for row in validation.rows {
      func number(_ value: Int?) -> String { value.map(String.init) ?? "" }
      func rate(_ value: Double?) -> String { value.map { Formatting.fixed($0, 4) } ?? "" }
      text +=
        [
          number(row.unit), String(row.dischargeCount), Formatting.fixed(row.silhouette, 4),
          number(row.subsetUnits[0]), rate(row.agreements[0]), number(row.subsetUnits[1]),
          rate(row.agreements[1]), rate(row.mutualAgreement),
        ].joined(separator: ",") + "\n"
    }
    return text
  }
}

/// What `motorpool validate --json` prints.
struct ValidateSummary: Encodable {
  let software = SoftwareVersion.text
  let file: String
  let sha256: String
  let subsets: String
  let channelCounts: [Int]
  let unitCounts: [Int]
  let confirmedUnits: Int
  let confirmedFrom = SubsetValidation.confirmedFrom
  let units: [SubsetValidation.Row]
  let reading = Validate.reading
  let note = ReportWording.identifiedCounts

  init(_ validation: SubsetValidation, _ recording: Recording, halves: Bool) throws {
    file = recording.source.fileName
    sha256 = try recording.source.inputHash()
    subsets = halves ? "halves of the grid" : "odd and even channels"
    channelCounts = [recording.emgChannels.count] + validation.subsets.map(\.count)
    unitCounts = [validation.whole.units.count] + validation.parts.map(\.units.count)
    confirmedUnits = validation.confirmedCount
    units = validation.rows
  }
}
