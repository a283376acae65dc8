import Foundation
import Synchronization

/// Waiting for other processes that write, with one limit for all waits of an operation.
///
/// Opening, migrating and writing wait one after another; together they last no longer than the limit.
final class BusyWait: Sendable {
  private struct State {
    var waited = 0.0
    var hasTold = false
    var last = ContinuousClock.now
  }

  /// Longest wait in seconds.
  let limit: Double
  private let tell: (@Sendable () -> Void)?
  private let state = Mutex(State())

  /// `tell` is called once where a wait lasts longer than a second.
  init(limit: Double, tell: (@Sendable () -> Void)?) {
    self.limit = limit
    self.tell = tell
  }

  /// Waits a moment; false where the limit is reached.
  func pause() -> Bool {
    let (mayWait, tells) = state.withLock { state -> (Bool, Bool) in
      let now = ContinuousClock.now
      // A wait long after the one before belongs to another operation.
      if (now - state.last) / .seconds(1) > limit { state = State() }
      guard state.waited < limit else { return (false, false) }
      state.last = now
      state.waited += Self.seconds
      let tells = state.waited > 1 && !state.hasTold
      if tells { state.hasTold = true }
      return (true, tells)
    }
    guard mayWait else { return false }
    if tells { tell?() }
    usleep(UInt32(Self.seconds * 1e6))
    return true
  }

  private static let seconds = 0.02
}
