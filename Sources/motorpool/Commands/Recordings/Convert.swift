import Analyses
import ArgumentParser
import Foundation
import MATFiles
import Recordings
import Reports

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

  static let extensions = Recording.writableExtensions + ["mat", "nwb"]

  func validate() throws {
    if let bids {
      guard BIDSDatasetWriter.entities(bids) != nil else {
        throw ValidationError(
          "--bids \(bids): expected a name such as sub-01_task-hold or sub-01_ses-2_task-hold_run-1"
        )
      }
    } else if !Self.extensions.contains((output as NSString).pathExtension.lowercased()) {
      throw ValidationError(
        "\(output): the extension must be one of \(Self.extensions.joined(separator: ", ")), "
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
    let (channels, grid) = (reading.channels, reading.grid)
    (reading.channels, reading.grid) = (nil, nil)
    let original = try reading.open(file == "-" ? try StandardInput.file() : file)
    try place.protect(original.source.files)
    var selection = RecordingSelection()
    (selection.channels, selection.start, selection.end) = (channels, start, end)
    selection.samplingRate = rate
    var part = names.applied(to: try selection.applied(to: original))
    if let grid, let geometry = GridGeometry(option: grid) {
      guard let laid = geometry.grid(channels: part.emgChannels) else {
        throw Failure.Message(
          "--grid \(grid) has \(geometry.electrodeCount) electrodes, what is written has "
            + "\(part.emgChannels.count) EMG channels", code: 64)
      }
      part.electrodeGrids = [laid]
    }
    let origin = place.origin(
      inputs: [try .init(original)], invocation: names.invocation([file, output]))
    if let bids {
      OutputPlace.tell(
        kept: try place.writeFolder(origin) { folder in
          try BIDSDatasetWriter.write(
            part, to: folder, name: bids, software: ("MotorPool", SoftwareVersion.number))
        })
    } else {
      try place.write(origin) { try write(part, to: $0) }
    }
    try tell(part, from: original)
  }

  private func write(_ part: Recording, to path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "mat":
      try MATWriter.write(part, to: path, version: usesVersion73 ? .version73 : .level5)
    case "nwb": try NWBWriter.write(part, to: path)
    default: try part.write(to: path)
    }
  }

  private func tell(_ part: Recording, from original: Recording) throws {
    struct Summary: Encodable {
      let path: String
      let from: String
      let channels: Int
      let samplingRate: Double
      let durationSeconds: Double
      let leftOut: [String]
      let warnings: [String]
    }
    let lost = try leftOut(part)
    let summary = Summary(
      path: output, from: original.source.formatName, channels: writtenChannels(part).count,
      samplingRate: part.samplingRate, durationSeconds: part.duration, leftOut: lost,
      warnings: original.warnings)
    let counted = "\(summary.channels) channel\(summary.channels == 1 ? "" : "s")"
    var lines = [
      "\(output): \(counted), \(Formatting.rate(part.samplingRate)) Hz, "
        + "\(Formatting.duration(part.duration)) of \(original.source.formatName)"
    ]
    lines += lost.map { "Left out: \($0)" }
    lines += original.warnings.map { "Warning: \($0)" }
    try printing.write(summary, text: lines.joined(separator: "\n"))
  }

  private var kind: String {
    bids == nil ? (output as NSString).pathExtension.lowercased() : "bids"
  }

  private var isAudio: Bool { ["wav", "rf64", "w64", "flac", "aiff", "caf"].contains(kind) }

  private func writtenChannels(_ part: Recording) -> [Int] {
    isAudio ? part.emgChannels : Array(part.channels.indices)
  }

  /// What the format cannot hold of this recording.
  private func leftOut(_ part: Recording) throws -> [String] {
    var lost: [String] = []
    let others = part.channels.count - writtenChannels(part).count
    if others > 0 {
      lost.append("\(others) channels that are no EMG, which audio files do not hold here")
    }
    let hasAnnotations = ["edf", "bdf", "bids"].contains(kind)
    if !part.annotations.isEmpty, !hasAnnotations {
      lost.append("\(part.annotations.count) remarks (EDF, BDF and BIDS keep them)")
    }
    if !part.electrodeGrids.isEmpty, !["edf", "bdf", "bids", "nwb"].contains(kind) {
      lost.append("the layout of the electrodes (EDF, BDF, BIDS and NWB keep it)")
    }
    if !part.gaps.isEmpty {
      lost.append("\(part.gaps.count) gaps: the samples follow each other without interruption")
    }
    if kind != "nwb", let spikes = try part.storedSpikes(), spikes.spikeCount > 0 {
      lost.append("the stored discharges of \(spikes.trains.count) units (NWB keeps them)")
    }
    if part.startTime != nil, !["edf", "bdf", "bids", "nwb"].contains(kind) {
      lost.append("the time of the start")
    }
    return lost
  }
}
