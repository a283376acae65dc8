import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal

/// `motorpool info`: what a recording holds.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a recording holds and what is doubtful about it.",
    discussion: """
      Examples:
        motorpool info recording.edf
        motorpool info grid.mat --json
        motorpool info table.csv --fs 2048 --unit mV
        motorpool info grid.mat --plot overview.html
        cat recording.bdf | motorpool info -
      """)

  @Argument(help: "Recording: any format that is read; of WFDB the .hea file.")
  var file: String

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var printing: PrintArguments

  @Flag(help: "Read the header alone: no RMS, clipping, hum and dead time.")
  var headerOnly = false

  @Option(help: "Draw channels, quality and the power over the grid into an .svg or .html file.")
  var plot: String?

  @OptionGroup var outputs: OutputArguments

  func validate() throws {
    guard let plot else { return }
    guard ["svg", "html"].contains((plot as NSString).pathExtension.lowercased()) else {
      throw ValidationError("--plot \(plot): the extension must be .svg or .html")
    }
    guard !headerOnly else { throw ValidationError("--plot needs the samples; omit --header-only") }
  }

  func run() throws {
    var place = try plot.map { try outputs.file($0, of: "info", inputs: [file]) }
    var recording = try recording.open(file)
    try place?.protect(recording.source.files)
    let quality = headerOnly ? nil : try recording.quality()
    if let quality {
      recording.warnings += recording.doubts(quality)
    } else if !headerOnly {
      recording.warnings.append("the samples were not looked at because of the file's size")
    }
    if let place { try draw(recording, quality, to: place) }
    try printing.write(
      RecordingSummary(recording, quality: quality),
      from: .run("info", recordings: [recording]),
      text: recording.text(quality: quality, gridAdvice: "state it with --grid where it is needed"))
  }

  private func draw(
    _ recording: Recording, _ quality: [ChannelQuality]?, to place: OutputPlace
  ) throws {
    guard let quality else {
      throw Failure.Message(
        "\(file): is too large to be read whole for a picture; convert it to EDF, BDF or WAV first")
    }
    let overview = RecordingOverview(recording, quality: quality)
    let origin = place.origin(inputs: [try .init(recording)])
    if (place.path as NSString).pathExtension.lowercased() == "html" {
      try place.write(origin, try overview.page(command: CommandText.invocation).html())
    } else if let picture = try overview.figure().figure(id: "overview").svg {
      try place.write(origin, picture)
    }
  }
}
