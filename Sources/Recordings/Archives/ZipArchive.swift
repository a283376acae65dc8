import Foundation

/// The members of a zip archive, read in place: nothing is unpacked to disk.
///
/// Names are not trusted and serve as keys only. Stored and deflated members are read, also of archives
/// above 4 GB. Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5.
struct ZipArchive: Sendable {
  /// A file inside the archive.
  struct Member: Sendable, Hashable {
    var name: String
    /// 0 stored, 8 deflated.
    var method: Int
    /// Bytes in the archive.
    var packedCount: Int
    /// Bytes of its content.
    var count: Int
    /// Byte at which its own header starts.
    var header: Int

    var isStored: Bool { method == 0 }
  }

  private static let memberLimit = 4096
  private static let directoryLimit = 16 << 20
  private static let endCount = 22
  /// Deflate makes nothing smaller than by this factor.
  private static let ratio = 1100

  let bytes: FileBytes
  private(set) var members: [String: Member] = [:]
  /// Members that cannot be read, for the user.
  private(set) var warnings: [String] = []

  /// Reads the directory at the archive's end; throws `RecordingError`.
  init(_ bytes: FileBytes) throws {
    self.bytes = bytes
    let tail = min(bytes.count, 65_535 + Self.endCount)
    let end = try bytes.read(at: bytes.count - tail, count: tail)
    guard
      let place = end.indices.last(where: {
        $0 + Self.endCount <= end.count && Self.number(end, $0, 4) == 0x0605_4B50
      })
    else {
      throw Self.damaged(bytes, "the directory at its end is missing: the file is cut")
    }
    var count = Self.number(end, place + 10, 2)
    var size = Self.number(end, place + 12, 4)
    var offset = Self.number(end, place + 16, 4)
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF, place >= 20,
      Self.number(end, place - 20, 4) == 0x0706_4B50
    {
      let start = Self.number(end, place - 12, 8)
      guard start >= 0, start <= bytes.count - 56 else {
        throw Self.damaged(bytes, "its directory lies outside the file")
      }
      let large = try bytes.read(at: start, count: 56)
      guard Self.number(large, 0, 4) == 0x0606_4B50 else {
        throw Self.damaged(bytes, "its directory is not where it is said to be")
      }
      count = Self.number(large, 32, 8)
      size = Self.number(large, 40, 8)
      offset = Self.number(large, 48, 8)
    }
    guard (0...Self.memberLimit).contains(count), (0...Self.directoryLimit).contains(size),
      offset >= 0, offset <= bytes.count - size
    else { throw Self.damaged(bytes, "its directory lies outside the file or is too large") }
    let directory = try bytes.read(at: offset, count: size)
    var at = 0
    for _ in 0..<count {
      guard at + 46 <= directory.count, Self.number(directory, at, 4) == 0x0201_4B50 else {
        throw Self.damaged(bytes, "its directory is damaged")
      }
      let lengths = [28, 30, 32].map { Self.number(directory, at + $0, 2) }
      let next = at + 46 + lengths.reduce(0, +)
      guard next <= directory.count else { throw Self.damaged(bytes, "its directory is damaged") }
      let name = String(decoding: directory[at + 46..<at + 46 + lengths[0]], as: UTF8.self)
      var member = Member(
        name: name, method: Self.number(directory, at + 10, 2),
        packedCount: Self.number(directory, at + 20, 4), count: Self.number(directory, at + 24, 4),
        header: Self.number(directory, at + 42, 4))
      let isEncrypted = Self.number(directory, at + 8, 2) & 1 == 1
      let extra = directory[at + 46 + lengths[0]..<at + 46 + lengths[0] + lengths[1]]
      Self.takeLarge(Array(extra), &member)
      at = next
      guard !isEncrypted, member.packedCount >= 0, member.count >= 0,
        member.packedCount <= bytes.count, (0...bytes.count - 30).contains(member.header),
        member.isStored
          ? member.packedCount == member.count
          : member.method == 8 && member.count / Self.ratio <= member.packedCount
      else {
        warnings.append(
          "member \(name.quoted) of the archive is "
            + (isEncrypted ? "encrypted" : "packed in a way that is not known or damaged")
            + " and is not read")
        continue
      }
      members[name] = member
    }
  }

  /// Sizes that do not fit into four bytes, from the directory's further fields.
  private static func takeLarge(_ extra: [UInt8], _ member: inout Member) {
    var at = 0
    while at + 4 <= extra.count {
      let (kind, size) = (number(extra, at, 2), number(extra, at + 2, 2))
      at += 4
      guard at + size <= extra.count else { return }
      if kind == 1 {
        var place = at
        func next() -> Int? {
          guard place + 8 <= at + size else { return nil }
          place += 8
          return number(extra, place - 8, 8)
        }
        if member.count == 0xFFFF_FFFF, let value = next() { member.count = value }
        if member.packedCount == 0xFFFF_FFFF, let value = next() { member.packedCount = value }
        if member.header == 0xFFFF_FFFF, let value = next() { member.header = value }
        return
      }
      at += size
    }
  }

  /// A whole number of some bytes, least byte first; negative where it is beyond all sizes.
  private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[at + index]) << (8 * UInt64(index)) }
    return Int(exactly: value) ?? -1
  }

  private static func damaged(_ bytes: FileBytes, _ problem: String) -> RecordingError {
    RecordingError(
      .malformed, path: bytes.path, "is a damaged zip archive: " + problem,
      remedy: "copy the file again from its origin")
  }

  /// Byte at which the content of a member starts; throws `RecordingError`.
  private func start(of member: Member) throws -> Int {
    let header = try bytes.read(at: member.header, count: 30)
    let start = member.header + 30 + Self.number(header, 26, 2) + Self.number(header, 28, 2)
    guard Self.number(header, 0, 4) == 0x0403_4B50, start <= bytes.count - member.packedCount else {
      throw Self.damaged(bytes, "member \(member.name.quoted) is not where it is said to be")
    }
    return start
  }

  /// A part of a stored member; throws `RecordingError`.
  func read(_ member: Member, at offset: Int, count: Int) throws -> [UInt8] {
    precondition(member.isStored && offset >= 0 && count >= 0, "parts of stored members")
    guard offset <= member.count - count else {
      throw Self.damaged(bytes, "member \(member.name.quoted) is smaller than it states")
    }
    return try bytes.read(at: try start(of: member) + offset, count: count)
  }

  /// The first bytes of a member, at most `limit`; throws `RecordingError`.
  func head(_ member: Member, limit: Int) throws -> [UInt8] {
    if member.isStored { return try read(member, at: 0, count: min(limit, member.count)) }
    struct Enough: Error {}
    var content: [UInt8] = []
    do {
      try unpack(member) {
        content += $0
        if content.count >= limit { throw Enough() }
      }
    } catch is Enough {}
    return Array(content.prefix(limit))
  }

  /// The whole content of a member, refused above `limit` bytes; throws `RecordingError`.
  func content(_ member: Member, limit: Int) throws -> [UInt8] {
    guard member.count <= limit else {
      throw RecordingError(
        .unsupported, path: bytes.path, place: member.name.onOneLine,
        "\(member.count) bytes are too many to be unpacked at once",
        remedy: "save it without compression")
    }
    if member.isStored { return try read(member, at: 0, count: member.count) }
    var content: [UInt8] = []
    content.reserveCapacity(min(member.count, 64 << 20))
    try unpack(member) { piece in
      guard content.count + piece.count <= member.count else {
        throw Self.damaged(bytes, "member \(member.name.quoted) is larger than it states")
      }
      content += piece
    }
    guard content.count == member.count else {
      throw Self.damaged(bytes, "member \(member.name.quoted) is smaller than it states")
    }
    return content
  }

  /// Gives the content of a member piece by piece.
  ///
  /// - Throws: `RecordingError`, also where it is not as large as it states, and what `body` throws.
  func pieces(of member: Member, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    guard !member.isStored else {
      for offset in stride(from: 0, to: member.count, by: 1 << 20) {
        try body(try read(member, at: offset, count: min(1 << 20, member.count - offset))[...])
      }
      return
    }
    var total = 0
    try unpack(member) {
      total += $0.count
      try body($0)
    }
    guard total == member.count else {
      throw Self.damaged(bytes, "member \(member.name.quoted) is not as large as it states")
    }
  }

  /// Unpacks a deflated member piece by piece.
  private func unpack(_ member: Member, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    guard let inflater = Inflater(isRaw: true) else {
      throw Self.damaged(bytes, "there is no memory to unpack it")
    }
    let start = try start(of: member)
    var offset = 0
    while offset < member.packedCount, !inflater.isAtEnd {
      let count = min(1 << 16, member.packedCount - offset)
      let piece = try bytes.read(at: start + offset, count: count)
      offset += count
      do {
        try inflater.unpack(piece, body)
      } catch is Inflater.Damage {
        throw Self.damaged(bytes, "member \(member.name.quoted) cannot be unpacked")
      }
    }
  }
}
