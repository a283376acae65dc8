import Foundation
import Terminal

/// The program `motorpool-viewer` beside this one, which takes over the process.
enum ViewerProgram {
  /// Starts it with a command in JSON; does not return.
  ///
  /// - Throws: `Failure.Message` where it is not installed.
  static func become(_ mode: String, _ command: some Encodable) throws -> Never {
    let text = String(decoding: try JSONEncoder().encode(command), as: UTF8.self)
    try RunningProgram.become(
      "motorpool-viewer", [mode, text],
      ifMissing: "the viewer is not installed; build it with make viewer")
  }
}
