import ArgumentParser
import Foundation
import Recordings

/// `motorpool serve`: a recording and its units in the browser.
///
/// The web server is a program of its own, `motorpool-viewer`, so that the core builds without it.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a recording and edit its units in the browser.",
    discussion: """
      Answers on this machine's own address only, and prints a start address that works once; a \
      new one is printed when it was used. Ctrl+C ends. Runs and edits are kept in NAME.motorpool \
      beside the recording, or in --output, which may be a folder that decompose wrote.

      Examples:
        motorpool serve grid.wav --mv-per-fs 5
        motorpool serve grid.wav --output results --port 0
      """)

  @Argument(help: "Recording: WAV, W64, RF64, FLAC, AIFF, EDF, BDF, CSV, TSV, MAT or WFDB (.hea).")
  var file: String

  @Option(name: .shortAndLong, help: "Folder of the runs.")
  var output: String?

  @Option(help: "Port on 127.0.0.1; 0 takes a free one.")
  var port = 8080

  @Option(help: "Name that edits are logged under (default: the account's).")
  var author: String?

  @OptionGroup var recording: RecordingArguments

  @Flag(help: "Print the start addresses as JSON, one object a line.")
  var json = false

  func validate() throws {
    if !(0...65_535).contains(port) {
      throw ValidationError("--port \(port): expected 0 to 65535")
    }
  }

  /// What the viewer is started with.
  private struct Start: Encodable {
    let file: String
    let options: RecordingOptions
    let output: String?
    let port: Int
    let author: String
    let printsJSON: Bool
  }

  func run() throws {
    let start = Start(
      file: file, options: try recording.reading().options(), output: output, port: port,
      author: author ?? NSUserName(), printsJSON: json)
    let text = String(decoding: try JSONEncoder().encode(start), as: UTF8.self)
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let viewer = own.deletingLastPathComponent().appendingPathComponent("motorpool-viewer").path
    guard access(viewer, X_OK) == 0 else {
      throw Failure.Message(
        "\(viewer): the viewer is not installed; build it with make viewer", code: 1)
    }
    let words = [viewer, "--serve", text]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    execv(viewer, arguments)
    throw Failure.Message(
      "\(viewer): cannot be started: \(String(cString: strerror(errno)))", code: 1)
  }
}
