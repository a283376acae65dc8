import Synchronization

/// Counts calls of a progress closure and throws at one of them, as somebody who cancels does.
public final class Canceller: Sendable {
  private let calls = Mutex(0)
  private let last: Int

  /// Throws from the call of this number on, counted from 1.
  public init(at last: Int) { self.last = last }

  /// How often the closure was called.
  public var count: Int { calls.withLock { $0 } }

  /// Receives any kind of progress.
  public func receive<Progress>(_ progress: Progress) throws {
    let call = calls.withLock { value in
      value += 1
      return value
    }
    if call >= last { throw CancellationError() }
  }
}
