import Dispatch
import Synchronization

/// Receives how much of a simulation is done, 0 to 1; what it throws, such as `CancellationError`, ends it.
///
/// It is called from several threads, one at a time.
public typealias SimulationProgress = @Sendable (Double) throws -> Void

/// Maps 0..<count over up to `threads` threads; results come in order whatever the thread count.
///
/// `progress` is told the share that is done after each element; after it throws no further
/// element is begun.
///
/// - Throws: what `progress` throws.
func concurrentMap<Result: Sendable>(
  _ count: Int, threads: Int, progress: SimulationProgress = { _ in },
  _ transform: @escaping @Sendable (Int) -> Result
) throws -> [Result] {
  let state = Mutex(MapState(results: [Result?](repeating: nil, count: count)))
  let next = Atomic(0)
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count, state.withLock({ $0.failure == nil }) else { return }
      let value = transform(index)
      state.withLock { state in
        state.results[index] = value
        state.done += 1
        guard state.failure == nil else { return }
        do {
          try progress(Double(state.done) / Double(count))
        } catch {
          state.failure = error
        }
      }
    }
  }
  return try state.withLock { state in
    if let failure = state.failure { throw failure }
    return state.results.compactMap { $0 }
  }
}

/// What the threads of a map share.
private struct MapState<Result: Sendable> {
  var results: [Result?]
  var done = 0
  var failure: (any Error)?
}
