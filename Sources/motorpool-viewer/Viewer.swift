internal import CMalloc
import Foundation
import MATFiles
import Viewer

/// `motorpool-viewer`: the web server behind `motorpool serve`, and its child processes.
///
/// `--serve CONFIGURATION`, `--users COMMAND` and `--decompose JOB` take JSON; `--check`, `--visit` and
/// `--read-mat` a file;
/// people call `motorpool serve` and `motorpool user`.
@main
struct ViewerProgram {
  static func main() async {
    _ = mallopt(M_ARENA_MAX, 2)
    _ = mallopt(M_MMAP_THRESHOLD, 16 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 64 << 20)
    // A damaged MAT file ends a process of its own, not the server.
    MATIsolation.ofThisProcess = MATIsolation(
      executable: "/proc/self/exe", arguments: ["--read-mat"])
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else { end("call motorpool serve FILE instead", code: 64) }
    switch arguments[1] {
    case "--decompose": exit(DecompositionJob.perform(arguments[2]))
    case "--check": exit(UploadCheck.perform(arguments[2]))
    case "--visit": exit(VisitJob.perform(arguments[2]))
    case "--read-mat": MATWorker.serve(path: arguments[2])
    case "--users":
      do {
        let command = try JSONDecoder().decode(
          AccountCommand.self, from: Data(arguments[2].utf8))
        print(try command.run(password: { PasswordPrompt.read() }))
      } catch {
        let known = ViewerError(error)
        end(known.description, code: known.exitCode)
      }
    case "--serve":
      do {
        let configuration = try JSONDecoder().decode(
          ViewerConfiguration.self, from: Data(arguments[2].utf8))
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        let server = try ViewerServer(configuration, program: program)
        let browser = Browser(configuration.opensBrowser)
        try await server.run { address in
          let line = configuration.printsJSON ? "{\"address\":\"\(address)\"}" : "Open \(address)"
          FileHandle.standardOutput.write(Data((line + "\n").utf8))
          browser.open(address)
        }
      } catch {
        let known = ViewerError(error)
        end(known.description, code: known.exitCode)
      }
    default: end("call motorpool serve FILE instead", code: 64)
    }
  }

  private static func end(_ message: String, code: Int32) -> Never {
    FileHandle.standardError.write(Data("Error: \(message)\n".utf8))
    exit(code)
  }
}
