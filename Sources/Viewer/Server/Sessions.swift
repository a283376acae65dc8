import Crypto
import Foundation
import Synchronization

/// Who may use the viewer: the one-time token of the start address is exchanged for a session.
final class Sessions: Sendable {
  /// Seconds without a request after which a session ends, and its longest life.
  static let idleLimit = 1_800.0
  static let lifeLimit = 43_200.0

  private struct Session {
    let token: String
    let began: Date
    var used: Date
  }
  private struct State {
    var start: String
    var sessions: [String: Session] = [:]
  }
  private let state: Mutex<State>

  init() { state = Mutex(State(start: Self.secret())) }

  /// 256 random bits in hexadecimal.
  static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let word = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - word.count) + word
    }.joined()
  }

  /// The token of the next start address.
  var startToken: String { state.withLock { $0.start } }

  private static func hash(_ secret: String) -> String { EditEntry.hash(Data(secret.utf8)) }

  /// Takes the start token, which then holds no longer.
  ///
  /// - Returns: the secret of the session and the token that changing requests must carry; nil
  ///   for another token.
  func begin(_ token: String, now: Date = Date()) -> (cookie: String, token: String)? {
    state.withLock { state in
      // Hashes are compared, so that the time taken tells nothing of the token.
      guard Self.hash(token) == Self.hash(state.start) else { return nil }
      state.start = Self.secret()
      let cookie = Self.secret()
      let token = Self.secret()
      state.sessions[Self.hash(cookie)] = Session(token: token, began: now, used: now)
      return (cookie, token)
    }
  }

  /// The token of a live session, nil where there is none.
  func token(cookie: String, now: Date = Date()) -> String? {
    let key = Self.hash(cookie)
    return state.withLock { state in
      guard var session = state.sessions[key] else { return nil }
      if now.timeIntervalSince(session.used) > Self.idleLimit
        || now.timeIntervalSince(session.began) > Self.lifeLimit
      {
        state.sessions[key] = nil
        return nil
      }
      session.used = now
      state.sessions[key] = session
      return session.token
    }
  }

  /// Ends a session.
  func end(cookie: String) { state.withLock { $0.sessions[Self.hash(cookie)] = nil } }
}
