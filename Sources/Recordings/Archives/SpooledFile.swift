import Foundation

/// A temporary file without a name, for content that must be read at any place but comes in one stream.
///
/// Nobody else can open it, and it is gone with the last reader, also where the program is killed.
final class SpooledFile {
  private let path: String
  private let limit: Int
  private var descriptor: Int32
  private(set) var count = 0

  /// Makes an empty file; throws `RecordingError` where the folder for temporary files takes none.
  ///
  /// - Parameters:
  ///   - path: the file that the content comes from, for errors.
  ///   - limit: most bytes it may hold.
  init(for path: String, limit: Int) throws {
    (self.path, self.limit) = (path, limit)
    let pattern = FileManager.default.temporaryDirectory.path + "/motorpool-spool-XXXXXX"
    var name = Array(pattern.utf8CString)
    descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw failure("cannot be unpacked: \(systemErrorText())") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds bytes at the end; throws `RecordingError` above the limit or where the disk is full.
  func append(_ bytes: some Collection<UInt8>) throws {
    guard bytes.count <= limit - count else {
      throw RecordingError(
        .malformed, path: path, "unpacks to more than \(limit) bytes, which no recording does")
    }
    try Array(bytes).withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let took = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        if took < 0 && errno == EINTR { continue }
        guard took > 0 else { throw failure("cannot be unpacked: \(systemErrorText())") }
        written += took
      }
    }
    count += bytes.count
  }

  /// The content for reading; nothing can be added afterwards.
  func finished() -> FileBytes {
    defer { descriptor = -1 }
    return FileBytes(path: path, count: count, descriptor: descriptor)
  }

  private func failure(_ problem: String) -> RecordingError {
    RecordingError(
      .cannotOpen, path: path, problem,
      remedy: "make room in \(FileManager.default.temporaryDirectory.path), or unpack it there")
  }
}
