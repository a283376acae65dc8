import Analyses
import ArgumentParser
import Decomposition
import Foundation
import MotorUnits
import Recordings
import Reports
import Terminal

/// `motorpool decompose`: one recording into motor units.
struct Decompose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decompose a recording into the spike trains of single motor units.",
    discussion: """
      Writes units.json, units.csv, spikes.csv, counts.csv and report.html into the output folder, for arrays \
      also templates.json (see track), for needle recordings the discharges as EMGLAB (units.eaf) \
      and WFDB (units.mu) annotations. One to three EMG channels are taken for a needle, more for an \
      array, unless --electrodes says otherwise. The units are those that can be told apart; their \
      number is not an estimate of the number of motor units of the muscle.

      Array recordings of more than 90 s are cut into overlapping segments that are read one after \
      the other, so memory does not grow with the length; units are linked over the segments and \
      drift.csv tells how their potentials change.

      Examples:
        motorpool decompose grid.mat --output results
        motorpool decompose grid.wav --mv-per-fs 1.0959 --output results --seed 7
        motorpool decompose array.bdf --electrodes intramuscular --output results
        motorpool decompose needle.hea --electrodes needle --output results
        motorpool decompose table.csv --fs 2048 --unit mV --grid 8x8,10 \\
          --output results
        motorpool decompose first.wav --mv-per-fs 5 --output first \\
          --save-model arm.filters
        motorpool decompose hour.wav --output hour --segment 30
        motorpool decompose session/*.edf --output results
      """)

  @Argument(
    help: """
      Recordings: \(RecordingReading.readers.formatNames); of a folder all that it holds but JSON.
      """)
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: """
      Folder for the results; it is made if it is not there. Of several recordings each gets a \
      folder in it, named as the file is.
      """)
  var output: String

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var names: NameArguments

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var array: ArrayArguments

  @Option(
    name: .customLong("save-model"),
    help: "File to keep the separation filters in, for motorpool apply (arrays).")
  var model: String?

  @Option(
    help: """
      Cut array recordings longer than this many seconds into segments of this length (default: \
      segments of 60 s above 90 s, short ones where potentials drift); 0 never cuts.
      """)
  var segment: Double?

  @Flag(
    help: """
      Also extrapolate from identified to all active units (arrays). Research only: it depends on \
      an assumed size spread and is not the number of motor units.
      """)
  var research = false

  @Flag(help: "Print the wall time of each stage.")
  var timings = false

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let inputs = try InputPaths(files)
    if let file = inputs.single { return try decompose(file, into: output) }
    guard model == nil else {
      throw ValidationError("--save-model keeps the filters of one recording; name one")
    }
    try inputs.forEach(in: output) { try decompose($0, into: $1) }
  }

  private func decompose(_ file: String, into output: String) throws {
    try array.requireDecompositionSettings()
    var configuration = try array.configuration()
    // A length that was asked for holds, whatever the potentials do.
    if segment != nil { configuration.followsDrift = false }
    let parallelism = array.threads.parallelism
    var place = try outputs.folder(output, of: "decompose", inputs: [file])
    var modelPlace = try model.map {
      try outputs.file(
        $0, of: "decompose --save-model", inputs: [file], recognises: SavedModel.isModel)
    }
    try OutputPlace.requireApart([place] + [modelPlace].compactMap { $0 })
    let opened = names.applied(to: try recording.open(file))
    try place.protect(opened.source.files)
    try modelPlace?.protect(opened.source.files)
    let meter = ProgressMeter("decomposing \(opened.source.fileName)")
    if array.electrodes.isNeedle(channelCount: opened.emgChannels.count) {
      try array.requireNeedleOptions(file: file)
      if model != nil || segment != nil {
        throw Failure.Message(
          "\(file): --save-model and --segment are for arrays, and this recording is decomposed as "
            + "a needle's; leave them out", code: 64)
      }
      let recipe = RunRecipe(
        reading: try recording.reading(), needle: try array.needleConfiguration(),
        counts: try array.counting())
      let analysis = try NeedleAnalysis(
        opened, configuration: recipe.needle ?? NeedleConfiguration(), parallelism: parallelism,
        counting: recipe.counts, progress: meter.show)
      meter.finish()
      try write(analysis, recipe, file: file, output: output, to: place)
    } else {
      try array.requireArrayOptions(file: file)
      let recipe = RunRecipe(
        reading: try recording.reading(), array: configuration, segments: try segmentation(),
        counts: try array.counting())
      let analysis = try ArrayAnalysis(
        opened, configuration: configuration, parallelism: parallelism,
        segmentation: recipe.segments ?? SegmentConfiguration(), counting: recipe.counts,
        progress: meter.show)
      meter.finish()
      if let modelPlace {
        try SavedModel.write(
          analysis, to: modelPlace, modelPlace.origin(seed: configuration.seed),
          parallelism: parallelism)
      }
      try write(analysis, recipe, file: file, output: output, to: place)
    }
  }

  private func segmentation() throws -> SegmentConfiguration {
    let segmentation = try array.segmentation()
    guard let segment else { return segmentation }
    do {
      return try segmentation.cut(above: segment)
    } catch let error as DecompositionError {
      throw ValidationError("--segment \(Formatting.plain(segment)): \(error.description)")
    }
  }

  private func write(
    _ analysis: NeedleAnalysis, _ recipe: RunRecipe, file: String, output: String,
    to place: OutputPlace
  ) throws {
    let command = names.invocation([file, output])
    let origin = place.origin(inputs: [try .init(analysis.recording)], invocation: command)
    OutputPlace.tell(
      kept: try analysis.write(to: place, origin, command: command, recipe: recipe))
    try printing.write(
      NeedleSummary(analysis, output: output), from: origin,
      text: analysis.text(output: output, showsTimings: timings))
  }

  private func write(
    _ analysis: ArrayAnalysis, _ recipe: RunRecipe, file: String, output: String,
    to place: OutputPlace
  ) throws {
    let counts = research ? ResearchCounts(analysis) : nil
    let command = names.invocation([file, output] + [model].compactMap { $0 })
    let origin = place.origin(
      seed: analysis.decomposition.configuration.seed, inputs: [try .init(analysis.recording)],
      invocation: command)
    OutputPlace.tell(
      kept: try analysis.write(
        to: place, origin, command: command, recipe: recipe, research: counts))
    try printing.write(
      ArraySummary(analysis, output: output, model: model, research: counts), from: origin,
      text: analysis.text(output: output, showsTimings: timings, model: model)
        + (counts.map { "\n\n" + $0.text } ?? ""))
  }
}
