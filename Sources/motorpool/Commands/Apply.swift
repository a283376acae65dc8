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
        motorpool decompose first.wav --mv-per-fs 5 --output first --save-model arm.filters
        motorpool apply arm.filters second.wav --mv-per-fs 5 --output second
        motorpool apply arm.filters second.wav --output live --stream --block-ms 100 --timings
        motorpool apply arm.filters long.wav --output live --stream --adapt --json
      """)

  @Argument(help: "Separation filters that decompose --save-model wrote.")
  var model: String

  @Argument(help: "Recording: WAV, W64, RF64, FLAC, AIFF, EDF, BDF, CSV, TSV, MAT or WFDB (.hea).")
  var file: String

  @Option(name: .shortAndLong, help: "Folder for the results; it is made if it is not there.")
  var output: String

  @OptionGroup var outputs: OutputArguments

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
    let opened = try recording.open(file)
    try place.protect(opened.source.files)
    let setUp = ChannelSetUp(opened)
    do {
      try filters.setUp.require(setUp)
    } catch let error as DecompositionError {
      throw Failure.Message("\(file): \(error.description)")
    }
    if stream {
      try StreamedAnalysis(
        opened, model: filters, modelFile: model, blockMilliseconds: block, adapts: adapt
      ).finish(place, showsTimings: timings, json: json)
      return
    }
    var missing: [Int] = []
    let analysis = try ArrayAnalysis(
      opened,
      decompose: {
        let found = try ModelApplication(
          filters, to: try opened.emgSamples(), setUp: setUp,
          parallelism: .init(threadCount: threads))
        missing = found.missing
        return found.decomposition
      }, remarks: { Self.remarks(filters, missing: missing) })
    try analysis.write(to: place, command: CommandText.invocation)
    if json {
      print(
        try JSONText.of(
          ApplySummary(DecomposeSummary(analysis, output: output), filters, missing: missing)),
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

  private static func remarks(_ model: SeparationModel, missing: [Int]) -> [String] {
    var remarks = [
      "units come from kept filters (\(model.provenance.recording)); others were not searched"
    ]
    if !missing.isEmpty {
      remarks.append(
        "not found again: unit(s) " + missing.map(String.init).joined(separator: ", "))
    }
    return remarks
  }
}

/// What `motorpool apply --json` prints.
struct ApplySummary: Encodable {
  let result: DecomposeSummary
  let modelRecording: String
  let modelSHA256: String
  let modelUnits: Int
  let missingUnits: [Int]

  init(_ result: DecomposeSummary, _ model: SeparationModel, missing: [Int]) {
    self.result = result
    modelRecording = model.provenance.recording
    modelSHA256 = model.provenance.sha256
    modelUnits = model.units.count
    missingUnits = missing
  }
}
