import Foundation
import Synchronization

/// Checks passwords, not too often for one account or from one address, and two at once.
final class SignIn: Sendable {
  /// Failures within `window` seconds after which the next try is refused unheard.
  static let tries = 5
  static let window = 60.0

  private let accounts: Accounts
  private let failures = Mutex<[String: [Date]]>([:])
  private let queue: OperationQueue

  init(_ accounts: Accounts) {
    self.accounts = accounts
    queue = OperationQueue()
    // A hash takes 128 MiB: more than two at once would be a way to fill the memory.
    queue.maxConcurrentOperationCount = 2
  }

  /// Whether the password is right.
  ///
  /// - Throws: `ViewerError` of kind `tooMany` after too many failures.
  func accepts(
    _ name: String, password: String, client: String, now: Date = Date()
  ) async throws -> Bool {
    let keys = ["account \(name.lowercased().prefix(64))", "address \(client)"]
    let isRefused = failures.withLock { failures in
      failures = failures.compactMapValues { times in
        let recent = times.filter { now.timeIntervalSince($0) < Self.window }
        return recent.isEmpty ? nil : recent
      }
      let isRefused = keys.contains { failures[$0, default: []].count >= Self.tries }
      // Counted before the password is known to be wrong: tries at the same time count too.
      if !isRefused { for key in keys { failures[key, default: []].append(now) } }
      return isRefused
    }
    if isRefused {
      throw ViewerError(.tooMany, "too many tries; wait a minute and try again")
    }
    let isRight = try await withCheckedThrowingContinuation { continuation in
      queue.addOperation { [accounts] in
        continuation.resume(with: Result { try accounts.accepts(name, password: password) })
      }
    }
    if isRight {
      failures.withLock { failures in
        for key in keys {
          if let index = failures[key]?.firstIndex(of: now) { failures[key]?.remove(at: index) }
        }
      }
    }
    return isRight
  }
}
