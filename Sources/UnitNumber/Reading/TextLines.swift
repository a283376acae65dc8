import Foundation

/// The lines of a text file, in any of the line endings in use (LF, CR LF, CR).
struct TextLines {
  /// The file name for messages.
  let fileName: String
  /// The lines without their ends; line k of the file is element k - 1.
  let lines: [String]

  /// Larger files are not scans; refused before they fill the memory.
  static let maximumBytes = 64 << 20

  /// Reads a file as ISO Latin-1, in which every byte is a character.
  ///
  /// UTF-8 text with a byte order mark, or that is valid UTF-8, is taken as UTF-8; UTF-16 with its
  /// mark, in which spreadsheets save "Unicode text", as UTF-16.
  init(url: URL) throws {
    let name = url.lastPathComponent
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw UnitNumberError(
        .cannotOpen, source: name, found: "a file that cannot be read (\(url.path))",
        expected: "a readable text file", remedy: "check the path and the permissions")
    }
    guard data.count <= Self.maximumBytes else {
      throw UnitNumberError(
        .malformed, source: name, found: "\(data.count) bytes",
        expected: "a text file of at most \(Self.maximumBytes) bytes")
    }
    self.init(data: data, fileName: name)
  }

  /// Splits text that is already in memory.
  init(data: Data, fileName: String) {
    self.fileName = fileName
    var bytes = data[...]
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    if isUTF16, let text = String(data: data, encoding: .utf16) { bytes = Data(text.utf8)[...] }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    var lines: [String] = []
    var line: [UInt8] = []
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 0x0A {
        if previous != 0x0D { lines.append(Self.text(line)) }
        line.removeAll(keepingCapacity: true)
      } else if byte == 0x0D {
        lines.append(Self.text(line))
        line.removeAll(keepingCapacity: true)
      } else {
        line.append(byte)
      }
      previous = byte
    }
    if !line.isEmpty { lines.append(Self.text(line)) }
    self.lines = lines
  }

  private static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    // Not UTF-8: Latin-1, whose bytes are the first 256 Unicode scalars.
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// An error that names this file and a line (1-based).
  func error(line: Int, found: String, expected: String, remedy: String = "") -> UnitNumberError {
    UnitNumberError(
      .malformed, source: fileName, place: "line \(line)", found: found, expected: expected,
      remedy: remedy)
  }
}

extension StringProtocol {
  /// The text without blanks, tabs and zero bytes at both ends.
  var trimmed: String {
    trimmingCharacters(in: CharacterSet.whitespacesAndNewlines.union(["\0"]))
  }

  /// The text in quotes, shortened so that garbage cannot flood a message.
  var quotedExcerpt: String {
    "\"" + String(prefix(40)) + (count > 40 ? "...\"" : "\"")
  }
}
