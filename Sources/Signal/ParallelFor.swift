import Dispatch

/// How many threads the signal processing may use.
///
/// The split of the work never depends on it, so results do not either.
public struct Parallelism: Sendable, Equatable {
  /// The number of threads, at least 1.
  public var threadCount: Int

  /// Asks for a number of threads; nil takes one for each active processor.
  public init(threadCount: Int? = nil) {
    self.threadCount = max(1, threadCount ?? activeProcessorCount())
  }

  /// One thread.
  public static let single = Parallelism(threadCount: 1)

  /// Runs `body` once for each index in 0..<count, on up to `threadCount` threads.
  ///
  /// Each index must write only to memory of its own. Indices are handed out in order, so uneven
  /// work balances itself.
  public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threadCount, count)
    if workers <= 1 {
      for index in 0..<max(count, 0) { body(index) }
      return
    }
    let next = WorkCounter()
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.take()
        if index >= count { return }
        body(index)
      }
    }
  }

  /// The results of `body` for each index in 0..<count, in order.
  public func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let slots = ResultSlots<Result>(count: count)
    forEach(count) { slots.set($0, body($0)) }
    return slots.values()
  }
}
