/// Names formats that are recognised but not read, so that an error can say what a file is.
enum UnknownFormat {
  /// Why the file cannot be opened: its own format where it shows one, and what can be read.
  static func error(_ file: SniffedFile, readers: [any RecordingReader]) -> RecordingError {
    let known = readers.map(\.formats).joined(separator: "; ")
    let remedy = known.isEmpty ? "" : "can be read: " + known
    if let name = name(file) {
      return RecordingError(
        .unknownFormat, path: file.path, "is \(name), which cannot be read", remedy: remedy)
    }
    let found = file.head.prefix(8).map { hexadecimal($0) }.joined(separator: " ")
    return RecordingError(
      .unknownFormat, path: file.path, "is of an unknown format (first bytes \(found))",
      remedy: remedy)
  }

  /// The format's name, nil where nothing known is found.
  static func name(_ file: SniffedFile) -> String? {
    let magic: [(bytes: [UInt8], offset: Int, name: String)] = [
      ([0xAC, 0x27, 0x91, 0xD6], 0, "an Intan RHS2000 recording"),
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], 0, "an HDF5 file (NWB or similar)"),
      (Array("NEURALCD".utf8), 0, "a Blackrock NSx recording"),
      (Array("NEURALSG".utf8), 0, "a Blackrock NSx recording"),
      (Array("BRSMPGRP".utf8), 0, "a Blackrock NSx recording"),
      (Array("NEURALEV".utf8), 0, "a Blackrock NEV event file"),
      (Array("HDF5".utf8), 0, "an HDF5 file"),
      (Array("Brain Vision".utf8), 0, "a BrainVision header"),
      (Array("GDF ".utf8), 0, "a GDF recording"),
      (Array("PLEX".utf8), 0, "a Plexon recording"),
      (Array("ustar".utf8), 257, "a tar archive (OTB+ or OTB4)"),
      ([0x1F, 0x8B], 0, "a gzip file (an openhdemg JSON or packed recording)"),
      (Array("PK\u{03}\u{04}".utf8), 0, "a zip archive (or an Office document)"),
      (Array("MATLAB 5.0".utf8), 0, "a MAT file (level 5)"),
      (Array("MATLAB 7.3".utf8), 0, "a MAT file (version 7.3)"),
      (Array("%PDF".utf8), 0, "a PDF document"),
      ([0x89, 0x50, 0x4E, 0x47], 0, "a PNG picture"),
      (Array("SQLite format 3".utf8), 0, "an SQLite database"),
      (Array("<?xml".utf8), 0, "an XML document"),
    ]
    if let match = magic.first(where: { file.has($0.bytes, at: $0.offset) }) { return match.name }
    // Spike2 writes its author's copyright line at byte 2.
    if file.has("(C) CED", at: 2) || file.has("S64", at: 0) { return "a Spike2 recording" }
    if file.pathExtension == "smr" || file.pathExtension == "smrx" { return "a Spike2 recording" }
    if file.pathExtension == "mat" { return "a MAT file of level 4 or not one (save it with -v7)" }
    if file.pathExtension == "otb+" || file.pathExtension == "otb4" { return "an OTB recording" }
    return nil
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef")
    return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
  }
}
