import Analyses
import ArgumentParser
import Recordings
import Terminal
import UnitNumber

/// `motorpool sta-mune`: unit number by decomposition-enhanced spike-triggered averaging.
struct StaMune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sta-mune",
    abstract: "Estimate the number of motor units by spike-triggered averaging (DE-STA).",
    discussion: """
      Fits the surface potentials of decomposed units to the surface EMG by joint least squares and \
      divides the CMAP by their mean. DECOMPOSITION is a folder that decompose wrote (array or \
      needle), a table unit,sample[,time_s] or an EAF file; --recording holds the surface channels \
      on the same clock. With several channels the CMAP needs the same channels; the estimate is \
      that of the channel of the largest CMAP, and the median over the channels stands beside it. \
      The number depends on the force of the contraction, which is stored with it.

      Examples:
        motorpool sta-mune results --recording grid.edf --cmap grid-cmap.edf \\
          --force 25
        motorpool sta-mune needle-results --recording both.edf --channels 2 \\
          --cmap cmap.edf -o sta
        motorpool sta-mune units.eaf --recording surface.csv --fs 5000 --unit uV \\
          --cmap-mv 8.4
      """)

  @Argument(help: "Folder that decompose wrote, table unit,sample[,time_s], or EAF file.")
  var decomposition: String

  @Option(
    name: .customLong("recording"),
    help: "Recording with the surface channels, which --channels chooses from 1.")
  var surface: String

  @Option(help: "Recording of the CMAP, with the same surface channels in the same order.")
  var cmap: String?

  @Option(
    name: .customLong("cmap-channels"),
    help: "Channels of the CMAP's recording, from 1; default: as in --channels, else all.")
  var cmapChannels: String?

  @Option(
    name: .customLong("cmap-mv"),
    help: "CMAP in mV, negative peak, instead of --cmap: for one surface channel, amplitude only.")
  var cmapMillivolts: Double?

  @Option(name: .customLong("cmap-error"), help: "Relative standard error of the CMAP.")
  var cmapError = 0.03

  @Option(help: "Force of the contraction, percent of maximum; default: from a force channel.")
  var force: Double?

  @Option(help: "Which samples are the negative phase: negative, positive or auto (by the CMAP).")
  var polarity: PolarityChoice = .auto

  @Option(name: .customLong("min-discharges"), help: "Fewest discharges of a unit.")
  var minimumDischarges = 50

  @Option(
    name: .customLong("min-split-half"),
    help: "Least correlation of the potentials of odd and even discharges.")
  var minimumSplitHalf = 0.3

  @Option(
    name: .customLong("high-pass"),
    help: "High-pass of the surface EMG in Hz, without phase shift; 0 for none.")
  var highPass = SpikeTriggeredAnalysis.defaultHighPass

  @Flag(help: "The recording is not the decomposed file but was made with it, on the same clock.")
  var simultaneous = false

  @Option(help: "Seed of the bootstrap.")
  var seed: UInt64 = 1

  @Option(name: .shortAndLong, help: "Folder for the report; it is made if it is not there.")
  var output: String?

  @OptionGroup var outputs: OverwriteArguments

  @OptionGroup var stimulus: StimulusArguments

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var settings: ConfigurationArguments

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    guard (cmap == nil) != (cmapMillivolts == nil) else {
      throw ValidationError("name the CMAP by one of --cmap and --cmap-mv")
    }
    if let cmapMillivolts, !(cmapMillivolts.isFinite && cmapMillivolts > 0) {
      throw ValidationError("--cmap-mv \(cmapMillivolts): expected a CMAP above 0 mV")
    }
    guard (0...1).contains(cmapError) else {
      throw ValidationError("--cmap-error \(cmapError): expected 0 to 1")
    }
    if let force, !(force > 0 && force <= 100) {
      throw ValidationError("--force \(force): expected percent of maximum, above 0 to 100")
    }
    guard minimumDischarges >= 2, (-1...1).contains(minimumSplitHalf) else {
      throw ValidationError("--min-discharges of at least 2, --min-split-half of -1 to 1")
    }
    guard highPass >= 0, highPass <= 50 else {
      throw ValidationError("--high-pass \(highPass): expected 0 to 50 Hz")
    }
  }

  func run() throws {
    var configuration = DecompositionEnhancedAveraging()
    configuration.minimumDischarges = minimumDischarges
    configuration.minimumSplitHalf = minimumSplitHalf
    configuration.errors.cmapRelativeError = cmapError
    configuration.errors.seed = seed
    let changes = try settings.changes(of: ["sta-mune", "response"])
    configuration = try changes.applied(to: configuration, group: "sta-mune")
    let inputs = [decomposition, surface] + [cmap].compactMap { $0 }
    let place = try output.map { try outputs.folder($0, of: "sta-mune", inputs: inputs) }
    let meter = ProgressMeter("averaging \(surface)")
    let analysis = try SpikeTriggeredAnalysis(
      .init(
        decomposition: decomposition, surface: surface, cmap: cmap, cmapChannels: cmapChannels,
        cmapMillivolts: cmapMillivolts, force: force, polarity: polarity.phase,
        highPass: highPass, isSimultaneous: simultaneous, reading: try recording.reading(),
        stimulus: try stimulus.times(changes)),
      configuration: configuration, progress: meter.show)
    meter.finish()
    let summary = SpikeTriggeredSummary(analysis: analysis)
    if let place {
      let folder = try analysis.files(command: CommandText.invocation)
      OutputPlace.tell(
        kept: try folder.write(to: place, place.origin(seed: seed, files: inputs)))
    }
    try printing.write(
      summary, from: .run("sta-mune", seed: seed, files: inputs),
      text: analysis.text
        + (output.map { "\n\nResults in \($0): sta-mune.json, report.html" } ?? ""))
  }
}

/// Which samples of a recording are the negative phase of a potential.
enum PolarityChoice: String, ExpressibleByArgument, CaseIterable {
  /// As the CMAP shows it.
  case auto
  /// The recording keeps the physical sign.
  case negative
  /// The recording program has turned the sign.
  case positive

  /// The setting of the measurement.
  var phase: CMAPMeasurement.NegativePhase {
    switch self {
    case .auto: .automatic
    case .negative: .negativeSamples
    case .positive: .positiveSamples
    }
  }
}
