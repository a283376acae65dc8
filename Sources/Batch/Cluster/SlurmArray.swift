import Foundation

/// The scripts of a Slurm job array that does the packs of a plan, and of the job that gathers them.
///
/// Plain `sbatch` scripts: who likes can read, change and submit them by hand. Slurm starts a task
/// again by itself where a node is lost, not where a program is killed; the script asks for that.
///
/// Source: Slurm 22.05, sbatch(1) and scontrol(1).
public struct SlurmArray: Sendable, Equatable {
  /// What a task may use.
  public struct Limits: Sendable, Equatable, Codable {
    /// Wall time in minutes.
    public var minutes: Int
    /// Memory of a task in MB.
    public var megabytes: Int

    /// Limits that are stated.
    public init(minutes: Int, megabytes: Int) {
      self.minutes = minutes
      self.megabytes = megabytes
    }

    /// Limits from the dearest pack of a plan.
    ///
    /// - Parameters:
    ///   - costs: predicted seconds and megabytes of each pack.
    ///   - slowness: how many times slower than the machine of the cost model a node may be.
    public init(costs: [(seconds: Double, megabytes: Double)], slowness: Double) {
      let seconds = costs.map(\.seconds).max() ?? 0
      let memory = costs.map(\.megabytes).max() ?? 0
      // A day is more than any pack of minutes; the bounds keep the conversions from trapping.
      minutes = 5 + Int(min(1e6, seconds * max(1, slowness) / 60).rounded(.up))
      // The program that starts the work and waits takes its share too.
      megabytes = 50 * Int((min(1e7, 1.5 * memory + 100) / 50).rounded(.up))
    }
  }

  /// Words of the command that does one pack; the pack is added to it.
  public var command: [String]
  /// Words that stand after the pack.
  public var trailing: [String] = []
  /// Words of the command that gathers all results.
  public var groupCommand: [String]
  /// Number of packs.
  public var packCount: Int
  /// Most tasks at once; 0 for no limit.
  public var tasksAtOnce = 0
  /// Processors of a task.
  public var processors = 1
  /// What a task may use.
  public var limits: Limits
  /// Absolute path of the folder for the logs.
  public var logFolder: String
  /// Partition; nil for the cluster's default.
  public var partition: String?
  /// Account; nil for the user's default.
  public var account: String?
  /// How often a task that was cut short is started again.
  public var retries = 3

  /// Scripts for the packs of a plan.
  public init(
    command: [String], groupCommand: [String], packCount: Int, limits: Limits, logFolder: String
  ) {
    self.command = command
    self.groupCommand = groupCommand
    self.packCount = packCount
    self.limits = limits
    self.logFolder = logFolder
  }

  /// Whether a text can be the name of a partition or an account.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,".contains($0))
      }
  }

  /// Exit codes after which a task is started again: work that was cut short, a program that was
  /// killed (128 + 9), one that broke down (128 + 11).
  public static let retriedCodes = [75, 137, 139]

  /// The script of the job array.
  public var participantScript: String {
    let most = tasksAtOnce > 0 ? "%\(tasksAtOnce)" : ""
    return head(
      name: "motorpool", log: "%A_%a.txt",
      lines: [
        "array=0-\(packCount - 1)\(most)", "requeue", "cpus-per-task=\(processors)",
        "mem=\(limits.megabytes)M", "time=\(limits.minutes)", "signal=B:TERM@60",
      ]) + """

        # One pack of recordings. Each appears whole or not at all, so that a task can be killed and run
        # again at any time; what is there already is passed over.
        set -u
        program=
        trap '[ -z "$program" ] || kill -TERM "$program"' TERM
        \(Self.quoted(command)) --shard "$SLURM_ARRAY_TASK_ID/\(packCount)" \(Self.quoted(trailing)) &
        program=$!
        wait "$program"
        code=$?
        # A signal ends the wait early: the program is given the time to stop.
        while kill -0 "$program" 2>/dev/null; do
          wait "$program"
          code=$?
        done
        program=
        \(retry("${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"))
        exit "$code"

        """
  }

  /// The script of the job that follows when all packs have ended, in whatever way.
  public var groupScript: String {
    head(
      name: "motorpool-group", log: "group_%j.txt",
      lines: [
        "requeue", "cpus-per-task=1", "mem=\(Self.groupMegabytes(packCount))M", "time=120",
      ]) + """

        # Gathers the results of all packs; doing it twice adds nothing.
        set -u
        \(Self.quoted(groupCommand))
        code=$?
        \(retry("$SLURM_JOB_ID"))
        exit "$code"

        """
  }

  /// Memory of the group's job in MB: it holds the tables of all recordings.
  private static func groupMegabytes(_ packs: Int) -> Int { 500 + packs }

  private func head(name: String, log: String, lines: [String]) -> String {
    var all = ["job-name=\(name)", "nodes=1", "ntasks=1", "open-mode=append"] + lines
    // Slurm takes the rest of the line, and doubled backslashes and percent signs as themselves.
    let folder = logFolder.replacing("\\", with: "\\\\").replacing("%", with: "%%")
    all.append("output=\(Self.bare(folder))/\(log)")
    if let partition { all.append("partition=\(Self.bare(partition))") }
    if let account { all.append("account=\(Self.bare(account))") }
    let dashes = "-" + "-"
    return "#!/bin/bash\n" + all.map { "#SBATCH \(dashes)\($0)\n" }.joined()
  }

  /// What asks Slurm to start a task again.
  ///
  /// Slurm ends the script while it waits; it starts the task
  /// again once the credential of this run has expired, two minutes by default.
  private func retry(_ job: String) -> String {
    """
    case $code in
    \(Self.retriedCodes.map(String.init).joined(separator: "|")))
      if [ "${SLURM_RESTART_COUNT:-0}" -lt \(retries) ]; then
        echo "ended with $code, asking for another try" >&2
        scontrol requeue "\(job)" && sleep 60
      fi
      ;;
    esac
    """
  }

  /// A value of a line for Slurm, in quotation marks where it has spaces.
  private static func bare(_ value: String) -> String {
    value.contains(where: \.isWhitespace) ? "\"\(value)\"" : value
  }

  /// Words as a shell reads them back.
  public static func quoted(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.allSatisfy {
          ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_./=:+,@".contains($0)
        }
      return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }
}
