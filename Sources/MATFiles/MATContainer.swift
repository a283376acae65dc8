import Recordings

/// Which kind of MAT file a file is, and whether its parts reach beyond its end.
struct MATContainer {
  enum Version: String, Sendable {
    case level5 = "MAT level 5"
    case version73 = "MAT version 7.3"
  }

  let version: Version

  init?(_ file: SniffedFile) {
    if file.has("MATLAB 7.3") {
      version = .version73
    } else if file.has("MATLAB 5.0") || Self.hasLevel5Mark(file) {
      version = .level5
    } else {
      return nil
    }
  }

  /// Bytes 124 to 127: version 0x0100 and the letters MI in the file's byte order.
  private static func hasLevel5Mark(_ file: SniffedFile) -> Bool {
    file.has([0x00, 0x01] + Array("IM".utf8), at: 124)
      || file.has([0x01, 0x00] + Array("MI".utf8), at: 124)
  }

  /// The libraries below read what they find; half a file would pass as a whole one.
  ///
  /// - Throws: `RecordingError` where a level 5 file ends inside a variable or holds foreign bytes.
  func check(_ file: SniffedFile) throws {
    guard version == .level5 else { return }
    guard file.bytes.count >= 128 else {
      throw RecordingError(
        .truncated, path: file.path, "ends inside its header of 128 bytes (\(file.bytes.count))")
    }
    guard Self.hasLevel5Mark(file) else {
      throw RecordingError(
        .malformed, path: file.path, place: "byte 124",
        "found no version and byte order of a MAT file of level 5")
    }
    let isLittleEndian = file.head[126] == UInt8(ascii: "I")
    var offset = 128
    var variables = 0
    while offset < file.bytes.count {
      guard file.bytes.count - offset >= 8 else {
        throw truncated(file, variables, offset, needed: 8)
      }
      let tag = try file.bytes.read(at: offset, count: 8)
      func number(_ at: Int) -> Int {
        let bytes = isLittleEndian ? Array(tag[at..<at + 4].reversed()) : Array(tag[at..<at + 4])
        return bytes.reduce(0) { $0 << 8 | Int($1) }
      }
      // 14 is a matrix, 15 a compressed one; nothing else stands at the top.
      guard [14, 15].contains(number(0)) else {
        throw RecordingError(
          .malformed, path: file.path, place: "byte \(offset)",
          "found data of type \(number(0)) after \(variables) variables, expected a matrix (14, 15)"
        )
      }
      let size = number(4)
      guard offset + 8 + size <= file.bytes.count else {
        throw truncated(file, variables, offset, needed: 8 + size)
      }
      offset += 8 + size
      variables += 1
    }
    guard variables > 0 else {
      throw RecordingError(.malformed, path: file.path, "holds no variable")
    }
  }

  private func truncated(
    _ file: SniffedFile, _ variables: Int, _ offset: Int, needed: Int
  ) -> RecordingError {
    RecordingError(
      .truncated, path: file.path, place: "variable \(variables + 1) at byte \(offset)",
      "the file ends early: found \(file.bytes.count - offset) bytes, expected \(needed)",
      remedy: "copy the file again from its origin")
  }
}
