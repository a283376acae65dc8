import Analyses
import ArgumentParser
import Decomposition
import Foundation
import Recordings
import Reports

/// `motorpool apply`: kept separation filters on another recording.
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the units of kept separation filters in another recording.",
    discussion: """
      The recording needs the electrodes the filters were made with: the same number of EMG \
      channels, sampling rate and layout. Units keep the numbers they have in the model. The \
      results are those of decompose; units outside the model are not searched.

      With --stream the recording is taken block by block as if it arrived now, without looking \
      ahead, and units.json and spikes.csv are written. --adapt lets potentials and filters follow \
      a changing signal.

      Examples:
        motorpool decompose first.wav --mv-per-fs 5 --output first \\
          --save-model arm.filters
        motorpool apply arm.filters second.wav --mv-per-fs 5 --output second
        motorpool apply arm.filters second.wav --output live --stream \\
          --block-ms 100 --timings
        motorpool apply arm.filters long.wav --output live --stream --adapt --json
      """)

  @Argument(help: "Separation filters that decompose --save-model wrote.")
  var model: String

  @Argument(help: "Recording: \(RecordingReading.readers.formatNames).")
  var file: String

  @Option(name: .shortAndLong, help: "Folder for the results; it is made if it is not there.")
  var output: String

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var names: NameArguments

  @OptionGroup var recording: RecordingArguments

  @Flag(help: "Take the recording block by block, without looking ahead.")
  var stream = false

  @Flag(help: "With --stream: let potentials and filters follow the signal.")
  var adapt = false

  @Option(name: .customLong("block-ms"), help: "With --stream: length of a block in ms.")
  var block = 100.0

  @Option(help: "Threads to use (default: all cores); the result does not depend on it.")
  var threads: Int?

  @Flag(help: "Print the wall time of each stage, with --stream of the blocks.")
  var timings = false

  @Flag(help: "Print a JSON summary instead of tables.")
  var json = false

  func validate() throws {
    if !(block > 0 && block <= 10_000) {
      throw ValidationError("--block-ms \(block): expected more than 0 and at most 10000")
    }
    if adapt && !stream { throw ValidationError("--adapt needs --stream") }
    if let threads, threads < 1 {
      throw ValidationError("--threads \(threads): at least one thread is needed")
    }
  }

  func run() throws {
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
      let streamed = try StreamedAnalysis(
        opened, model: filters, modelFile: model, blockMilliseconds: block, adapts: adapt)
      OutputPlace.tell(kept: try streamed.write(to: place, origin))
      print(
        json
          ? try JSONText.of(StreamSummary(streamed, output: output))
          : streamed.text(output: output, showsTimings: timings), terminator: json ? "" : "\n")
      return
    }
    let applied = try AppliedModel(
      filters, to: opened, parallelism: .init(threadCount: threads))
    let (analysis, missing) = (applied.analysis, applied.missing)
    OutputPlace.tell(
      kept: try analysis.write(to: place, origin, command: command))
    if json {
      print(
        try JSONText.of(
          ApplySummary(ArraySummary(analysis, output: output), filters, missing: missing)),
        terminator: "")
    } else {
      print(
        analysis.text(
          output: output, showsTimings: timings,
          title: [
            "filters of \(filters.provenance.recording) (\(filters.units.count) units), "
              + "\(filters.units.count - missing.count) found again"
          ]))
    }
  }
}
