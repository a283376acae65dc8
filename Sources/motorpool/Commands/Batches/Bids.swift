import Analyses
import ArgumentParser
import Batch
import FollowUp
import Foundation
import Recordings
import Reports
import Terminal

/// `motorpool bids`: many recordings, as a BIDS-App that a cluster can kill and repeat.
struct Bids: ParsableCommand {
  /// What is done.
  enum Level: String, ExpressibleByArgument, CaseIterable {
    case participant
    case group
  }

  /// How a run tells of its progress.
  enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
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
      call again; 64 wrong call; 130 or 143 told to stop.
      """)

  @Argument(help: "BIDS dataset, or any folder with recordings.")
  var input: String

  @Argument(help: "Folder for the results; made if it is not there.")
  var output: String

  @Argument(help: "participant or group.")
  var level: Level

  @OptionGroup var batch: BatchArguments

  @Option(
    help: """
      List with predicted costs that motorpool slurm submit wrote, instead of looking through the \
      folder.
      """)
  var plan: String?

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

  @Option(
    help: "group: registry that takes the identified counts of recordings with patient and date.")
  var registry: String?

  @Option(
    name: .customLong("log-format"),
    help: """
      json: participant tells on standard error when the run, each recording and its stages begin \
      and end, one JSON object a line, with processor seconds.
      """)
  var logFormat = LogFormat.text

  @OptionGroup var printing: PrintArguments

  @Argument(parsing: .postTerminator, help: "Options for decompose, after --.")
  var options: [String] = []

  func validate() throws {
    if let shards, shards < 1 { throw ValidationError("--shards \(shards): at least one pack") }
    if resume && force { throw ValidationError("--resume and --force exclude each other") }
    if plan != nil && batch.isSelecting {
      throw ValidationError("--plan names the recordings; labels and --manifest cannot be added")
    }
    try BatchArguments.check(options)
  }

  func run() throws {
    var listing: BatchListing
    if let plan {
      listing = BatchListing(items: try BatchPlan(path: plan).items)
    } else {
      listing = try batch.listing(of: input)
    }
    try BatchListing.requireApart(input: input, output: output)
    if level == .group {
      try group(listing)
      return
    }
    let pack = try parsedShard()
    if plan == nil && (list || pack != nil) {
      BatchArguments.readHeaders(
        &listing, of: input, following: pack == nil ? output : nil, options: options)
    }
    if list {
      return try printing.write(
        listing.packed(count: shards), text: listing.text(packCount: shards))
    }
    try participant(pack?.items(of: listing.items) ?? listing.items)
  }

  private func parsedShard() throws -> Shards.Pack? {
    try shard.map { text in
      guard let pack = Shards.Pack(text) else {
        throw ValidationError("--shard \(text): expected I/N with I from 0 to N - 1")
      }
      return pack
    }
  }

  private func participant(_ items: [BatchItem]) throws {
    StopSignal.listen()
    let program = RunningProgram.path
    let threads = batch.threads
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
    let log: (BatchEvent) -> Void =
      switch logFormat {
      case .text: { _ in }
      case .json: { _ = StandardStream.write($0.line + "\n", to: STDERR_FILENO) }
      }
    let ended: [RecordingStatus]
    do {
      ended = try run(items, log: log) { status in
        done += 1
        if logFormat == .json { return }
        meter.update(Double(done) / Double(items.count), detail: status.path)
      }
    } catch let error as BatchError where error.kind == .cannotWrite {
      // A disk that is full now may have room later: worth another try.
      throw Failure.Message(error.description, code: 75)
    }
    meter.finish()
    if let code = StopSignal.exitCode { throw ExitCode(code) }
    try printing.write(ended, text: RecordingStatus.text(ended, output: output))
    let code = BatchRun.exitCode(ended)
    if code != 0 { throw ExitCode(code) }
  }

  private func group(_ listing: BatchListing) throws {
    let (tables, leftOvers) = try GroupTables.gather(
      listing.items, in: output,
      provenance: Provenance(version: SoftwareVersion.number, command: CommandText.invocation))
    let imported = try registry.map {
      try IdentifiedCountImport(tables.entries.compactMap(\.count), in: $0, source: output)
    }
    let lines = tables.lines(output: output) + [imported?.text].compactMap { $0 }
    try printing.write(
      GroupSummary(
        tables, software: SoftwareVersion.text, leftOversRemoved: leftOvers, imported: imported),
      text: (lines + [ReportWording.identifiedCounts]).joined(separator: "\n"))
  }
}

extension GroupTables.Entry {
  /// What a registry may hold of the recording; nil without a result.
  fileprivate var count: IdentifiedCountImport.Recording? {
    guard units != nil else { return nil }
    var own = IdentifiedCountImport.Recording()
    if let patient = item.facts["patient"] ?? item.facts["participant_id"],
      let date = item.facts["date"]
    {
      own.visit = (patient, date)
    }
    own.muscle = item.facts["muscle"] ?? ""
    own.side = item.facts["side"] ?? ""
    own.contentKey = status?.key ?? ""
    own.mostActive = peakActive
    own.meanRate = meanRate
    own.residualPowerShare = residualPowerShare
    return own
  }
}
