import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal

/// `motorpool export-units`: the units of a run for another program.
struct ExportUnits: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the units of a run for another program.",
    discussion: """
      Formats:
      \(UnitFormats.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

      Formats with signal and sources (innervation pulse trains) need the recording that was \
      decomposed; the sources are made again from trains and recording, 1 at the height of a mean \
      discharge. Units of another program's file are taken as they are.

      Examples:
        motorpool export-units results --recording grid.mat --format openhdemg \\
          -o exported
        motorpool export-units results --recording grid.mat --format muedit \\
          -o grid-muedit.mat
        motorpool export-units results --format eaf -o units.eaf
        motorpool export-units results --format bids --bids sub-01_task-hold \\
          -o derivative
        motorpool export-units other.json --format demuse -o other.mat
      """)

  @Argument(help: "A folder that decompose or import-units wrote, or another program's file.")
  var source: String

  @Option(
    help: ArgumentHelp(
      "One of \(UnitFormats.all.map(\.name).joined(separator: ", ")).", valueName: "format"))
  var format: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write; a folder for \(UnitFormats.folderNames.joined(separator: ", ")).",
      valueName: "output"))
  var output: String

  @Option(
    help: "Name of the recording in a BIDS dataset, where its file name does not tell it.")
  var bids: String?

  @Option(name: .customLong("recording"), help: "The recording that was decomposed.")
  var file: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard UnitFormats.named(format) != nil else {
      throw ValidationError(
        "--format \(format): expected "
          + UnitFormats.all.map(\.name).joined(separator: ", "))
    }
    try BIDSName.check(bids)
  }

  func run() throws {
    guard let writer = UnitFormats.named(format) else { return }
    let inputs = [source] + [file].compactMap { $0 }
    let place =
      writer.form == .folder
      ? try outputs.folder(output, of: "export-units", inputs: inputs)
      : try outputs.file(output, of: "export-units", inputs: inputs)
    var units = try UnitCollection.read(source, reading: try recording.reading())
    if let file { units = try units.with(try recording.open(file)) }
    units.bidsName = bids
    try units.require(for: writer, of: source)
    if writer.needs == .sources || units.recording != nil {
      let meter = ProgressMeter("sources of \(units.name)")
      units = try units.withSources(progress: meter.show)
      meter.finish()
    }
    let origin = place.origin(files: inputs)
    if writer.form == .folder {
      OutputPlace.tell(kept: try place.writeFolder(origin) { try writer.write(units, to: $0) })
    } else {
      try place.write(origin) { try writer.write(units, to: $0) }
    }
    let summary = ExportUnitsSummary(units, path: output, format: writer.name)
    try printing.write(summary, from: origin, text: summary.text(writer.summary))
  }
}
