import Analyses
import ArgumentParser
import Recordings
import Signal

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
      let origin = try OutputOrigin.run("rerun", files: [folder, recording])
      print(try JSONText.of(Sourced(RerunSummary(again), from: origin)), terminator: "")
    } else {
      print(again.text)
    }
    if !again.isSame { throw ExitCode(1) }
  }
}
