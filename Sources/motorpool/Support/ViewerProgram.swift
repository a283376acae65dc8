import Foundation
import Terminal

/// The program `motorpool-viewer` beside this one, which takes over the process.
enum ViewerProgram {
  /// Starts it with a command in JSON; does not return.
  ///
  /// - Throws: `Failure.Message` where it is not installed.
  static func become(_ mode: String, _ command: some Encodable) throws -> Never {
    let text = String(decoding: try JSONEncoder().encode(command), as: UTF8.self)
    let viewer = URL(fileURLWithPath: RunningProgram.path).deletingLastPathComponent()
      .appendingPathComponent("motorpool-viewer").path
    guard access(viewer, X_OK) == 0 else {
      throw Failure.Message(
        "\(viewer): the viewer is not installed; build it with make viewer", code: 1)
    }
    let words: [String] = [viewer, mode, text]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    execv(viewer, arguments)
    throw Failure.Message(
      "\(viewer): cannot be started: \(String(cString: strerror(errno)))", code: 1)
  }
}
