import Foundation
import Recordings
import Synchronization

/// Ctrl-C and requests to end.
///
/// Work in progress is given a second to stop by itself, then the program ends. Outputs appear whole at the end or not at
/// all; what is half-written then is removed.
package enum Interruption {
  /// The signal that came; a global value, since the handler of a signal captures nothing.
  private static let received = Atomic<Int32>(0)
  /// The two ends of a pipe over which the handler wakes the thread that waits.
  private static let pipe: (read: Int32, write: Int32)? = {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }()

  /// The exit code of a run that was interrupted; nil where nobody asked for it.
  package static var exitCode: Int32? {
    let number = received.load(ordering: .acquiring)
    return number == 0 ? nil : 128 + number
  }

  /// Takes up SIGINT and SIGTERM; signals that are ignored stay so.
  ///
  /// Libraries may have started threads that block no signal, so that this needs a handler.
  package static func watch() {
    guard let pipe else { return }
    // Read once here, so that the handler finds it made.
    _ = exitCode
    // Started from a thread that blocks signals, as those of a task queue, it would never hear them.
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in [SIGINT, SIGTERM] { sigaddset(&heard, number) }
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
    for number in [SIGINT, SIGTERM] {
      let former = signal(number) { number in
        Interruption.received.store(number, ordering: .releasing)
        var byte: UInt8 = 1
        if let pipe = Interruption.pipe { _ = write(pipe.write, &byte, 1) }
      }
      // An ignored signal, as under nohup, is not this program's to take up.
      if former.map({ unsafeBitCast($0, to: Int.self) }) == 1 { _ = signal(number, SIG_IGN) }
    }
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(pipe.read, &byte, 1) < 0 && errno == EINTR {}
      usleep(900_000)
      UnfinishedOutputs.removeAll()
      StandardStream.tell("interrupted")
      _exit(exitCode ?? 130)
    }
  }
}
