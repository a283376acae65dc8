/// How an archive of members is stored.
enum ArchivePacking {
  case tar
  /// A tar archive inside gzip.
  case gzip
  case zip

  /// Nil where a file is none of them; of zip archives those with a member that `isWanted` takes.
  init?(_ file: SniffedFile, isWanted: (String) -> Bool) {
    if MemberArchive.recognises(file.head) {
      self = .tar
    } else if file.has([0x1F, 0x8B]),
      MemberArchive.recognises(ByteStream.head(file.bytes, count: 512))
    {
      self = .gzip
    } else if file.has([0x50, 0x4B, 0x03, 0x04]),
      (try? ZipArchive(file.bytes))?.members.keys.contains(where: isWanted) == true
    {
      self = .zip
    } else {
      return nil
    }
  }
}

extension MemberArchive {
  // Signals shrink by less than four; sixteen leaves room for channels that are all zero.
  private static func limit(_ bytes: FileBytes) -> Int { bytes.count * 16 + (16 << 20) }

  /// Reads an archive; a packed one is unpacked into a temporary file without a name.
  ///
  /// - Throws: `RecordingError`, also where it unpacks to more than any recording does.
  init(_ bytes: FileBytes, packing: ArchivePacking) throws {
    switch packing {
    case .tar:
      try self.init(bytes)
    case .gzip:
      let spool = try SpooledFile(for: bytes.path, limit: Self.limit(bytes))
      let stream = try ByteStream(bytes)
      while let piece = try stream.piece() { try spool.append(piece) }
      try self.init(spool.finished())
    case .zip:
      try self.init(try ZipArchive(bytes))
    }
  }

  /// Lays the members of a zip archive one after another.
  private init(_ zip: ZipArchive) throws {
    let spool = try SpooledFile(for: zip.bytes.path, limit: Self.limit(zip.bytes))
    var placed: [(name: String, offset: Int, count: Int)] = []
    for member in zip.members.values.sorted(by: { $0.name < $1.name })
    where !member.name.hasSuffix("/") {
      let offset = spool.count
      try zip.pieces(of: member) { try spool.append($0) }
      placed.append((member.name, offset, spool.count - offset))
    }
    self.init(placed, of: spool.finished(), warnings: zip.warnings)
  }
}
