import Foundation
import Synchronization

/// Who looked at what and changed what: an append-only file, one entry a line, each with the hash of the
/// one before.
public final class AccessLog: Sendable {
  /// One use of the viewer.
  public struct Entry: Codable, Sendable, Equatable {
    /// Number of the entry, from 1.
    public var seq: Int
    /// When, in ISO 8601.
    public var at: String
    /// Who; the name that was tried where a sign-in failed.
    public var user: String
    /// From where.
    public var client: String
    /// What was done, such as `GET patients/:patient`.
    public var route: String
    /// The patient or the record concerned.
    public var subject: String?
    /// The HTTP status of the answer.
    public var status: Int
    /// SHA-256 of the line before; of nothing for the first.
    public var previous: String
  }

  private struct State {
    var seq: Int
    var head: String
    /// When uses that come many times a minute were noted last.
    var recent: [String: Date] = [:]
  }

  /// Seconds within which uses of one kind by one user are noted once.
  static let pause = 600.0

  /// The file.
  public let path: String
  private let descriptor: Int32
  private let state: Mutex<State>
  /// Writes bytes to a descriptor, as `write` does.
  private let append: @Sendable (Int32, Data) -> Int

  /// Opens a log; a missing file is an empty one.
  ///
  /// - Throws: `ViewerError` where the chain is broken or another viewer writes to the file.
  public convenience init(path: String) throws {
    try self.init(path: path) { descriptor, data in
      data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
  }

  /// Opens a log that is written in another way.
  init(path: String, append: @escaping @Sendable (Int32, Data) -> Int) throws {
    self.path = path
    self.append = append
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ViewerError.cannotWrite(
        "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    // Two that append would each know another last entry.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw ViewerError.conflict("\(path): another viewer uses this registry; end it first")
    }
    let entries = try Self.read(path)
    state = Mutex(State(seq: entries.last?.entry.seq ?? 0, head: entries.last?.hash ?? ""))
  }

  deinit { close(descriptor) }

  /// All entries in order, the chain checked.
  public func entries() throws -> [Entry] {
    try state.withLock { _ in try Self.read(path).map(\.entry) }
  }

  private static func read(_ path: String) throws -> [(entry: Entry, hash: String)] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ViewerError.damaged("\(path): cannot be read")
    }
    var result: [(Entry, String)] = []
    var head = ""
    for line in data.split(separator: 0x0A) {
      guard let entry = try? JSONDecoder().decode(Entry.self, from: line) else {
        throw ViewerError.damaged(
          "\(path): line \(result.count + 1) is no entry; move the file away to begin a new one")
      }
      guard entry.previous == head, entry.seq == result.count + 1 else {
        throw ViewerError.damaged(
          "\(path): entry \(entry.seq) does not follow the one before: the log was changed; move it "
            + "away to begin a new one")
      }
      head = EditEntry.hash(line)
      result.append((entry, head))
    }
    return result
  }

  /// Whether a use of a kind that comes many times a minute, such as signals of a range, was noted lately.
  func isRecent(_ key: String, now: Date = Date()) -> Bool {
    state.withLock { state in
      state.recent = state.recent.filter { now.timeIntervalSince($0.value) < Self.pause }
      return state.recent[key] != nil
    }
  }

  /// Keeps that such a use was noted.
  func remember(_ key: String, now: Date = Date()) { state.withLock { $0.recent[key] = now } }

  /// Notes a use.
  ///
  /// - Throws: `ViewerError` where the file cannot be written: then nothing is told.
  func note(
    user: String, client: String, route: String, subject: String?, status: Int
  ) throws {
    try state.withLock { state in
      let entry = Entry(
        seq: state.seq + 1, at: StoredRun.now(), user: user, client: client, route: route,
        subject: subject, status: status, previous: state.head)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let line = try encoder.encode(entry)
      let bytes = line + Data("\n".utf8)
      let end = lseek(descriptor, 0, SEEK_END)
      guard append(descriptor, bytes) == bytes.count else {
        // Half a line would break the chain for good.
        ftruncate(descriptor, end)
        throw ViewerError.cannotWrite("\(path): cannot be written; the disk may be full")
      }
      state.seq += 1
      state.head = EditEntry.hash(line)
    }
  }
}
