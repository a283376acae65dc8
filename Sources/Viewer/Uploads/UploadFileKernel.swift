import Crypto
import Foundation
import Hummingbird
import Synchronization

/// A file that is written as its bytes arrive, and hashed on the way.
final class UploadFile: Sendable {
  private let descriptor: Int32
  private let hash = Mutex(SHA256())

  /// Makes a new file that only its owner can read.
  ///
  /// - Throws: `ViewerError` where it cannot be made, or is there.
  init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ViewerError.cannotWrite("the file cannot be written beside the registry")
    }
  }

  deinit { Foundation.close(descriptor) }

  /// Adds bytes.
  ///
  /// - Throws: `ViewerError` where the disk is full.
  func append(_ buffer: ByteBuffer) throws {
    try buffer.withUnsafeReadableBytes { bytes in
      hash.withLock { $0.update(bufferPointer: bytes) }
      guard let start = bytes.baseAddress else { return }
      var done = 0
      while done < bytes.count {
        let step = write(descriptor, start + done, bytes.count - done)
        if step < 0 && errno == EINTR { continue }
        guard step > 0 else {
          throw ViewerError.cannotWrite("the disk has no room for the file; nothing was kept")
        }
        done += step
      }
    }
  }

  /// Waits until everything is on the disk.
  ///
  /// - Throws: `ViewerError` where it cannot be written.
  func settle() throws {
    guard fsync(descriptor) == 0 else {
      throw ViewerError.cannotWrite("the file cannot be written to the disk")
    }
  }

  /// SHA-256 of what was added so far, in hexadecimal.
  var sha256: String {
    hash.withLock { $0.finalize().map { String(format: "%02x", $0) }.joined() }
  }
}
