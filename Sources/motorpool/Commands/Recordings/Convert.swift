import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal

/// `motorpool convert`: a recording, or a part of it, in another format.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a recording, or a part of it, in another format.",
    discussion: """
      The format follows from the extension: wav, rf64, w64, flac, aiff, caf (EMG channels), edf, bdf, \
      csv, tsv, mat, nwb; with --bids a folder becomes a BIDS-EMG dataset. Voltages are written in \
      microvolts, other quantities in their own unit. What a format cannot hold is said.

      Examples:
        motorpool convert grid.mat -o grid.bdf
        motorpool convert session.rhd -o part.edf --channels 1-64 --start 10 \\
          --end 40
        motorpool convert walk.c3d -o walk.nwb --rate 2000
        motorpool convert grid.bdf -o dataset --bids sub-01_task-hold
      """)

  @Argument(help: "Recording of any format that can be read; - is standard input.")
  var file: String

  @Option(name: .shortAndLong, help: "File to write, or with --bids a folder.")
  var output: String

  @Option(help: "Name of the recording in a BIDS dataset, such as sub-01_ses-2_task-hold_run-1.")
  var bids: String?

  @Option(help: "First second of the recorded signal.")
  var start: Double?

  @Option(help: "Last second of the recorded signal.")
  var end: Double?

  @Option(help: "New sampling rate in Hz; triggers keep their pulses, the rest is filtered.")
  var rate: Double?

  @Flag(name: .customLong("mat73"), help: "Write MAT version 7.3 (HDF5) instead of level 5.")
  var usesVersion73 = false

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var names: NameArguments

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    try BIDSName.check(bids)
    if bids == nil,
      !ConvertedRecording.extensions.contains(
        (output as NSString).pathExtension.lowercased())
    {
      throw ValidationError(
        "\(output): the extension must be one of \(ConvertedRecording.extensions.joined(separator: ", ")), "
          + "or --bids names a recording")
    }
  }

  func run() throws {
    var place =
      bids == nil
      ? try outputs.file(output, of: "convert", inputs: [file])
      : try outputs.folder(output, of: "convert", inputs: [file])
    // Here channels are those to write; a grid lies on the EMG channels that are left.
    var reading = try recording.reading()
    var selection = RecordingSelection()
    (selection.channels, selection.grid) = (reading.channels, reading.grid)
    (selection.start, selection.end, selection.samplingRate) = (start, end, rate)
    (reading.channels, reading.grid) = (nil, nil)
    let original = try reading.open(file == "-" ? try StandardInput.file() : file)
    try place.protect(original.source.files)
    let part = names.applied(to: try selection.applied(to: original))
    let origin = place.origin(
      inputs: [try .init(original)], invocation: names.invocation([file, output]))
    let converted = ConvertedRecording(
      part, format: bids == nil ? (output as NSString).pathExtension : "bids")
    let meter = ProgressMeter("writing \(output)")
    if let bids {
      OutputPlace.tell(
        kept: try place.writeFolder(origin) {
          try converted.writeDataset(to: $0, name: bids, progress: meter.show)
        })
    } else {
      try place.write(origin) {
        try converted.write(to: $0, usesVersion73: usesVersion73, progress: meter.show)
      }
    }
    meter.finish()
    let summary = try ConvertSummary(converted, path: output, from: original)
    try printing.write(summary, from: origin, text: summary.text)
  }
}
