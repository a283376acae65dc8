import Analyses
import ArgumentParser
import Batch
import Foundation
import Recordings
import Registry
import Reports
import Synchronization
import Tables

/// `motorpool bids`: many recordings, as a BIDS-App that a cluster can kill and repeat.
struct Bids: ParsableCommand {
  /// What is done.
  enum Level: String, ExpressibleByArgument, CaseIterable {
    case participant
    case group
  }

  static let configuration = CommandConfiguration(
    commandName: "bids",
    abstract: "Decompose all recordings of a BIDS dataset, a folder or a list (BIDS-App).",
    discussion: """
      participant decomposes every recording into OUT_DIR, which becomes a BIDS derivative; the \
      input folder is never written. Each recording is one unit of work: it appears whole or not at \
      all, is passed over where it is there already with the same content, options and version, and \
      one that fails does not stop the rest. --shard I/N does the I-th of N packs of about equal \
      predicted cost. group writes tables of all recordings, units and failures.

      What stands after -- is handed to motorpool decompose.

      Examples:
        motorpool bids dataset out participant --list
        motorpool bids dataset out participant --participant-label 01 02
        motorpool bids dataset out participant --shard 0/4 --threads 1
        motorpool bids folder out participant --manifest files.tsv -- --seed 7
        motorpool bids dataset out group --registry patients.sqlite

      Exit codes: 0 all done or passed over; 65 recordings were refused; 75 some work was cut short, \
      call again; 64 wrong call; 143 told to stop.
      """)

  @Argument(help: "BIDS dataset, or any folder with recordings.")
  var input: String

  @Argument(help: "Folder for the results; made if it is not there.")
  var output: String

  @Argument(help: "participant or group.")
  var level: Level

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

  @Option(help: "Do one pack, counted from 0: I/N.")
  var shard: String?

  @Option(help: "Packs that --list shows (default: packs of about 3 minutes).")
  var shards: Int?

  @Flag(help: "Print one line a recording with its predicted cost and pack, and do nothing.")
  var list = false

  @Flag(help: "Pass over what is there already with the same key (the default).")
  var resume = false

  @Flag(help: "Replace results of other content, options or versions.")
  var force = false

  @Flag(
    name: [.customLong("skip-bids-validation"), .customLong("skip_bids_validation")],
    help: "Accepted for BIDS-App callers; files are checked one by one in any case.")
  var skipsValidation = false

  @Option(help: "Threads for each recording.")
  var threads = 1

  @Option(
    help: "group: registry that takes the identified counts of recordings with patient and date.")
  var registry: String?

  @Flag(help: "Print JSON instead of text.")
  var json = false

  @Argument(parsing: .postTerminator, help: "Options for decompose, after --.")
  var options: [String] = []

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads \(threads): at least one is needed") }
    if let shards, shards < 1 { throw ValidationError("--shards \(shards): at least one pack") }
    if resume && force { throw ValidationError("--resume and --force exclude each other") }
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

  func run() throws {
    var listing =
      if let manifest {
        try BatchListing(manifest: manifest, folder: input)
      } else {
        try BatchListing(
          folder: input,
          selection: .init(participants: participants, sessions: sessions, tasks: tasks))
      }
    if listing.items.isEmpty {
      throw Failure.Message("\(input): no recording fits; see motorpool bids --help")
    }
    try requireApart()
    if level == .group {
      try group(listing)
      return
    }
    let pack = try parsedShard()
    if list || pack != nil {
      readHeaders(&listing)
    }
    if list {
      try printList(listing)
      return
    }
    let count = pack?.count ?? 1
    let packs = Shards.assignment(listing.items, count: count)
    let own = listing.items.filter { packs[$0.index] == (pack?.place ?? 0) }
    try participant(own)
  }

  /// The output may neither be the input nor lie in it, but for its folder `derivatives`.
  private func requireApart() throws {
    func real(_ path: String) -> String {
      URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
    let (from, to) = (real(input), real(output))
    if to == from || (to.hasPrefix(from + "/") && !to.hasPrefix(from + "/derivatives/")) {
      throw Failure.Message(
        "\(output): lies in the input folder, which is never written; name another one, or one in "
          + "its folder derivatives", code: 64)
    }
  }

  private func parsedShard() throws -> (place: Int, count: Int)? {
    guard let shard else { return nil }
    let parts = shard.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let place = parts[0], let count = parts[1], count >= 1,
      count <= 1_000_000, (0..<count).contains(place)
    else { throw ValidationError("--shard \(shard): expected I/N with I from 0 to N - 1") }
    return (place, count)
  }

  /// Fills in what the headers say; a header that cannot be read leaves zeros.
  private func readHeaders(_ listing: inout BatchListing) {
    let model = CostModel()
    for index in listing.items.indices {
      let item = listing.items[index]
      let path = item.path.hasPrefix("/") ? item.path : input + "/" + item.path
      guard
        let command = try? Decompose.parse([path, "-o", "out"] + options + item.options)
          as Decompose, let recording = try? command.recording.open(path)
      else { continue }
      let channels = recording.emgChannels.count
      listing.items[index].channels = channels
      listing.items[index].samplingRate = recording.samplingRate
      listing.items[index].seconds = recording.duration
      let cost = model.cost(
        channels: channels, samplingRate: recording.samplingRate, seconds: recording.duration,
        isNeedle: command.array.electrodes.isNeedle(channelCount: channels))
      listing.items[index].predictedSeconds = cost.seconds
      listing.items[index].predictedMegabytes = cost.megabytes
    }
  }

  private func printList(_ listing: BatchListing) throws {
    let count = shards ?? Shards.count(listing.items)
    let packs = Shards.assignment(listing.items, count: count)
    if json {
      struct Row: Encodable {
        let item: BatchItem
        let shard: Int
      }
      print(try JSONText.of(listing.items.map { Row(item: $0, shard: packs[$0.index]) }))
      return
    }
    print("index\tpath\tentities\tbytes\tchannels\tseconds\tpredicted_s\tpredicted_mb\tshard")
    for item in listing.items {
      let cells = [
        "\(item.index)", item.path, item.entities?.stem ?? "n/a",
        "\(item.bytes)", "\(item.channels)", Formatting.fixed(item.seconds, 1),
        Formatting.fixed(item.predictedSeconds, 1), Formatting.fixed(item.predictedMegabytes, 0),
        "\(packs[item.index])/\(count)",
      ]
      print(cells.joined(separator: "\t"))
    }
  }

  private func participant(_ items: [BatchItem]) throws {
    StopSignal.listen()
    let program = try Self.program()
    let threads = threads
    let run = BatchRun(
      input: URL(fileURLWithPath: input).standardizedFileURL.path,
      output: URL(fileURLWithPath: output).standardizedFileURL.path, options: options,
      software: SoftwareVersion.text, replaces: force, isStopped: { StopSignal.isStopped }
    ) { path, options, folder in
      ChildProcess.run(
        program,
        ["decompose", path, "-o", "result", "--threads", "\(threads)"] + options, in: folder,
        environment: ProcessInfo.processInfo.environment, isStopped: { StopSignal.isStopped })
    }
    let meter = ProgressMeter("\(items.count) recordings")
    var done = 0
    let ended = try run(items) { status in
      done += 1
      meter.update(Double(done) / Double(items.count), detail: status.path)
    }
    meter.finish()
    if StopSignal.isStopped { throw ExitCode(143) }
    let counts = Dictionary(grouping: ended, by: \.state).mapValues(\.count)
    func count(_ state: RecordingStatus.State) -> Int { counts[state] ?? 0 }
    if json {
      print(try JSONText.of(ended))
    } else {
      for status in ended where status.state == .refused || status.state == .failed {
        print("\(status.state.rawValue): \(status.path): \(status.reason)")
      }
      print(
        "\(output): \(count(.done)) done, \(count(.skipped)) there already, \(count(.refused)) "
          + "refused, \(count(.failed)) cut short")
    }
    let code = BatchRun.exitCode(ended)
    if code != 0 { throw ExitCode(code) }
  }

  /// This program, for the work on one recording.
  static func program() throws -> String {
    if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      return path
    }
    guard let url = Bundle.main.executableURL else {
      throw Failure.Message("the program cannot find itself", code: 1)
    }
    return url.path
  }

  private func group(_ listing: BatchListing) throws {
    guard FileManager.default.fileExists(atPath: output) else {
      throw Failure.Message("\(output): no such folder; run participant first", code: 66)
    }
    let leftOvers = BatchResult.removeLeftOvers(in: output)
    let tables = GroupTables(listing.items, output: output)
    try tables.write(to: output)
    let imported = try registry.map { try GroupImport.store(tables, in: $0, source: output) }
    let done = tables.entries.count { $0.units != nil }
    if json {
      print(
        try JSONText.of(
          GroupSummary(
            recordings: tables.entries.count, done: done, units: tables.units.rows.count,
            failures: tables.failures.rows.count, leftOversRemoved: leftOvers, imported: imported)
        ))
      return
    }
    print(
      "\(output): \(done) of \(tables.entries.count) recordings, \(tables.units.rows.count) "
        + "identified units; group_recordings.tsv, group_units.tsv, group_failures.tsv")
    for row in tables.failures.rows.prefix(20) {
      print("\(row.cells[2]): \(row.cells[1]): \(row.cells[4])")
    }
    if tables.failures.rows.count > 20 { print("and \(tables.failures.rows.count - 20) more") }
    if let imported { print(imported.text) }
    print(ReportWording.identifiedCounts)
  }
}

/// What `motorpool bids … group --json` prints.
struct GroupSummary: Encodable {
  let software = SoftwareVersion.text
  let recordings: Int
  let done: Int
  let units: Int
  let failures: Int
  let leftOversRemoved: Int
  let imported: GroupImport?
  let note = ReportWording.identifiedCounts
}

/// Whether the system told the program to stop.
enum StopSignal {
  private static let stopped = Atomic<Bool>(false)

  /// From now on a stop is noted instead of ending the program at once.
  static func listen() {
    signal(SIGTERM) { _ in StopSignal.stopped.store(true, ordering: .relaxed) }
    signal(SIGINT) { _ in StopSignal.stopped.store(true, ordering: .relaxed) }
  }

  /// Whether a stop was asked for.
  static var isStopped: Bool { stopped.load(ordering: .relaxed) }
}
