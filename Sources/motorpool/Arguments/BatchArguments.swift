import Analyses
import ArgumentParser
import Batch
import Decomposition
import Recordings
import Terminal

/// Arguments that say which recordings of a folder are worked on.
struct BatchArguments: ParsableArguments {
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")],
    parsing: .upToNextOption, help: "Participants, with or without sub- (default: all).")
  var participants: [String] = []

  @Option(
    name: [.customLong("session-label"), .customLong("session_label")], parsing: .upToNextOption,
    help: "Sessions, with or without ses- (default: all).")
  var sessions: [String] = []

  @Option(
    name: [.customLong("task-label"), .customLong("task_label")], parsing: .upToNextOption,
    help: "Tasks, with or without task- (default: all).")
  var tasks: [String] = []

  @Option(
    help: """
      Table with a column path and, as needed, fs, unit, mv_per_fs, grid, channels, electrodes, \
      patient, date, muscle, side.
      """)
  var manifest: String?

  @Option(help: "Threads for each recording.")
  var threads = 1

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads \(threads): at least one is needed") }
  }

  /// Whether labels or a manifest choose among the recordings.
  var isSelecting: Bool {
    manifest != nil || !participants.isEmpty || !sessions.isEmpty || !tasks.isEmpty
  }

  /// The recordings of a folder that these arguments choose.
  ///
  /// - Throws: `BatchError` or `TableError`, and `Failure.Message` where there is none.
  func listing(of input: String) throws -> BatchListing {
    let listing =
      if let manifest {
        try BatchListing(manifest: manifest, folder: input) {
          "--" + $0.replacing("_", with: "-")
        }
      } else {
        try BatchListing(
          folder: input,
          selection: .init(participants: participants, sessions: sessions, tasks: tasks))
      }
    if listing.items.isEmpty {
      throw Failure.Message("\(input): no recording fits; see motorpool bids --help")
    }
    return listing
  }

  /// Fills in what the headers say; a header that cannot be read leaves zeros.
  ///
  /// Predictions follow what recordings took that are done in `output`, where one is named: not those by
  /// which tasks share recordings out, since every task has to come to the same packs.
  static func readHeaders(
    _ listing: inout BatchListing, of input: String, following output: String?, options: [String]
  ) {
    let meter = ProgressMeter("looking at \(listing.items.count) recordings")
    listing.readHeaders(in: input, progress: { meter.update($0) }) { path, item in
      guard
        let command = try? Decompose.parse([path, "-o", "out"] + options + item.options)
          as Decompose, let recording = try? command.recording.open(path)
      else { return nil }
      let channels = recording.emgChannels.count
      let rate = recording.samplingRate
      let isNeedle = command.array.electrodes.isNeedle(channelCount: channels)
      // Other rates are refused by the decomposition, or lies of a header.
      let isReduced = !isNeedle && (100...1e6).contains(rate)
      let searched =
        isReduced
        ? (try? command.array.configuration())?.rateConversion(samplingRate: rate).rate(from: rate)
        : nil
      return BatchListing.Header(
        channels: channels, samplingRate: rate, searchedRate: searched ?? rate,
        seconds: recording.duration, isNeedle: isNeedle,
        effort: (command.array.effort ?? .standard).costFactor)
    }
    meter.finish()
    if let output { _ = listing.followMeasured(in: output) }
  }

  /// Refuses options for `decompose` that it does not know or that are not the caller's to give.
  static func check(_ options: [String]) throws {
    let own = ["-o", "--output", "--json", "--threads", "--save-model", "--help", "-h", "--force"]
    if let wrong = options.first(where: { option in
      own.contains { option == $0 || option.hasPrefix($0 + "=") }
    }) {
      throw ValidationError("\(wrong) cannot be handed to decompose here")
    }
    do {
      _ = try Decompose.parse(["recording.edf", "-o", "out"] + options)
    } catch {
      throw ValidationError(
        "options after --: " + MotorPool.message(for: error).replacing("\n", with: " "))
    }
  }
}

extension ArrayConfiguration.Effort {
  /// Processor time compared with standard effort (docs/effort.md).
  fileprivate var costFactor: Double {
    switch self {
    case .quick: 0.45
    case .standard: 1
    case .thorough: 3.3
    }
  }
}
