import Analyses
import ArgumentParser
import Recordings
import Terminal

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

  @OptionGroup var threads: ThreadArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let meter = ProgressMeter("repeating \(folder)")
    let again = try RepeatedRun(
      folder: folder, recording: recording, parallelism: threads.parallelism,
      progress: meter.show)
    meter.finish()
    try printing.write(
      RerunSummary(again), from: .run("rerun", files: [folder, recording]), text: again.text)
    if !again.isSame { throw ExitCode(1) }
  }
}
