import Analyses
import ArgumentParser
import Recordings
import Reports
import Signal
import Tables

/// `motorpool rerun`: a stored decomposition made again.
struct Rerun: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Repeat a stored decomposition and say whether the result is the same.",
    discussion: """
      The settings are those stored in the folder's units.json, the recording must be the same to the \
      last byte. On one processor and version every discharge is where it was; another version or \
      kernel of the linear algebra library may move some. Exit code 0: the same; 1: not the same.

      Examples:
        motorpool rerun results grid.wav
        motorpool rerun results grid.wav --json
      """)

  @Argument(help: "A folder that decompose wrote.")
  var folder: String

  @Argument(help: "The recording it was made from.")
  var recording: String

  @Option(help: "Threads to use (default: all cores); the result does not depend on it.")
  var threads: Int?

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads \(threads): at least one thread is needed")
    }
  }

  func run() throws {
    let meter = ProgressMeter("repeating \(folder)")
    let again = try RepeatedRun(
      folder: folder, recording: recording, parallelism: Parallelism(threadCount: threads),
      progress: meter.show)
    meter.finish()
    if json {
      print(try JSONText.of(RerunSummary(again)), terminator: "")
    } else {
      print(text(again))
    }
    if !again.isSame { throw ExitCode(1) }
  }

  private func text(_ again: RepeatedRun) -> String {
    let count = again.units.count
    if again.isSame {
      return "the same: \(count) unit\(count == 1 ? "" : "s"), every discharge where it was "
        + "(stored by version \(again.storedVersion))"
    }
    let kept = again.units.filter(\.isSame).count
    var table = TextTable(["Stored", "Now", "RoA"])
    for unit in again.units where !unit.isSame {
      table.add([unit.stored, unit.now ?? "-", Formatting.fixed(unit.agreement, 4)])
    }
    for name in again.onlyNow { table.add(["-", name, ""]) }
    return """
      not the same: \(kept) of \(count) units have every discharge where it was, \
      \(again.onlyNow.count) are new (stored by version \(again.storedVersion), this is \
      \(SoftwareVersion.number))
      \(table.text)
      """
  }
}
