import Analyses
import ArgumentParser
import Foundation
import Recordings
import Terminal
import UnitNumber

/// `motorpool munix`: the motor unit number index.
struct Munix: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "munix",
    abstract: "Compute MUNIX and MUSIX from a CMAP and surface interference patterns.",
    discussion: """
      The CMAP is the largest response to the stimuli of --cmap; the interference patterns are cut \
      into epochs of --epoch-ms without overlap. The first EMG channel of each file counts. Without \
      --cmap the one FILE holds both, and epochs with a response are left out.

      Examples:
        motorpool munix effort.edf --cmap cmap.edf
        motorpool munix sip1.csv sip2.csv --cmap cmap.csv --stimulus-ms 25 \\
          --fs 5000 --unit uV
        motorpool munix session.edf --muscle apb --json
      """)

  /// Muscles with norms of MUNIX.
  private static let muscles = Norm.muscles(.munix)
  private static let muscleNames =
    muscles.dropLast().joined(separator: ", ") + " or " + (muscles.last ?? "")

  @Argument(help: "Recordings of graded voluntary contractions, in any format that can be read.")
  var files: [String]

  @Option(help: "Recording of the CMAP; default: the one FILE.")
  var cmap: String?

  @Option(name: .customLong("epoch-ms"), help: "Length of an epoch in ms.")
  var epochMilliseconds = 500.0

  @Option(help: "Muscle for published norms: \(Munix.muscleNames).")
  var muscle: String?

  @Option(help: "Seed of the bootstrap.")
  var seed: UInt64 = 1

  @Option(name: .shortAndLong, help: "Folder for the report; it is made if it is not there.")
  var output: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var stimulus: StimulusArguments

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var settings: ConfigurationArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard cmap != nil || files.count == 1 else {
      throw ValidationError("several files need the recording of the CMAP as --cmap")
    }
    guard epochMilliseconds.isFinite, (50...60_000).contains(epochMilliseconds) else {
      throw ValidationError("--epoch-ms \(epochMilliseconds): expected 50 to 60000")
    }
    if let muscle, !Self.muscles.contains(muscle.uppercased()) {
      throw ValidationError(
        "--muscle \(muscle): norms are known of "
          + Self.muscles.sorted().joined(separator: ", "))
    }
  }

  func run() throws {
    var configuration = MUNIX()
    configuration.epochMilliseconds = epochMilliseconds
    configuration.seed = seed
    let changes = try settings.changes(of: ["munix", "response"])
    configuration = try changes.applied(to: configuration, group: "munix")
    let inputs = files + [cmap].compactMap { $0 }
    let place = try output.map { try outputs.folder($0, of: "munix", inputs: inputs) }
    let meter = ProgressMeter("estimating MUNIX")
    let analysis = try MUNIXAnalysis(
      patterns: files, cmap: cmap ?? files[0], reading: try recording.reading(),
      stimulus: try stimulus.times(changes),
      configuration: configuration, muscle: muscle, progress: meter.show)
    meter.finish()
    let summary = MUNIXSummary(analysis: analysis)
    if let place {
      let folder = try analysis.files(command: CommandText.invocation)
      OutputPlace.tell(
        kept: try folder.write(to: place, place.origin(seed: seed, files: inputs)))
    }
    try printing.write(
      summary, from: .run("munix", seed: seed, files: inputs),
      text: analysis.text(place: output.map { "Results in \($0): munix.json, report.html" }))
  }
}
