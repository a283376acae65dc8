import Foundation
import Hashing

/// A file known by where it lies on the disk, whatever path or link leads to it.
struct FileIdentity: Hashable, Sendable {
  /// What kind of file it is.
  enum Kind: Sendable {
    case regular
    case folder
    case other
  }

  let device: UInt64
  let number: UInt64
  let kind: Kind
  let size: Int

  /// The file that a path leads to, symbolic links followed; nil where there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    default: kind = .other
    }
    size = Int(status.st_size)
  }

  static func == (left: FileIdentity, right: FileIdentity) -> Bool {
    left.device == right.device && left.number == right.number
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(device)
    hasher.combine(number)
  }

  /// The path with symbolic links at its end followed, also one that leads nowhere yet.
  static func resolved(_ path: String) -> String {
    var path = URL(fileURLWithPath: path).standardizedFileURL.path
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        return path
      }
      path =
        next.hasPrefix("/")
        ? next : URL(fileURLWithPath: path).deletingLastPathComponent().path + "/" + next
      path = URL(fileURLWithPath: path).standardizedFileURL.path
    }
    return path
  }

  /// SHA-256 of a file as 64 hexadecimal digits; nil where it cannot be read.
  static func sha256(_ path: String) -> String? {
    // A pipe would be waited for.
    guard FileIdentity(path)?.kind == .regular, let handle = FileHandle(forReadingAtPath: path)
    else { return nil }
    defer { try? handle.close() }
    let hasher = SHA256()
    while true {
      guard let piece = try? handle.read(upToCount: 1 << 20) ?? Data() else { return nil }
      if piece.isEmpty { break }
      hasher.update(Array(piece))
    }
    return hasher.finished().hexadecimal
  }

  /// SHA-256 of bytes as 64 hexadecimal digits.
  static func sha256(_ bytes: some DataProtocol) -> String {
    SHA256.hash(Array(bytes)).hexadecimal
  }
}

/// Patient registries, known by their content: they are never an output.
enum RegistryFiles {
  /// Whether a file is a registry (or a backup of one) or belongs to one: the write-ahead log, its
  /// index, a rollback journal.
  static func contains(_ path: String) -> Bool {
    if isRegistry(path) { return true }
    return ["-wal", "-shm", "-journal"].contains { suffix in
      path.hasSuffix(suffix) && isRegistry(String(path.dropLast(suffix.count)))
    }
  }

  /// SQLite's first bytes, and the application number of a registry ("MPRG") at byte 68.
  ///
  /// A registry in use is opened through another descriptor and closed again: this process must
  /// hold no locks on it at that time (POSIX advisory locks), so outputs are checked first.
  private static func isRegistry(_ path: String) -> Bool {
    guard FileIdentity(path)?.kind == .regular,
      let handle = FileHandle(forReadingAtPath: path)
    else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 72), head.count == 72 else { return false }
    return head.starts(with: Data("SQLite format 3\0".utf8))
      && Array(head[68..<72]) == Array("MPRG".utf8)
  }
}
