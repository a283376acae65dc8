import ArgumentParser
import Foundation
import Terminal

extension Failure {
  /// Ends the program after one line on standard error, or as the argument parser ends it.
  static func exit(_ error: any Error) -> Never {
    if let (message, code) = line(for: error) { end(message, code: code) }
    // Help and version belong on standard output, refused arguments on standard error.
    let code = MotorPool.exitCode(for: error).rawValue
    let text = MotorPool.fullMessage(for: error)
    if code == 0 {
      print(text)
    } else if !text.isEmpty {
      _ = StandardStream.write(TerminalText.safe(text) + "\n", to: STDERR_FILENO)
    }
    Foundation.exit(code)
  }
}
