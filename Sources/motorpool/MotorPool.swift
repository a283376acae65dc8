import Analyses
import ArgumentParser
import MATFiles
import Terminal

/// The `motorpool` command.
@main
struct MotorPool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motorpool",
    abstract: "Motor-unit analysis of electromyograms: decompose, follow, compare.",
    discussion: """
      Research use only; not for diagnosis.

      Examples:
        motorpool info recording.edf
        motorpool decompose recording.wav --mv-per-fs 5 --output results
        motorpool score results --truth truth.csv
        motorpool patient add P001
        motorpool visit add P001 visit1.edf --date 2026-01-15 \\
          --muscle "vastus lateralis" --side left
        motorpool trend P001
        motorpool --version --verbose

      Exit codes: 0 done; 1 other failure; 64 wrong arguments; 65 input refused (malformed, too \
      short, unsupported); 66 input cannot be opened; 69 registry busy or damaged; \
      73 output cannot be written; 130 and 143 interrupted (Ctrl-C, request to end).
      """,
    version: SoftwareVersion.full,
    subcommands: commandList
  )

  static func main() {
    KernelRestart.startAgainIfNeeded()
    if BuildFacts.isAsked(Array(CommandLine.arguments.dropFirst())) {
      print(BuildFacts.ofThisRun)
      return
    }
    RunningProgram.keepHeapSmall()
    Interruption.watch()
    MATIsolation.ofThisProcess = ReadMAT.isolation
    do {
      try CommandNames.check(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(error)
    }
  }
}
