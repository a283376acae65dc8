import Foundation

/// A folder of results that appears whole or not at all, with a manifest.
///
/// Files are collected in memory. A folder that the same command wrote earlier is replaced whole:
/// nothing of the earlier result stays beside the new one.
public struct ResultFolder {
  private var files: [(name: String, data: Data)] = []

  /// A folder without files.
  public init() {}

  /// Adds a text file.
  public mutating func add(_ name: String, _ text: String) {
    files.append((name, Data(text.utf8)))
  }

  /// Adds a file of bytes.
  public mutating func add(_ name: String, _ bytes: [UInt8]) {
    files.append((name, Data(bytes)))
  }

  /// Writes everything; returns where a folder of another origin is kept, if one was there.
  ///
  /// - Throws: `OutputError` or `RecordingError`.
  @discardableResult
  public func write(to place: OutputPlace, _ origin: OutputOrigin) throws -> String? {
    try place.writeFolder(origin) { folder in
      for file in files { try AtomicFile.write(file.data, to: folder + "/" + file.name) }
    }
  }
}
