import Foundation
import Hummingbird
import Synchronization

/// Files that were sent and belong to nothing yet: each in a folder of its own below `folder`, which only
/// the program's owner can read.
///
/// A file is written as it arrives, within limits of size and time, and known afterwards by a random
/// number; its name never leads out of its folder.
final class UploadSpool: Sendable {
  /// What a file may take to arrive.
  struct Limits: Sendable {
    /// Largest file in bytes.
    var largest = 4 << 30
    /// Seconds without a byte after which it is given up.
    var idle = 20.0
    /// Bytes a second that it must reach on average, once `grace` seconds are over.
    var slowest = 16_384.0
    var grace = 60.0
    /// Bytes that stay free on the disk.
    var reserve = 512 << 20
    /// Files that wait at once.
    var most = 200
    /// Seconds after which a file that nobody used is removed.
    var life = 7_200.0
  }

  /// A file that arrived whole.
  struct Upload: Sendable {
    let id: String
    let name: String
    let bytes: Int
    let sha256: String
    let path: String
    /// Who sent it; nobody else can use it.
    let user: String
    let at: Date
  }

  let folder: String
  let limits: Limits
  private let uploads = Mutex<[String: Upload]>([:])

  /// Makes the folder when the first file comes; what an earlier program left in it is removed, and
  /// nothing else that lies there.
  init(folder: String, limits: Limits = Limits()) {
    self.folder = folder
    self.limits = limits
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where Self.isOwn(name) {
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    rmdir(folder)
  }

  /// Whether a name is that of a folder which the spool makes for a file.
  private static func isOwn(_ name: String) -> Bool {
    name.count == 32 && name.allSatisfy { $0.isASCII && $0.isHexDigit }
  }

  /// A file that a user sent.
  ///
  /// - Throws: `ViewerError` where there is none of this user.
  func upload(_ id: String, user: String) throws -> Upload {
    guard let found = uploads.withLock({ $0[id] }), found.user == user else {
      throw ViewerError.notFound("there is no such upload; drop the file again")
    }
    return found
  }

  /// Removes a file.
  func remove(_ id: String) {
    guard let found = uploads.withLock({ $0.removeValue(forKey: id) }) else { return }
    remove(folderOf: found.path)
  }

  private func remove(folderOf path: String) {
    try? FileManager.default.removeItem(
      at: URL(fileURLWithPath: path).deletingLastPathComponent())
  }

  /// A new folder of its own below the spool's.
  ///
  /// - Throws: `ViewerError` where it cannot be made.
  func scratch() throws -> String {
    let path = folder + "/" + String(Sessions.secret().prefix(32))
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      chmod(folder, 0o700)
    } catch {
      throw ViewerError.cannotWrite("the folder for uploads cannot be made beside the registry")
    }
    return path
  }

  private func sweep(_ now: Date) {
    let old = uploads.withLock { uploads in
      uploads.values.filter { now.timeIntervalSince($0.at) > limits.life }.map(\.id)
    }
    for id in old { remove(id) }
  }

  /// Writes a body to the disk as it arrives.
  ///
  /// - Parameters:
  ///   - declared: bytes that the request announces, nil where it announces none.
  /// - Throws: `ViewerError` of kind `tooLarge`, `tooSlow`, `cannotWrite`, `tooMany` or `badRequest`;
  ///   then nothing is left.
  func receive(
    _ body: RequestBody, declared: Int?, name: String, user: String
  ) async throws -> Upload {
    sweep(Date())
    guard uploads.withLock({ $0.count }) < limits.most else {
      throw ViewerError(.tooMany, "too many files wait; add their visits or remove them first")
    }
    if let declared, declared > limits.largest { throw tooLarge }
    let place = try scratch()
    let path = place + "/" + UploadName.safe(name)
    do {
      try requireSpace(declared ?? 0)
      let (bytes, hash) = try await write(body, to: path)
      guard bytes > 0 else { throw ViewerError.badRequest("the file is empty") }
      if let declared, declared != bytes {
        throw ViewerError.badRequest("\(bytes) bytes arrived of \(declared); send the file again")
      }
      let upload = Upload(
        id: URL(fileURLWithPath: place).lastPathComponent, name: UploadName.safe(name),
        bytes: bytes, sha256: hash, path: path, user: user, at: Date())
      uploads.withLock { $0[upload.id] = upload }
      return upload
    } catch {
      remove(folderOf: path)
      throw error
    }
  }

  private var tooLarge: ViewerError {
    ViewerError(
      .tooLarge, "the file holds more than \(limits.largest >> 20) MB, the most that is taken")
  }

  /// - Throws: `ViewerError` where the disk would be full.
  private func requireSpace(_ bytes: Int) throws {
    var facts = statvfs()
    guard statvfs(folder, &facts) == 0 else { return }
    let free = Int(clamping: UInt64(facts.f_bavail) &* UInt64(facts.f_frsize))
    if free - bytes < limits.reserve {
      throw ViewerError.cannotWrite("the disk has no room for the file; nothing was kept")
    }
  }

  private func write(
    _ body: RequestBody, to path: String
  ) async throws -> (bytes: Int, sha256: String) {
    let file = try UploadFile(path: path)
    let pace = Pace(limits)
    let result = try await withThrowingTaskGroup(of: (Int, String)?.self) { group in
      group.addTask { [self] in
        var count = 0
        do {
          for try await buffer in body {
            count += buffer.readableBytes
            if count > limits.largest { throw tooLarge }
            // The disk is asked now and then, not for each packet.
            if count >> 26 != (count - buffer.readableBytes) >> 26 { try requireSpace(0) }
            try file.append(buffer)
            pace.note(buffer.readableBytes)
          }
        } catch let error as ViewerError {
          throw error
        } catch {
          throw ViewerError(.tooSlow, "the file did not arrive whole; send it again")
        }
        try Task.checkCancellation()
        return (count, file.sha256)
      }
      group.addTask {
        try await pace.watch()
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let result else {
      throw ViewerError(.tooSlow, "the file did not arrive in time; send it again")
    }
    try await Background.run { try file.settle() }
    return (result.0, result.1)
  }

  /// How fast bytes arrive.
  private final class Pace: Sendable {
    private struct State {
      var last = ContinuousClock.now
      var count = 0
    }
    private let state = Mutex(State())
    private let limits: Limits

    init(_ limits: Limits) { self.limits = limits }

    func note(_ count: Int) {
      state.withLock {
        $0.count += count
        $0.last = .now
      }
    }

    /// Ends when nothing came for too long, or too little.
    func watch() async throws {
      let start = ContinuousClock.now
      let step = min(1, limits.idle / 4)
      while true {
        try await Task.sleep(for: .seconds(step))
        let now = ContinuousClock.now
        let (last, count) = state.withLock { ($0.last, $0.count) }
        let whole = (now - start) / .seconds(1)
        if (now - last) / .seconds(1) > limits.idle { return }
        if whole > limits.grace, Double(count) / whole < limits.slowest { return }
      }
    }
  }
}
