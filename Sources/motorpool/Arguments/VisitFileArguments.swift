import Analyses
import ArgumentParser
import FollowUp
import Recordings
import Registry
import Terminal
import UnitNumber

/// A table of stimulated responses with the method that it was recorded for, METHOD=FILE.
struct ResponseFile: ExpressibleByArgument {
  let method: StimulationMethod
  let path: String

  init(method: StimulationMethod, path: String) {
    self.method = method
    self.path = path
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let method = StimulationMethod(rawValue: parts[0]), !parts[1].isEmpty
    else { return nil }
    self.init(method: method, path: parts[1])
  }
}

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

  @Option(
    help: ArgumentHelp(
      "Table of responses for a method as METHOD=FILE, can be repeated: "
        + StimulationMethod.allCases.map {
          "\($0.rawValue) (\($0.columns.joined(separator: ",")))"
        }.joined(separator: ", ") + ".", valueName: "method=file"))
  var responses: [ResponseFile] = []

  // One option for each of the first methods, as version 0.1.0 had them.
  @Option(help: .hidden) var incremental: String?
  @Option(help: .hidden) var multipoint: String?
  @Option(help: .hidden) var mps: String?
  @Option(help: .hidden) var statistical: String?

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
      + sip.map { ($0, .patterns) } + tables.map { ($0.path, .responses($0.method)) }
  }

  /// Tables of stimulation methods.
  private var tables: [ResponseFile] {
    let named: [(StimulationMethod, String?)] = [
      (.incremental, incremental), (.multipoint, multipoint), (.singleUnits, mps),
      (.statistical, statistical),
    ]
    return named.compactMap { method, path in path.map { ResponseFile(method: method, path: $0) } }
      + responses
  }

  func validate() throws {
    guard cmap != nil || (sip.isEmpty && tables.isEmpty) else {
      throw ValidationError(
        "--sip, --responses, --incremental, --multipoint, --mps and --statistical need the CMAP: "
          + "--cmap FILE")
    }
    guard epochMilliseconds.isFinite, (50...60_000).contains(epochMilliseconds) else {
      throw ValidationError("--epoch-ms \(epochMilliseconds): expected 50 to 60000")
    }
  }

  /// Settings that decide what is stored of a visit's files.
  private static let settingGroups =
    ["array", "segments", "needle", "counts", "scan", "cmap", "response", "munix"]
    + StimulationMethod.allCases.map(\.rawValue)
    + ["sta-mune"]

  /// How the files of a muscle are analysed.
  ///
  /// - Throws: `ValidationError`, `AnalysisError` naming an option.
  func context(muscle: String, side: BodySide) throws -> VisitFile.Context {
    var munix = MUNIX()
    munix.epochMilliseconds = epochMilliseconds
    let changes = try array.settings.changes(of: Self.settingGroups)
    munix = try changes.applied(to: munix, group: "munix")
    return VisitFile.Context(
      reading: try recording.reading(), electrodes: array.electrodes,
      arraySetting: array.arrayOption, configuration: try array.configuration(),
      segmentation: try array.segmentation(), needle: try array.needleConfiguration(),
      parallelism: array.threads.parallelism,
      muscle: muscle, side: side, device: device, rater: rater, research: research,
      stimulus: try stimulus.times(changes), munix: munix, changes: changes)
  }

  /// Does something with files that tells of the progress of each.
  func withProgress<Result>(
    _ opened: [VisitFile.Opened], _ body: ((Int) -> AnalysisProgressHandler) throws -> Result
  ) rethrows -> Result {
    var meter: ProgressMeter?
    var turn = 0
    let result = try body { index in
      meter?.finish()
      turn += 1
      let place = opened.count > 1 ? " (\(turn) of \(opened.count))" : ""
      let own = ProgressMeter("analysing \(opened[index].source.fileName)\(place)")
      meter = own
      return own.show
    }
    meter?.finish()
    return result
  }
}
