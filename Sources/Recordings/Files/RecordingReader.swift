import Foundation

/// A file whose first bytes have been looked at, before its format is known.
public struct SniffedFile: Sendable {
  /// How many bytes are looked at.
  public static let headCount = 4096
  /// Path as the user gave it.
  public let path: String
  /// The opened file.
  public let bytes: FileBytes
  /// The first bytes, at most `headCount`.
  public let head: [UInt8]

  /// Opens a file and reads its first bytes; throws `RecordingError` where it is missing or empty.
  public init(path: String) throws {
    self.path = path
    bytes = try FileBytes(path: path)
    head = try bytes.head(Self.headCount)
    guard !head.isEmpty else {
      throw RecordingError(.malformed, path: path, "is empty (0 bytes)")
    }
  }

  /// Extension of the path in lower case.
  public var pathExtension: String { URL(fileURLWithPath: path).pathExtension.lowercased() }

  /// Whether the file holds these ASCII characters at an offset.
  public func has(_ text: String, at offset: Int = 0) -> Bool {
    has(Array(text.utf8), at: offset)
  }

  /// Whether the file holds these bytes at an offset.
  public func has(_ pattern: [UInt8], at offset: Int = 0) -> Bool {
    head.count >= offset + pattern.count
      && head[offset..<offset + pattern.count].elementsEqual(pattern)
  }
}

/// Reads the files of one format or of a family of formats.
public protocol RecordingReader: Sendable {
  /// What the reader reads, for lists shown to the user, such as `EDF, EDF+, BDF, BDF+`.
  var formats: String { get }

  /// Extensions, in lower case, of the files that are looked for in folders; none where files of other
  /// kinds have the same.
  var extensions: [String] { get }

  /// Whether the content is of this format; decided by content, by the extension only for text.
  func recognises(_ file: SniffedFile) -> Bool

  /// Reads the header and returns a recording whose samples are read on demand.
  ///
  /// - Throws: `RecordingError`.
  func open(_ file: SniffedFile, options: RecordingOptions) throws -> Recording
}
