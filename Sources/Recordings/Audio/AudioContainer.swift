/// The container of an audio file, and whether the file is as long as the container says.
///
/// libsndfile shortens a cut file silently, which would turn half a recording into a whole one.
struct AudioContainer {
  private enum Kind { case riff, rifx, rf64, wave64, aiff, caf, flac }
  private let kind: Kind
  /// Name of the format for the user.
  let name: String

  private static let wave64Riff: [UInt8] = [
    0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00,
  ]

  init?(_ file: SniffedFile) {
    if file.has("RIFF"), file.has("WAVE", at: 8) {
      (kind, name) = (.riff, "WAV")
    } else if file.has("RIFX"), file.has("WAVE", at: 8) {
      (kind, name) = (.rifx, "WAV (big-endian)")
    } else if file.has("RF64"), file.has("WAVE", at: 8) {
      (kind, name) = (.rf64, "RF64")
    } else if file.has(Self.wave64Riff) {
      (kind, name) = (.wave64, "W64")
    } else if file.has("FORM"), file.has("AIFF", at: 8) || file.has("AIFC", at: 8) {
      (kind, name) = (.aiff, "AIFF")
    } else if file.has("caff") {
      (kind, name) = (.caf, "CAF")
    } else if file.has("fLaC") {
      (kind, name) = (.flac, "FLAC")
    } else {
      return nil
    }
  }

  /// What the user should know where the chunk with the samples reaches beyond the file's end, nil
  /// where it does not.
  ///
  /// - Throws: `RecordingError` where no chunk with samples is found or nothing of it is there.
  func lengthWarning(_ file: SniffedFile) throws -> String? {
    guard kind != .flac else { return nil }
    var offset = firstChunk
    var found: [String] = []
    var longSize: Int?
    while offset + headerCount <= file.bytes.count {
      let header = try file.bytes.read(at: offset, count: headerCount)
      let (id, size) = parse(header)
      if kind == .rf64, id == "ds64", file.bytes.count >= offset + 24 {
        // ds64: size of the whole file, then of the data chunk, each 64 bits.
        longSize = number(try file.bytes.read(at: offset + 16, count: 8), isLittleEndian: true)
      }
      if id == dataID {
        let available = file.bytes.count - offset - headerCount
        var declared = size
        if kind == .rf64, size == 0xFFFF_FFFF { declared = longSize ?? -1 }
        // Streaming writers leave the size open: all ones, or -1 in CAF.
        let isOpen = kind != .rf64 && (declared == 0xFFFF_FFFF || declared < 0)
        guard available > 0 else {
          throw RecordingError(
            .truncated, path: file.path, place: "data chunk at byte \(offset)",
            "the file ends early: found no samples, expected \(max(0, declared)) bytes",
            remedy: "copy the file again from its origin")
        }
        if isOpen || (declared > 0 && declared <= available) { return nil }
        if declared <= 0 {
          return "the file was not closed properly: its length is taken from its size"
        }
        return
          "the file ends early: \(available) of \(declared) bytes of samples are read; copy it again "
          + "from its origin if it was longer there"
      }
      found.append(id.onOneLine)
      guard size >= 0, size <= file.bytes.count - offset, found.count < 10_000 else { break }
      offset = next(offset, size)
    }
    throw RecordingError(
      .malformed, path: file.path, place: "byte \(min(offset, file.bytes.count))",
      "no chunk with samples was found in this \(name) file (chunks: "
        + "\(found.prefix(8).joined(separator: ", ")))")
  }

  private var firstChunk: Int {
    switch kind {
    case .wave64: 40
    case .caf: 8
    default: 12
    }
  }

  private var headerCount: Int {
    switch kind {
    case .wave64: 24
    case .caf: 12
    default: 8
    }
  }

  private var dataID: String { kind == .aiff ? "SSND" : "data" }

  private func parse(_ header: [UInt8]) -> (id: String, size: Int) {
    let id = String(decoding: header[0..<4], as: UTF8.self)
    switch kind {
    case .riff, .rf64: return (id, number(Array(header[4..<8]), isLittleEndian: true))
    case .rifx, .aiff: return (id, number(Array(header[4..<8]), isLittleEndian: false))
    case .caf: return (id, number(Array(header[4..<12]), isLittleEndian: false))
    case .wave64:
      // The size of a W64 chunk counts its own header.
      let whole = number(Array(header[16..<24]), isLittleEndian: true)
      return (id, whole < 24 ? -1 : whole - 24)
    case .flac: return (id, 0)
    }
  }

  private func next(_ offset: Int, _ size: Int) -> Int {
    let end = offset + headerCount + size
    switch kind {
    case .wave64: return (end + 7) / 8 * 8
    case .caf, .flac: return end
    default: return end + size % 2
    }
  }

  /// An integer of 4 (unsigned) or 8 bytes (two's complement).
  private func number(_ bytes: [UInt8], isLittleEndian: Bool) -> Int {
    let ordered = isLittleEndian ? bytes.reversed() : bytes
    let value = ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(truncatingIfNeeded: value)
  }
}
