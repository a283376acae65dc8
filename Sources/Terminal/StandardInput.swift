import Foundation

/// Standard input as a file, for readers that look at any place of a recording.
package enum StandardInput {
  /// Most bytes that are taken.
  private static let limit = 4 << 30
  nonisolated(unsafe) private static var folder: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var path: UnsafeMutablePointer<CChar>?

  /// Writes what comes on standard input into a file of its own and returns its path.
  ///
  /// The file can be read by this user alone and is removed when the program ends. Throws
  /// `Failure.Message` where nothing comes or the disk is full.
  package static func file() throws -> String {
    if let path { return String(cString: path) }
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("motorpool-XXXXXX")
      .path
    guard let made = strdup(base), mkdtemp(made) != nil else {
      throw Failure.Message(
        "standard input cannot be kept: \(String(cString: strerror(errno)))",
        code: Failure.cannotWrite)
    }
    folder = made
    let name = String(cString: made) + "/standard-input"
    path = strdup(name)
    atexit {
      if let path = StandardInput.path { unlink(path) }
      if let folder = StandardInput.folder { rmdir(folder) }
    }
    let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure.Message("standard input cannot be kept in \(name)", code: Failure.cannotWrite)
    }
    defer { close(descriptor) }
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = read(0, &buffer, buffer.count)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { break }
      total += got
      guard total <= limit, write(descriptor, buffer, got) == got else {
        throw Failure.Message(
          "standard input cannot be kept: \(total) bytes are too many for \(name)",
          code: Failure.cannotWrite)
      }
    }
    guard total > 0 else {
      throw Failure.Message("standard input: holds nothing", code: Failure.refused)
    }
    return name
  }
}
