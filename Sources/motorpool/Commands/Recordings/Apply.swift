import Analyses
import ArgumentParser
import Decomposition
import Foundation
import Recordings
import Reports
import Terminal

/// `motorpool apply`: kept separation filters on another recording.
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the units of kept separation filters in another recording.",
    discussion: """
      The recording needs the electrodes the filters were made with: the same number of EMG \
      channels, sampling rate and layout. Units keep the numbers they have in the model. The \
      results are those of decompose; units outside the model are not searched.

      With --stream the recording is taken block by block as if it arrived now, without looking \
      ahead, and units.json, units.csv and spikes.csv are written. --adapt lets potentials and filters follow \
      a changing signal.

      With --stream, --sample and `-` for the recording a device's interleaved samples are read from \
      standard input as they come, and each discharge is a line on standard output. What was lost, \
      late or took too long is said on standard error, with --json as lines with `event`.

      Examples:
        motorpool decompose first.wav --mv-per-fs 5 --output first \\
          --save-model arm.filters
        motorpool apply arm.filters second.wav --mv-per-fs 5 --output second
        motorpool apply arm.filters second.wav --output live --stream \\
          --block-ms 100 --timings
        motorpool apply arm.filters long.wav --output live --stream --adapt --json
        acquire | motorpool apply arm.filters - --stream --fs 2048 \\
          --channels 64 --sample int16le --uv-per-count 0.286
      """)

  @Argument(help: "Separation filters that decompose --save-model wrote.")
  var model: String

  @Argument(
    help: "Recording: \(RecordingReading.readers.formatNames); - for standard input.")
  var file: String

  @Option(
    name: .shortAndLong,
    help: "Folder for the results; it is made if it is not there. Not with --sample.")
  var output: String?

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var names: NameArguments

  @OptionGroup var recording: RecordingArguments

  @Flag(help: "Take the recording block by block, without looking ahead.")
  var stream = false

  @Flag(help: "With --stream: let potentials and filters follow the signal.")
  var adapt = false

  @OptionGroup var settings: ConfigurationArguments

  @Option(name: .customLong("block-ms"), help: "With --stream: length of a block in ms.")
  var block = 100.0

  @Option(
    help: "With --stream and -: how a sample is stored; --fs and --channels N state the rest.")
  var sample: LiveSamples.Format?

  @Option(
    name: .customLong("uv-per-count"),
    help: "With --sample: microvolts of a stored 1 (default: 1 for float32le).")
  var microvoltsPerCount: Double?

  @Flag(help: "With --sample: each block begins with a 32-bit little-endian counter.")
  var numbered = false

  @OptionGroup var threads: ThreadArguments

  @Flag(help: "Print the wall time of each stage, with --stream of the blocks.")
  var timings = false

  @OptionGroup var printing: PrintArguments

  func validate() throws {
    if !(block > 0 && block <= 10_000) {
      throw ValidationError("--block-ms \(block): expected more than 0 and at most 10000")
    }
    if adapt && !stream { throw ValidationError("--adapt needs --stream") }
    if try !stream && !settings.changes().isEmpty {
      throw ValidationError("settings of streaming need --stream")
    }
    if sample == nil {
      guard output != nil else {
        throw ValidationError("--output: a folder for the results is needed")
      }
      if numbered || microvoltsPerCount != nil {
        throw ValidationError("--numbered and --uv-per-count need --sample")
      }
    } else {
      guard stream, file == "-" else {
        throw ValidationError("--sample needs --stream and - for standard input")
      }
      if output != nil {
        throw ValidationError("--output: discharges of a live stream go to standard output")
      }
      _ = try liveStream()
    }
  }

  /// How a signal is followed as it arrives.
  private func following() throws -> StreamingDecomposer.Configuration {
    var configuration = StreamingDecomposer.Configuration()
    configuration.updatesFilters = adapt
    return try settings.changes(of: ["streaming"]).applied(to: configuration, group: "streaming")
  }

  /// What standard input holds; throws where an option that says so is missing.
  private func liveStream() throws -> (stream: LiveSamples.Configuration, samplingRate: Double) {
    guard let rate = recording.samplingRate, rate > 0, rate.isFinite else {
      throw ValidationError("--fs: the sampling rate of the stream in Hz is needed")
    }
    guard let count = recording.channels.flatMap({ Int($0) }), (1...4096).contains(count) else {
      throw ValidationError("--channels: the number of interleaved channels is needed, such as 64")
    }
    let format = sample ?? .float32le
    guard let scale = microvoltsPerCount ?? (format == .float32le ? 1 : nil),
      LiveSamples.Configuration.microvoltsRange.contains(abs(scale))
    else {
      throw ValidationError(
        "--uv-per-count: the microvolts of a count are needed for \(format), 1e-9 to 1e9")
    }
    do {
      let samples = try LiveSamples.Configuration.blockSamples(
        seconds: block / 1000, samplingRate: rate, channelCount: count)
      return (
        LiveSamples.Configuration(
          channelCount: count, format: format, microvoltsPerCount: scale, blockSamples: samples,
          isNumbered: numbered), rate
      )
    } catch let error as AnalysisError {
      throw ValidationError("--fs, --block-ms: \(error.problem)")
    }
  }

  func run() throws {
    guard let output else {
      let (input, rate) = try liveStream()
      try LiveInput(
        model: try SavedModel.read(model), stream: input, samplingRate: rate,
        configuration: try following(),
        json: printing.json, showsTimings: timings
      ).run()
      return
    }
    var place = try outputs.folder(output, of: "apply", inputs: [file, model])
    let filters = try SavedModel.read(model)
    let opened = names.applied(to: try recording.open(file))
    try place.protect(opened.source.files)
    let command = names.invocation([file, model, output])
    let kept = names.noNames ? nil : OutputOrigin.Input(model)
    let origin = place.origin(
      seed: filters.configuration.seed, inputs: [try .init(opened)] + [kept].compactMap { $0 },
      invocation: command)
    if stream {
      try AppliedModel.require(opened, fits: filters)
      let meter = ProgressMeter("applying to \(opened.source.fileName)")
      let streamed = try StreamedAnalysis(
        opened, model: filters, modelFile: model, blockMilliseconds: block,
        configuration: try following(), progress: meter.show)
      meter.finish()
      OutputPlace.tell(kept: try streamed.write(to: place, origin))
      return try printing.write(
        StreamSummary(streamed, output: output), from: origin,
        text: streamed.text(output: output, showsTimings: timings))
    }
    let meter = ProgressMeter("applying to \(opened.source.fileName)")
    let applied = try AppliedModel(
      filters, to: opened, parallelism: threads.parallelism, progress: meter.show)
    meter.finish()
    OutputPlace.tell(kept: try applied.analysis.write(to: place, origin, command: command))
    try printing.write(
      applied.summary(output: output), from: origin,
      text: applied.text(output: output, showsTimings: timings))
  }
}

extension LiveSamples.Format: ExpressibleByArgument {}
