import Crypto
import CryptoExtras
import Foundation
import Recordings
import Synchronization

/// The accounts of a group: names, roles and hashed passwords in one file beside the registry.
///
/// Passwords are hashed by scrypt (Percival 2009, RFC 7914) with a salt of 128 bits for each; its cost is
/// stored with the hash, so that it can grow.
public final class Accounts: Sendable {
  /// How hard a hash is: memory is 128 x `rounds` x `blockSize` bytes.
  public struct Cost: Codable, Sendable, Equatable {
    /// N of scrypt, a power of two.
    public var rounds: Int
    /// r of scrypt.
    public var blockSize: Int
    /// p of scrypt.
    public var parallelism: Int

    /// 128 MiB, somewhat under a second.
    public static let standard = Cost(rounds: 1 << 17, blockSize: 8, parallelism: 1)

    /// A cost.
    public init(rounds: Int, blockSize: Int, parallelism: Int) {
      self.rounds = rounds
      self.blockSize = blockSize
      self.parallelism = parallelism
    }
  }

  /// One account as it is stored.
  public struct Account: Codable, Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What it may do.
    public var role: Role
    /// Whether it may no longer sign in.
    public var isDisabled: Bool
    /// When it was made, in ISO 8601.
    public var created: String
    var salt: Data
    var hash: Data
    var cost: Cost
  }

  private struct Contents: Codable {
    var version = 1
    var accounts: [Account] = []
  }
  private struct Cache {
    var stamp: [Int64] = []
    var accounts: [Account] = []
  }

  /// Shortest and longest password, in characters and in bytes.
  public static let shortestPassword = 12
  static let longestPassword = 1_024

  /// The file.
  public let path: String
  private let cost: Cost
  private let cache = Mutex(Cache())

  /// The accounts in a file; a missing file holds none.
  public init(path: String, cost: Cost = .standard) {
    self.path = path
    self.cost = cost
  }

  /// All accounts by name.
  ///
  /// - Throws: `ViewerError` where the file is damaged or may not be read.
  public func all() throws -> [Account] {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      if errno == ENOENT { return [] }
      throw ViewerError.damaged("\(path): cannot be read: \(String(cString: strerror(errno)))")
    }
    let stamp = [
      Int64(facts.st_ino), Int64(facts.st_size), Int64(facts.st_mtim.tv_sec),
      Int64(facts.st_mtim.tv_nsec),
    ]
    return try cache.withLock { cache in
      if cache.stamp == stamp { return cache.accounts }
      guard let data = FileManager.default.contents(atPath: path),
        let contents = try? JSONDecoder().decode(Contents.self, from: data)
      else {
        throw ViewerError.damaged("\(path): is no file of accounts; restore it from a backup")
      }
      cache = Cache(stamp: stamp, accounts: contents.accounts.sorted { $0.name < $1.name })
      return cache.accounts
    }
  }

  /// The role of an account that may sign in; nil for any other.
  func role(of name: String) -> Role? {
    let found = (try? all())?.first { $0.name == name }
    return found.flatMap { $0.isDisabled ? nil : $0.role }
  }

  private func change(_ body: (inout [Account]) throws -> Void) throws {
    // Two programs that change the file at once would lose one of the changes.
    let lock = open(path + ".lock", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      throw ViewerError.cannotWrite(
        "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(lock) }
    flock(lock, LOCK_EX)
    var accounts = try all()
    try body(&accounts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try AtomicFile.write(try encoder.encode(Contents(accounts: accounts)), to: path)
    chmod(path, 0o600)
    cache.withLock { $0 = Cache() }
  }

  /// Adds an account.
  ///
  /// - Throws: `ViewerError` for a name that is taken or unusable and for a short password.
  public func add(_ name: String, role: Role, password: String) throws {
    let isUsable =
      (1...64).contains(name.count)
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-@".contains($0)) }
    guard isUsable else {
      throw ViewerError.badRequest(
        "user \"\(name)\": expected 1 to 64 letters, digits, points, hyphens or @")
    }
    let (salt, hash) = try hashed(password)
    try change { accounts in
      guard !accounts.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
        throw ViewerError.conflict("user \(name): is there already")
      }
      accounts.append(
        Account(
          name: name, role: role, isDisabled: false, created: StoredRun.now(), salt: salt,
          hash: hash, cost: cost))
    }
  }

  /// Changes an account: its role, its password, whether it may sign in.
  ///
  /// - Throws: `ViewerError` where there is none, and where no administrator would be left.
  public func change(
    _ name: String, role: Role? = nil, password: String? = nil, isDisabled: Bool? = nil
  ) throws {
    let renewed = try password.map { try hashed($0) }
    try change { accounts in
      guard let index = accounts.firstIndex(where: { $0.name == name }) else {
        throw ViewerError.notFound("user \(name): there is none")
      }
      if let role { accounts[index].role = role }
      if let isDisabled { accounts[index].isDisabled = isDisabled }
      if let renewed {
        (accounts[index].salt, accounts[index].hash, accounts[index].cost) = (
          renewed.salt, renewed.hash, cost
        )
      }
      guard accounts.contains(where: { $0.role == .admin && !$0.isDisabled }) else {
        throw ViewerError.conflict("user \(name): no administrator would be left")
      }
    }
  }

  private func hashed(_ password: String) throws -> (salt: Data, hash: Data) {
    guard password.count >= Self.shortestPassword, password.utf8.count <= Self.longestPassword
    else {
      throw ViewerError.badRequest(
        "the password needs \(Self.shortestPassword) characters or more")
    }
    var generator = SystemRandomNumberGenerator()
    let salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    return (salt, try Self.key(password, salt: salt, cost: cost))
  }

  private static func key(_ password: String, salt: Data, cost: Cost) throws -> Data {
    let key = try KDF.Scrypt.deriveKey(
      from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: cost.rounds,
      blockSize: cost.blockSize, parallelism: cost.parallelism)
    return key.withUnsafeBytes { Data($0) }
  }

  /// Whether a password is that of an account that may sign in.
  ///
  /// It takes as long for a name that is not there as for one that is.
  ///
  /// - Throws: `ViewerError` where the file cannot be read.
  func accepts(_ name: String, password: String) throws -> Bool {
    guard password.utf8.count <= Self.longestPassword else { return false }
    let account = try all().first { $0.name == name }
    let salt = account?.salt ?? Data(count: 16)
    let found = try Self.key(password, salt: salt, cost: account?.cost ?? cost)
    // Every byte is looked at, so that the time taken tells nothing of the hash.
    let expected = account?.hash ?? Data(count: 32)
    let difference = zip(found, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    return difference == 0 && found.count == expected.count && account?.isDisabled == false
  }
}
