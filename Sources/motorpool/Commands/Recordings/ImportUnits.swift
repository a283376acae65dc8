import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal

/// `motorpool import-units`: units that another program found, as a folder of results.
struct ImportUnits: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read the units that another program found into a folder of results.",
    discussion: """
      Read is \(SpikeTable.formats). The folder holds \
      units.json, units.csv, spikes.csv, counts.csv and report.html; where the file or --recording brings the \
      signal, templates.json too, so that score, track and export-units work as on an own run.

      Examples:
        motorpool import-units other.json --output other
        motorpool import-units edited.mat --unit uV --output edited
        motorpool import-units events.tsv --fs 2048 --recording grid.bdf \\
          --output theirs
      """)

  @Argument(help: "Another program's file, or the folder of an openhdemg module.")
  var file: String

  @Option(name: .shortAndLong, help: "Folder for the results; it is made if it is not there.")
  var output: String

  @Option(name: .customLong("recording"), help: "The recording, where the file does not hold it.")
  var recordingFile: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let inputs = [file] + [recordingFile].compactMap { $0 }
    let place = try outputs.folder(output, of: "import-units", inputs: inputs)
    var units = try UnitCollection.read(
      file, recording: recordingFile, reading: try recording.reading())
    let meter = ProgressMeter("potentials of \(units.name)")
    units = try units.withSources(progress: meter.show)
    meter.finish()
    let origin = place.origin(files: inputs)
    OutputPlace.tell(
      kept: try units.resultFolder(command: CommandText.invocation).write(to: place, origin))
    let summary = ImportUnitsSummary(units, output: output)
    try printing.write(summary, text: summary.text)
  }
}
