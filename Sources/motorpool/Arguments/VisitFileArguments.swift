import Analyses
import ArgumentParser
import FollowUp
import Recordings
import Registry
import UnitNumber

/// Files of a visit, what each is and how it is analysed.
struct VisitFileArguments: ParsableArguments {
  @Argument(
    help:
      "Recordings of one muscle: \(RecordingReading.readers.formatNames); scans: MEM, CSV."
  )
  var files: [String] = []

  @Option(help: "Recording of responses to supramaximal stimuli.")
  var cmap: String?

  @Option(
    name: .customLong("array-cmap"),
    help: "Responses to supramaximal stimuli on the channels of the array that is decomposed.")
  var arrayCMAP: String?

  @Option(help: "Recording of graded voluntary efforts, for MUNIX; can be repeated.")
  var sip: [String] = []

  @Option(help: "Table level_mV of responses at one site, weakest first.")
  var incremental: String?

  @Option(help: "Table site,level_mV of responses at several sites, weakest first.")
  var multipoint: String?

  @Option(help: "Table unit_uV of single units at many sites along the nerve.")
  var mps: String?

  @Option(help: "Table run,response_mV of responses to equal submaximal stimuli.")
  var statistical: String?

  @Option(name: .customLong("epoch-ms"), help: "Length of an epoch of --sip in ms.")
  var epochMilliseconds = 500.0

  @Option(help: "Amplifier or electrode.")
  var device: String?

  @Option(help: "Code of the person who recorded.")
  var rater: String?

  @OptionGroup var recording: RecordingArguments

  @OptionGroup var stimulus: StimulusArguments

  @OptionGroup var array: ArrayArguments

  @Flag(
    help: """
      Also store an extrapolation from identified to all active units (arrays). Research only: it \
      depends on an assumed size spread and is not the number of motor units.
      """)
  var research = false

  /// All files with what they were named for, the CMAP before those that need it.
  var named: [(path: String, use: VisitFileUse)] {
    files.map { ($0, .byContent) } + [arrayCMAP].compactMap { $0 }.map { ($0, .arrayCMAP) }
      + [cmap].compactMap { $0 }.map { ($0, .cmap) }
      + sip.map { ($0, .patterns) } + responses(incremental, .incremental)
      + responses(multipoint, .multipoint)
      + responses(mps, .singleUnits)
      + responses(statistical, .statistical)
  }

  private func responses(
    _ file: String?, _ method: StimulationMethod
  ) -> [(path: String, use: VisitFileUse)] {
    [file].compactMap { $0 }.map { ($0, .responses(method)) }
  }

  func validate() throws {
    let tables = [incremental, multipoint, mps, statistical].compactMap { $0 }
    guard cmap != nil || (sip.isEmpty && tables.isEmpty) else {
      throw ValidationError(
        "--sip, --incremental, --multipoint, --mps and --statistical need the CMAP: --cmap FILE")
    }
    guard epochMilliseconds.isFinite, (50...60_000).contains(epochMilliseconds) else {
      throw ValidationError("--epoch-ms \(epochMilliseconds): expected 50 to 60000")
    }
  }

  /// How the files of a muscle are analysed.
  ///
  /// - Throws: `ValidationError`, `AnalysisError` naming an option.
  func context(muscle: String, side: BodySide) throws -> VisitFile.Context {
    var munix = MUNIX()
    munix.epochMilliseconds = epochMilliseconds
    return VisitFile.Context(
      reading: try recording.reading(), electrodes: array.electrodes,
      arraySetting: array.arrayOption, configuration: try array.configuration(),
      segmentation: try array.segmentation(), needle: try array.needleConfiguration(),
      parallelism: try array.parallelism(),
      muscle: muscle, side: side, device: device, rater: rater, research: research,
      stimulus: try stimulus.times(), munix: munix)
  }

  /// The files analysed one after the other, with progress, as entries of a visit.
  ///
  /// - Throws: `RecordingError`, `AnalysisError`, `FollowUpError` naming a file.
  func analysed(
    _ opened: [VisitFile.Opened], doubts: [[EntryDoubt]], context: VisitFile.Context
  ) throws -> (files: [VisitFile], entries: [RecordingEntry]) {
    var meter: ProgressMeter?
    var turn = 0
    let analysed = try VisitAnalysis(opened, context: context) { index in
      meter?.finish()
      turn += 1
      let place = opened.count > 1 ? " (\(turn) of \(opened.count))" : ""
      let own = ProgressMeter("analysing \(opened[index].source.fileName)\(place)")
      meter = own
      return own.show
    }.files
    meter?.finish()
    let entries = zip(analysed, doubts).map { $0.entry(doubts: $1) }
    return (analysed, entries)
  }
}
