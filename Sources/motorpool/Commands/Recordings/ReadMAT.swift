import ArgumentParser
import MATFiles

/// `motorpool read-mat`: the process that reads a MAT file for another one of this program.
///
/// It is started by the program itself with a socket as its standard input and is of no use to
/// anybody else, so it is not listed.
struct ReadMAT: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read-mat", abstract: "Read a MAT file for another process.",
    shouldDisplay: false)

  @Argument(help: "The file.")
  var file: String

  func run() throws { MATWorker.serve(path: file) }

  /// How the readers of this program start it.
  static let isolation = MATIsolation(executable: "/proc/self/exe", arguments: ["read-mat"])
}
