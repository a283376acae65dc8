import Foundation

/// A regular file opened for reading at any offset; safe to use from several threads.
public final class FileBytes: Sendable {
  /// Path as it was given.
  public let path: String
  /// Size in bytes when the file was opened.
  public let count: Int
  private let descriptor: Int32

  /// Opens a regular file; throws `RecordingError` where that is impossible.
  public init(path: String) throws {
    // Not waiting: opening a pipe that nobody writes into would never end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw RecordingError(.cannotOpen, path: path, "cannot be opened: \(systemErrorText())")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw RecordingError(
        .cannotOpen, path: path,
        isFolder ? "is a folder; a recording file is expected" : "is not a regular file",
        remedy: isFolder ? "" : "save it as a file first")
    }
    self.path = path
    self.count = Int(status.st_size)
    self.descriptor = descriptor
  }

  /// Takes over an open file of `count` bytes; errors name `path`.
  init(path: String, count: Int, descriptor: Int32) {
    (self.path, self.count, self.descriptor) = (path, count, descriptor)
  }

  deinit { close(descriptor) }

  /// Reads exactly `count` bytes from `offset`; throws `RecordingError` where the file is shorter.
  public func read(at offset: Int, count: Int) throws -> [UInt8] {
    precondition(offset >= 0 && count >= 0, "negative offset or count")
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + filled, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    guard failure == 0 else {
      throw RecordingError(
        .cannotOpen, path: path, place: "byte \(offset)",
        "cannot be read: \(String(cString: strerror(failure)))")
    }
    guard bytes.count == count else {
      throw RecordingError(
        .truncated, path: path, place: "byte \(offset)",
        "found \(bytes.count) bytes, expected \(count)")
    }
    return bytes
  }

  /// The first bytes of the file, at most `count`.
  public func head(_ count: Int) throws -> [UInt8] {
    try read(at: 0, count: min(count, self.count))
  }

  /// The whole file as bytes, refused above `limit` bytes.
  public func all(limit: Int) throws -> [UInt8] {
    guard count <= limit else {
      throw RecordingError(
        .unsupported, path: path, "\(count) bytes are too many for a file that is read at once",
        remedy: "the limit is \(limit) bytes")
    }
    return try read(at: 0, count: count)
  }
}

/// The text of the last system error.
func systemErrorText() -> String { String(cString: strerror(errno)) }
