import Analyses
import ArgumentParser
import Batch
import Foundation
import Recordings
import Terminal

/// `motorpool slurm`: the packs of many recordings as a job array of a cluster.
struct Slurm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm",
    abstract: "Work on many recordings with the cluster scheduler Slurm.",
    discussion: """
      Examples:
        motorpool slurm submit dataset out --dry-run
        motorpool slurm submit dataset out --partition main
        motorpool slurm status out
      """,
    subcommands: [SlurmSubmit.self, SlurmStatus.self])
}

/// `motorpool slurm submit`: a job array that does all packs, and a job that gathers them.
struct SlurmSubmit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Write and submit a job array that decomposes all recordings.",
    discussion: """
      Reads the headers of all recordings once, makes packs of about equal predicted cost and writes \
      plan.json, participant.sh and group.sh into OUT_DIR/.slurm: plain scripts for sbatch, with \
      limits from the predicted cost. Tasks run motorpool bids; those that were cut short (exit code \
      75), killed (137) or broke down (139) are started again up to three times, those of a lost node \
      by Slurm. group runs when all have ended. Program, input and output must have the same paths \
      on all nodes. Submit again to do what is missing: what is done is passed over.

      What stands after -- is handed to motorpool decompose.

      Examples:
        motorpool slurm submit dataset out --dry-run
        motorpool slurm submit dataset out --partition main --tasks-at-once 50
        motorpool slurm submit folder out --manifest files.tsv \\
          --registry patients.sqlite -- --seed 7

      Exit codes: 0 submitted; 64 wrong call; 65 no recording fits; 69 Slurm refuses or is not \
      there; 73 the scripts cannot be written.
      """)

  @Argument(help: "BIDS dataset, or any folder with recordings.")
  var input: String

  @Argument(help: "Folder for the results; made if it is not there.")
  var output: String

  @OptionGroup var batch: BatchArguments

  @Option(help: "Packs, one a task (default: packs of about 3 minutes, --max-tasks at most).")
  var shards: Int?

  @Option(help: "Most tasks of the array; clusters take 1000 unless their MaxArraySize says more.")
  var maxTasks = 1_000

  @Option(help: "Most tasks that run at once (default: as many as the cluster has room for).")
  var tasksAtOnce: Int?

  @Option(help: "How many times slower a node may be than predicted before a task is stopped.")
  var slowness = 4.0

  @Option(help: "Memory of a task in MB (default: from the predicted cost).")
  var memory: Int?

  @Option(help: "Wall time of a task in minutes (default: from the predicted cost).")
  var minutes: Int?

  @Option(help: "Partition (default: the cluster's).")
  var partition: String?

  @Option(help: "Account (default: the user's).")
  var account: String?

  @Option(
    help: "Registry that group fills from recordings with patient and date.")
  var registry: String?

  @Flag(help: "Replace results of other content, options or versions.")
  var force = false

  @Flag(help: "Print the scripts, and neither write nor submit them.")
  var dryRun = false

  @Flag(help: "Write plan and scripts, and do not submit them.")
  var writeOnly = false

  @OptionGroup var printing: PrintArguments

  @Argument(parsing: .postTerminator, help: "Options for decompose, after --.")
  var options: [String] = []

  func validate() throws {
    for (name, value) in [
      ("shards", shards), ("max-tasks", maxTasks), ("tasks-at-once", tasksAtOnce),
      ("memory", memory), ("minutes", minutes),
    ] {
      if let value, !(1...1_000_000).contains(value) {
        throw ValidationError("--\(name) \(value): expected 1 to 1000000")
      }
    }
    if !(1...100).contains(slowness) {
      throw ValidationError("--slowness \(slowness): expected 1 to 100")
    }
    for (name, value) in [("partition", partition), ("account", account)] {
      if let value, !SlurmArray.isName(value) {
        throw ValidationError("--\(name) \(value): expected letters, digits, - _ . and ,")
      }
    }
    if let shards, shards > maxTasks {
      throw ValidationError(
        "--shards \(shards): more than --max-tasks \(maxTasks); raise it where MaxArraySize of the "
          + "cluster is larger")
    }
    try BatchArguments.check(options)
  }

  func run() throws {
    var listing = try batch.listing(of: input)
    try BatchListing.requireApart(input: input, output: output)
    BatchArguments.readHeaders(&listing, of: input, following: output, options: options)
    let count = min(shards ?? min(Shards.count(listing.items), maxTasks), listing.items.count)
    let plan = BatchPlan(
      software: SoftwareVersion.text, items: listing.items, packCount: count)
    let array = try self.array(plan)
    if dryRun { return try show(plan, array) }
    let scripts = try array.write(plan, output: absolute(output))
    if writeOnly { return try show(plan, array) }
    let job = try SlurmQueue.submit(scripts.participant)
    let groupJob = try SlurmQueue.submit(scripts.group, after: job)
    try show(plan, array, job: job, groupJob: groupJob)
  }

  private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  private func array(_ plan: BatchPlan) throws -> SlurmArray {
    let program = RunningProgram.path
    let (from, to) = (absolute(input), absolute(output))
    let planWords = ["--plan", BatchPlan.path(to)]
    var array = SlurmArray(
      command: [program, "bids", from, to, "participant"] + planWords
        + ["--threads", "\(batch.threads)"] + (force ? ["--force"] : []),
      groupCommand: [program, "bids", from, to, "group"] + planWords
        + (registry.map { ["--registry", absolute($0)] } ?? []),
      packCount: plan.packCount, limits: .init(costs: plan.packCosts, slowness: slowness),
      logFolder: BatchPlan.folder(to) + "/log")
    array.trailing = options.isEmpty ? [] : ["--"] + options
    array.tasksAtOnce = tasksAtOnce ?? 0
    array.processors = batch.threads
    if let memory { array.limits.megabytes = memory }
    if let minutes { array.limits.minutes = minutes }
    array.partition = partition
    array.account = account
    return array
  }

  private func show(
    _ plan: BatchPlan, _ array: SlurmArray, job: String? = nil, groupJob: String? = nil
  ) throws {
    if printing.json {
      return print(
        try JSONText.of(SlurmSubmission(plan, array, job: job, groupJob: groupJob)),
        terminator: "")
    }
    if dryRun {
      print(array.participantScript)
      print(array.groupScript)
    }
    print("# \(array.summary(of: plan))")
    let folder = BatchPlan.folder(absolute(output))
    if writeOnly {
      print("job=$(sbatch --parsable \(SlurmArray.quoted([folder + "/participant.sh"])))")
      print("sbatch --dependency=afterany:$job \(SlurmArray.quoted([folder + "/group.sh"]))")
    } else if let job, let groupJob {
      print("job \(job) submitted, group follows as job \(groupJob)")
      print("motorpool slurm status \(SlurmArray.quoted([output]))")
    }
  }
}

/// `motorpool slurm status`: how far the packs are.
struct SlurmStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell how far the recordings of an output folder are.",
    discussion: """
      Reads the plan and the status files of the recordings, and asks the scheduler nothing: it \
      works where its accounting is off, and after the jobs are forgotten.

      Examples:
        motorpool slurm status out
        motorpool slurm status out --json
      """)

  @Argument(help: "Output folder that was given to motorpool slurm submit.")
  var output: String

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let plan = try BatchPlan(path: BatchPlan.path(output))
    let progress = BatchProgress(plan, output: output)
    try printing.write(progress, text: progress.text(output: output, remainder: "see --json"))
  }
}
