internal import CZlib

/// Unpacks gzip, zlib or raw deflate data piece by piece (RFC 1950 to 1952), through zlib.
final class Inflater {
  /// The data are damaged.
  struct Damage: Error {}

  private let stream: UnsafeMutablePointer<z_stream>
  private let isRaw: Bool
  private(set) var isAtEnd = false
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// Starts with no input; raw data have neither header nor checksum.
  init?(isRaw: Bool = false) {
    self.isRaw = isRaw
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, 32 more to tell gzip from zlib by the header, negative for raw data.
    guard
      inflateInit2_(
        stream, isRaw ? -15 : 15 + 32, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks some bytes and gives what comes out of them, 64 KB at a time.
  ///
  /// - Throws: `Damage`, and what `body` throws.
  func unpack(_ input: [UInt8], _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var consumed = 0
    while consumed < input.count {
      // Several members may follow each other; what follows raw data is not theirs.
      if isAtEnd, isRaw { return }
      if isAtEnd {
        guard inflateReset(stream) == Z_OK else { throw Damage() }
        isAtEnd = false
      }
      var (produced, status): (Int, Int32) = (0, Z_OK)
      (consumed, produced, status) = step(input, from: consumed)
      if produced > 0 { try body(output[0..<produced]) }
      switch status {
      case Z_STREAM_END: isAtEnd = true
      case Z_OK: break
      // Nothing could be done: the rest comes with the next piece.
      case Z_BUF_ERROR where produced == 0: return
      default: throw Damage()
      }
    }
    // What is still inside the window comes out without further input.
    while !isAtEnd {
      let (_, produced, status) = step([], from: 0)
      if produced > 0 { try body(output[0..<produced]) }
      if status == Z_STREAM_END { isAtEnd = true }
      if produced == 0 || status != Z_OK { break }
    }
  }

  private func step(_ input: [UInt8], from start: Int) -> (Int, Int, Int32) {
    input.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        // zlib does not write to its input, though it takes a mutable pointer.
        stream.pointee.next_in = source.baseAddress.map {
          UnsafeMutablePointer(mutating: $0 + start)
        }
        stream.pointee.avail_in = UInt32(min(source.count - start, 1 << 30))
        let given = Int(stream.pointee.avail_in)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        let status = inflate(stream, Z_NO_FLUSH)
        let used = given - Int(stream.pointee.avail_in)
        return (start + used, target.count - Int(stream.pointee.avail_out), status)
      }
    }
  }
}
