import Foundation
import Synchronization

/// A request to end that a program looks at between parts of its work, as those of a cluster are.
package enum StopSignal {
  /// The signal that came; a global value, since the handler of a signal captures nothing.
  private static let received = Atomic<Int32>(0)

  /// From now on a stop is noted instead of ending the program at once.
  package static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { StopSignal.received.store($0, ordering: .relaxed) }
    }
  }

  /// Whether a stop was asked for.
  package static var isStopped: Bool { exitCode != nil }

  /// The exit code of a run that was asked to stop; nil where it was not.
  package static var exitCode: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }
}
