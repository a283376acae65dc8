import Foundation

/// One end of a pair of connected sockets that carries whole messages, each behind its length.
final class MATSocket: Sendable {
  let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Two connected ends that other programs do not inherit; nil where the system has none left.
  static func pair() -> (MATSocket, MATSocket)? {
    var ends: [Int32] = [0, 0]
    guard
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else { return nil }
    return (MATSocket(ends[0]), MATSocket(ends[1]))
  }

  /// Sends a message; false where the other end is gone.
  func send(_ bytes: [UInt8]) -> Bool {
    let length = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) }
    return write(length) && write(bytes)
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count, let base = buffer.baseAddress {
        // No signal where the other end is gone: that is an answer, not an end of the program.
        let count = Foundation.send(
          descriptor, base + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        sent += count
      }
      return true
    }
  }

  /// The next message, nil where the other end is gone, sends more than `limit` bytes or is silent
  /// for `seconds`.
  func receive(limit: Int, seconds: Int) -> [UInt8]? {
    guard let length = read(8, seconds: seconds) else { return nil }
    let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= UInt64(limit) else { return nil }
    return read(Int(count), seconds: seconds)
  }

  private func read(_ count: Int, seconds: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count, let base = buffer.baseAddress {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = Foundation.poll(&poll, 1, Int32(clamping: seconds * 1000))
        if ready < 0 && errno == EINTR { continue }
        if ready <= 0 { break }
        let got = recv(descriptor, base + filled, count - filled, 0)
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        filled += got
      }
    }
    return bytes.count == count ? bytes : nil
  }
}
