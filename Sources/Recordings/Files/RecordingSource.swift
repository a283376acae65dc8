import Foundation
import Hashing
import Synchronization

/// The file or files behind a recording, with a hash that is computed when it is first asked for.
public final class RecordingSource: Sendable {
  /// Path of the file that was opened.
  public let path: String
  /// Name of the format, such as `EDF+D`.
  public let formatName: String
  /// All files that hold the recording, the opened one first (WFDB: header, then signal files).
  public let files: [String]
  private let hidesNames: Bool
  private let cachedHash = Mutex<String?>(nil)

  /// Names the files of a recording.
  public convenience init(path: String, formatName: String, files: [String]? = nil) {
    self.init(path: path, formatName: formatName, files: files, hidesNames: false)
  }

  private init(path: String, formatName: String, files: [String]?, hidesNames: Bool) {
    self.hidesNames = hidesNames
    self.path = path
    self.formatName = formatName
    self.files = files ?? [path]
  }

  /// Last component of the path; the code name where names are hidden.
  public var fileName: String {
    hidesNames ? codeName : URL(fileURLWithPath: path).lastPathComponent
  }

  /// A name that tells nothing: "recording" and the beginning of the hash.
  public var codeName: String {
    "recording " + ((try? inputHash()).map { String($0.prefix(12)) } ?? "of unknown hash")
  }

  /// The same files under their code name.
  public func withoutNames() -> RecordingSource {
    RecordingSource(path: path, formatName: formatName, files: files, hidesNames: true)
  }

  /// SHA-256 of the content of all files in order, as 64 lower-case hexadecimal digits.
  ///
  /// For a recording in one file this is what `sha256sum` prints. Read in pieces of 1 MB; kept
  /// after the first call.
  ///
  /// - Throws: `RecordingError` where a file cannot be read.
  public func inputHash() throws -> String {
    if let known = cachedHash.withLock({ $0 }) { return known }
    let hasher = SHA256()
    for file in files {
      let bytes = try FileBytes(path: file)
      var offset = 0
      while offset < bytes.count {
        let piece = try bytes.read(at: offset, count: min(1 << 20, bytes.count - offset))
        hasher.update(piece)
        offset += piece.count
      }
    }
    let text = hasher.finished().hexadecimal
    cachedHash.withLock { $0 = text }
    return text
  }
}
