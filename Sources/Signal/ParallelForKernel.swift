import Foundation
import Synchronization

/// Hands out 0, 1, 2, … to whichever thread asks next.
final class WorkCounter: Sendable {
  private let next = Atomic<Int>(0)

  func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// One slot for each result of a parallel loop; each slot is written by exactly one thread.
final class ResultSlots<Value: Sendable>: @unchecked Sendable {
  private let storage: UnsafeMutablePointer<Value?>
  private let count: Int

  init(count: Int) {
    self.count = max(count, 0)
    storage = .allocate(capacity: max(count, 1))
    storage.initialize(repeating: nil, count: max(count, 1))
  }

  deinit {
    storage.deinitialize(count: max(count, 1))
    storage.deallocate()
  }

  func set(_ index: Int, _ value: Value) {
    precondition(index >= 0 && index < count, "result slot out of range")
    storage[index] = value
  }

  func values() -> [Value] {
    (0..<count).map { index in
      guard let value = storage[index] else {
        preconditionFailure("a parallel loop left slot \(index) empty")
      }
      return value
    }
  }
}

/// The number of processors this process may run on now.
func activeProcessorCount() -> Int { ProcessInfo.processInfo.activeProcessorCount }

/// A raw pointer that a parallel loop may share where each index touches memory of its own.
struct SharedPointer<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>

  init(_ base: UnsafeMutablePointer<Element>) { self.base = base }
}
