/// The bytes of a file one after the other, unpacked where it is gzipped.
///
/// What a file unpacks to is bounded: text of numbers shrinks by less than 40.
final class ByteStream {
  private static let ratio = 40
  private static let smallest = 64 << 20

  private let bytes: FileBytes
  private let inflater: Inflater?
  private let limit: Int
  private var offset = 0
  private var total = 0
  private var buffer: [UInt8] = []
  private var at = 0

  /// Opens the stream; throws `RecordingError`.
  init(_ bytes: FileBytes) throws {
    self.bytes = bytes
    let isPacked = try bytes.head(2) == [0x1F, 0x8B]
    inflater = isPacked ? Inflater() : nil
    limit = isPacked ? Self.smallest + Self.ratio * bytes.count : bytes.count
  }

  /// The first unpacked bytes of a file, fewer where it ends or is damaged.
  static func head(_ bytes: FileBytes, count: Int) -> [UInt8] {
    guard let stream = try? ByteStream(bytes) else { return [] }
    var result: [UInt8] = []
    while result.count < count, let byte = try? stream.next() { result.append(byte) }
    return result
  }

  /// The next byte, nil at the end; throws `RecordingError` where the packed data are damaged.
  @inline(__always)
  func next() throws -> UInt8? {
    if at == buffer.count, try !fill() { return nil }
    at += 1
    return buffer[at - 1]
  }

  /// Gives the last byte back.
  func back() { at -= 1 }

  /// The next piece of unpacked bytes, nil at the end; throws `RecordingError`.
  func piece() throws -> [UInt8]? {
    if at == buffer.count, try !fill() { return nil }
    defer { at = buffer.count }
    return Array(buffer[at...])
  }

  /// Everything that is left; throws `RecordingError` above `limit` bytes.
  func rest(limit: Int) throws -> [UInt8] {
    var result = Array(buffer[at...])
    at = buffer.count
    while try fill() {
      result += buffer
      at = buffer.count
      guard result.count <= limit else { throw tooLarge() }
    }
    return result
  }

  private func fill() throws -> Bool {
    buffer.removeAll(keepingCapacity: true)
    at = 0
    while buffer.isEmpty {
      guard offset < bytes.count else {
        if let inflater, !inflater.isAtEnd { throw damaged() }
        return false
      }
      let piece = try bytes.read(at: offset, count: min(1 << 15, bytes.count - offset))
      offset += piece.count
      guard let inflater else {
        buffer = piece
        break
      }
      do {
        try inflater.unpack(piece) { buffer += $0 }
      } catch is Inflater.Damage {
        throw damaged()
      }
    }
    total += buffer.count
    guard total <= limit else { throw tooLarge() }
    return true
  }

  private func damaged() -> RecordingError {
    RecordingError(
      .malformed, path: bytes.path, "its packed (gzip) content is damaged or cut",
      remedy: "copy the file again from its origin")
  }

  private func tooLarge() -> RecordingError {
    RecordingError(
      .malformed, path: bytes.path, "unpacks to more than \(limit) bytes, which no recording does")
  }
}
