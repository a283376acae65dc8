import Foundation
import MATFiles
import Terminal
import Viewer

/// `motorpool-viewer`: the web server behind `motorpool serve`, and its child processes.
///
/// `--serve CONFIGURATION`, `--users COMMAND` and `--decompose JOB` take JSON; `--check`, `--visit` and
/// `--read-mat` a file;
/// people call `motorpool serve` and `motorpool user`.
@main
struct ViewerProgram {
  static func main() async {
    RunningProgram.keepHeapSmall(arenas: 2)
    // A damaged MAT file ends a process of its own, not the server.
    MATIsolation.ofThisProcess = MATIsolation(
      executable: "/proc/self/exe", arguments: ["--read-mat"])
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      Failure.end("call motorpool serve FILE instead", code: Failure.wrongCall)
    }
    switch arguments[1] {
    case "--decompose": exit(DecompositionJob.perform(arguments[2]))
    case "--check": exit(UploadCheck.perform(arguments[2]))
    case "--visit": exit(VisitJob.perform(arguments[2]))
    case "--read-mat": MATWorker.serve(path: arguments[2])
    case "--users":
      do {
        let command = try JSONDecoder().decode(
          AccountCommand.self, from: Data(arguments[2].utf8))
        StandardStream.print(try command.run(password: { PasswordPrompt.read() }))
      } catch {
        let known = ViewerError(error)
        Failure.end(known.description, code: known.exitCode)
      }
    case "--serve":
      do {
        let configuration = try JSONDecoder().decode(
          ViewerConfiguration.self, from: Data(arguments[2].utf8))
        let server = try ViewerServer(configuration, program: RunningProgram.path)
        let browser = Browser(configuration.opensBrowser)
        try await server.run { address in
          let line = configuration.printsJSON ? "{\"address\":\"\(address)\"}" : "Open \(address)"
          StandardStream.print(line)
          browser.open(address)
        }
      } catch {
        let known = ViewerError(error)
        Failure.end(known.description, code: known.exitCode)
      }
    default: Failure.end("call motorpool serve FILE instead", code: Failure.wrongCall)
    }
  }
}
