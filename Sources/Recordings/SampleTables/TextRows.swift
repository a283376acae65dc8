/// The lines of a large text file by number, without keeping the text: every 1024th line's place
/// is remembered, blank lines are passed over.
struct TextRows: Sendable {
  private static let stride = 1024
  private static let blockCount = 1 << 20
  /// Longest line that is accepted, in bytes.
  private static let longestLine = 1 << 20

  private let bytes: FileBytes
  private let terminator: UInt8
  private var places: [Int] = []
  /// Number of lines that are not blank.
  private(set) var count = 0
  /// Number of lines in the file before the first of these, for messages.
  let linesBefore: Int

  /// Goes once through the file from a byte on; throws `RecordingError` on an endless line.
  init(_ bytes: FileBytes, from start: Int, linesBefore: Int, terminator: UInt8) throws {
    self.bytes = bytes
    self.terminator = terminator
    self.linesBefore = linesBefore
    var lineStart = start
    var hasContent = false
    var offset = start
    func closeLine(_ places: inout [Int], _ count: inout Int) {
      guard hasContent else { return }
      if count % Self.stride == 0 { places.append(lineStart) }
      count += 1
    }
    while offset < bytes.count {
      let block = try bytes.read(at: offset, count: min(Self.blockCount, bytes.count - offset))
      for (index, byte) in block.enumerated() {
        if byte == terminator {
          closeLine(&places, &count)
          lineStart = offset + index + 1
          hasContent = false
        } else if byte > 32 {
          hasContent = true
        }
      }
      offset += block.count
      guard offset - lineStart <= Self.longestLine else {
        throw RecordingError(
          .malformed, path: bytes.path, place: "line \(linesBefore + count + 1)",
          "is longer than \(Self.longestLine) bytes, so this is no table of samples")
      }
    }
    closeLine(&places, &count)
  }

  /// Forgets the last line, such as one that was cut.
  mutating func removeLast() { count = Swift.max(0, count - 1) }

  /// Hands over the lines of a range in order, each without its end.
  func forEach(in range: Range<Int>, _ body: (Int, ArraySlice<UInt8>) throws -> Void) throws {
    guard !range.isEmpty else { return }
    var row = range.lowerBound / Self.stride * Self.stride
    var offset = places[row / Self.stride]
    var rest: [UInt8] = []
    while row < range.upperBound {
      let isLast = offset >= bytes.count
      if !isLast {
        let piece = try bytes.read(at: offset, count: min(Self.blockCount, bytes.count - offset))
        offset += piece.count
        rest += piece
      }
      var start = 0
      while row < range.upperBound {
        var end = start
        while end < rest.count && rest[end] != terminator { end += 1 }
        if end == rest.count && !(isLast && end > start) { break }
        let line = rest[start..<end]
        start = min(end + 1, rest.count)
        if line.contains(where: { $0 > 32 }) {
          if row >= range.lowerBound { try body(row, line) }
          row += 1
        }
      }
      rest.removeSubrange(0..<start)
      if isLast { break }
    }
    guard row >= range.upperBound else {
      throw RecordingError(
        .truncated, path: bytes.path, place: "line \(linesBefore + row + 1)",
        "the file has become shorter since it was opened")
    }
  }
}
