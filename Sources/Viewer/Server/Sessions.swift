import Crypto
import Foundation
import Synchronization

/// Who may use the viewer: the one-time token of the start address, or a password, is exchanged for a
/// session.
final class Sessions: Sendable {
  /// Seconds without a request after which a session ends, and its longest life.
  static let idleLimit = 1_800.0
  static let lifeLimit = 43_200.0

  /// Who a session belongs to.
  struct Holder: Sendable, Equatable {
    /// The token that changing requests must carry.
    let token: String
    let user: String
    let role: Role
    /// Whether the user has an account; else they are whoever started the program.
    let isAccount: Bool
  }
  private struct Session {
    let token: String
    let user: String
    let isAccount: Bool
    let began: Date
    var used: Date
  }
  private struct State {
    var start: String
    var sessions: [String: Session] = [:]
  }
  private let state: Mutex<State>
  private let author: String
  private let accounts: Accounts?

  /// - Parameters:
  ///   - author: who uses the start address.
  ///   - accounts: with accounts there is no start address.
  init(author: String = "local user", accounts: Accounts? = nil) {
    self.author = author
    self.accounts = accounts
    state = Mutex(State(start: Self.secret()))
  }

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
  ///   for another token, and where there are accounts.
  func begin(_ token: String, now: Date = Date()) -> (cookie: String, token: String)? {
    guard accounts == nil else { return nil }
    return state.withLock { state in
      // Hashes are compared, so that the time taken tells nothing of the token.
      guard Self.hash(token) == Self.hash(state.start) else { return nil }
      state.start = Self.secret()
      return Self.add(author, isAccount: false, now: now, to: &state)
    }
  }

  /// Begins the session of an account whose password was checked.
  ///
  /// The secret is always a new one: one that was in the browser before is worth nothing after.
  func begin(account: String, now: Date = Date()) -> (cookie: String, token: String) {
    state.withLock { Self.add(account, isAccount: true, now: now, to: &$0) }
  }

  private static func add(
    _ user: String, isAccount: Bool, now: Date, to state: inout State
  ) -> (cookie: String, token: String) {
    let cookie = secret()
    let token = secret()
    state.sessions = state.sessions.filter { now.timeIntervalSince($0.value.used) <= idleLimit }
    state.sessions[hash(cookie)] = Session(
      token: token, user: user, isAccount: isAccount, began: now, used: now)
    return (cookie, token)
  }

  /// Who a live session belongs to, nil where there is none or its account is closed.
  func holder(cookie: String, now: Date = Date()) -> Holder? {
    let key = Self.hash(cookie)
    let found = state.withLock { state -> Session? in
      guard var session = state.sessions[key] else { return nil }
      if now.timeIntervalSince(session.used) > Self.idleLimit
        || now.timeIntervalSince(session.began) > Self.lifeLimit
      {
        state.sessions[key] = nil
        return nil
      }
      session.used = now
      state.sessions[key] = session
      return session
    }
    guard let found else { return nil }
    if !found.isAccount {
      return Holder(token: found.token, user: found.user, role: .admin, isAccount: false)
    }
    // Asked anew each time: a role that was changed or taken holds at once.
    guard let role = accounts?.role(of: found.user) else { return nil }
    return Holder(token: found.token, user: found.user, role: role, isAccount: true)
  }

  /// Sessions that were used within the idle limit.
  var count: Int {
    let now = Date()
    return state.withLock { state in
      state.sessions.values.count { now.timeIntervalSince($0.used) <= Self.idleLimit }
    }
  }

  /// Ends a session.
  func end(cookie: String) { state.withLock { $0.sessions[Self.hash(cookie)] = nil } }
}
