import Foundation

/// The members of an archive, each in one piece of a file; those of a tar archive are read in place.
///
/// Old, ustar, GNU and pax headers are understood. Names are not trusted: a member that is no plain
/// file, or whose name leads out of the archive, is passed over and told. A member that reaches
/// beyond the end of the file is cut there. Source: POSIX.1-2017, pax, "ustar interchange format".
struct MemberArchive: Sendable {
  /// A file inside the archive.
  struct Member: Sendable, Hashable {
    /// Its name with forward slashes, without a leading `./`.
    var name: String
    /// Byte at which its content starts.
    var offset: Int
    /// Bytes of content that are there.
    var count: Int
    /// Bytes of content that its header states.
    var statedCount: Int

    var isCut: Bool { count < statedCount }
    /// The name without folders.
    var fileName: String { name.split(separator: "/").last.map { String($0) } ?? name }
  }

  private static let block = 512
  private static let memberLimit = 4096
  /// Bytes of a header extension that are read.
  private static let extensionLimit = 1 << 16

  let bytes: FileBytes
  private(set) var members: [Member] = []
  /// What was passed over, for the user.
  private(set) var warnings: [String] = []

  /// Whether a file starts with a tar header: its checksum agrees.
  static func recognises(_ head: [UInt8]) -> Bool {
    head.count >= block && Header(Array(head.prefix(block))) != nil
  }

  /// Takes members that lie in a file, with the same rules for their names.
  init(
    _ placed: [(name: String, offset: Int, count: Int)], of bytes: FileBytes, warnings: [String]
  ) {
    (self.bytes, self.warnings) = (bytes, warnings)
    for member in placed {
      add(member.name, offset: member.offset, count: member.count, stated: member.count)
    }
  }

  /// Reads the headers of all members of a tar archive; throws `RecordingError`.
  init(_ bytes: FileBytes) throws {
    self.bytes = bytes
    var offset = 0
    var longName: String?
    var statedSize: Int?
    while offset + Self.block <= bytes.count {
      let raw = try bytes.read(at: offset, count: Self.block)
      if raw.allSatisfy({ $0 == 0 }) { break }
      guard let header = Header(raw), let size = statedSize ?? header.size else {
        guard !members.isEmpty else {
          throw RecordingError(
            .malformed, path: bytes.path, place: "byte \(offset)",
            "found no header of a tar archive, expected one with a matching checksum",
            remedy: "copy the file again from its origin")
        }
        warnings.append(
          "the archive is damaged at byte \(offset): what follows its first \(members.count) "
            + "members is not read")
        return
      }
      let start = offset + Self.block
      let available = max(0, min(size, bytes.count - start))
      switch header.kind {
      case UInt8(ascii: "L"), UInt8(ascii: "x"):
        let content = try bytes.read(at: start, count: min(available, Self.extensionLimit))
        if header.kind == UInt8(ascii: "L") {
          longName = FileText.decode(content.prefix { $0 != 0 })
        } else {
          let fields = Self.paxFields(content)
          longName = fields["path"] ?? longName
          statedSize = fields["size"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        }
      case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
        add(longName ?? header.name, offset: start, count: available, stated: size)
        (longName, statedSize) = (nil, nil)
      case UInt8(ascii: "5"), UInt8(ascii: "g"), UInt8(ascii: "K"):
        if header.kind == UInt8(ascii: "5") { (longName, statedSize) = (nil, nil) }
      default:
        warnings.append(
          "member \((longName ?? header.name).quoted) of the archive is no plain file and is "
            + "not read")
        (longName, statedSize) = (nil, nil)
      }
      guard members.count < Self.memberLimit else {
        warnings.append("only the first \(Self.memberLimit) members of the archive are read")
        return
      }
      // A size beyond the end of the file ends the archive; it cannot overflow the sum.
      guard size <= bytes.count - start else { break }
      offset = start + (size + Self.block - 1) / Self.block * Self.block
    }
    if members.isEmpty {
      throw RecordingError(.malformed, path: bytes.path, "is a tar archive without any file")
    }
  }

  /// The bytes of a small member; throws `RecordingError` above `limit` bytes or where it is cut.
  func content(_ member: Member, limit: Int) throws -> [UInt8] {
    guard !member.isCut else {
      throw RecordingError(
        .truncated, path: bytes.path, place: "member \(member.name)",
        "the archive ends inside it: found \(member.count) bytes, expected \(member.statedCount)",
        remedy: "copy the file again from its origin")
    }
    guard member.count <= limit else {
      throw RecordingError(
        .malformed, path: bytes.path, place: "member \(member.name)",
        "holds \(member.count) bytes, expected at most \(limit)")
    }
    return try bytes.read(at: member.offset, count: member.count)
  }

  /// The last member of this name, capitals or not; the last is the one that unpacking leaves.
  func member(named name: String) -> Member? {
    let wanted = name.lowercased()
    return members.last { $0.name.lowercased() == wanted }
      ?? members.last { $0.fileName.lowercased() == wanted }
  }

  private mutating func add(_ raw: String, offset: Int, count: Int, stated: Int) {
    var parts = raw.replacingOccurrences(of: "\\", with: "/")
      .split(separator: "/", omittingEmptySubsequences: true).map { String($0) }
    let isAbsolute = raw.hasPrefix("/") || raw.hasPrefix("\\") || raw.contains(":\\")
    parts.removeAll { $0 == "." }
    guard !isAbsolute, !parts.isEmpty, !parts.contains("..") else {
      warnings.append(
        "member \(raw.quoted) has a name that leads out of the archive and is not read")
      return
    }
    members.append(
      Member(
        name: parts.joined(separator: "/"), offset: offset, count: count, statedCount: stated))
  }

  /// Records of a pax header: `LENGTH KEY=VALUE\n`.
  private static func paxFields(_ bytes: [UInt8]) -> [String: String] {
    var result: [String: String] = [:]
    var at = 0
    while at < bytes.count {
      guard let blank = bytes[at...].firstIndex(of: UInt8(ascii: " ")), blank - at <= 6,
        let length = Int(String(decoding: bytes[at..<blank], as: UTF8.self)),
        length > blank - at + 1, length <= bytes.count - at
      else { break }
      let record = bytes[(blank + 1)..<(at + length)]
      if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
        let value = record[(equals + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        result[FileText.decode(record[..<equals])] = FileText.decode(value)
      }
      at += length
    }
    return result
  }

  /// One header block.
  private struct Header {
    var name: String
    var size: Int?
    var kind: UInt8

    /// Nil where the checksum does not agree.
    init?(_ raw: [UInt8]) {
      guard let stated = Self.octal(raw[148..<156]), raw[0] != 0 else { return nil }
      let sum = raw.indices.reduce(0) {
        $0 + ((148..<156).contains($1) ? 32 : Int(raw[$1]))
      }
      guard sum == stated else { return nil }
      func text(_ range: Range<Int>) -> String {
        FileText.decode(raw[range].prefix { $0 != 0 })
      }
      let prefix =
        raw[257..<262].elementsEqual("ustar".utf8) && raw[262] == 0 ? text(345..<500) : ""
      name = prefix.isEmpty ? text(0..<100) : prefix + "/" + text(0..<100)
      size = Self.octal(raw[124..<136])
      kind = raw[156]
    }

    /// An octal number padded with blanks and zeros, or one of GNU's in base 256.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
      if let first = field.first, first & 0x80 != 0 {
        var value = Int(first & 0x7F)
        for byte in field.dropFirst() {
          guard value < 1 << 48 else { return nil }
          value = value << 8 | Int(byte)
        }
        return value
      }
      let digits = String(decoding: field.filter { $0 != 0 && $0 != 32 }, as: UTF8.self)
      guard !digits.isEmpty, let value = Int(digits, radix: 8), value >= 0 else { return nil }
      return value
    }
  }
}
