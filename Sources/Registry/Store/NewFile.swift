import Foundation

/// Writing files that appear whole or not at all and never replace another.
enum NewFile {
  /// Writes through a handle to a temporary neighbour, which then takes the final name.
  ///
  /// Only the owner can read the file.
  ///
  /// - Throws: `RegistryError.fileExists` where the path is taken, `.database` where it cannot be
  ///   written.
  static func write<Result>(
    to path: String, _ body: (FileHandle) throws -> Result
  ) throws -> Result {
    try place(at: path) { temporary in
      guard let handle = FileHandle(forWritingAtPath: temporary) else {
        throw RegistryError.database(path: path, message: "the file cannot be written")
      }
      defer { try? handle.close() }
      let result = try body(handle)
      try handle.synchronize()
      return result
    }
  }

  /// Writes text as a new file.
  static func write(_ text: String, to path: String) throws {
    try write(to: path) { try $0.write(contentsOf: Data(text.utf8)) }
  }

  /// Lets the closure fill an empty temporary file, then gives it the final name.
  static func place<Result>(
    at path: String, _ body: (_ temporary: String) throws -> Result
  ) throws -> Result {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: path) else { throw RegistryError.fileExists(path: path) }
    let temporary = path + ".part-\(ProcessInfo.processInfo.processIdentifier)"
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
    let isMade = manager.createFile(
      atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600])
    guard isMade else {
      throw RegistryError.database(path: path, message: "the folder cannot be written to")
    }
    do {
      let result = try body(temporary)
      // link fails where the name was taken meanwhile; rename would replace.
      guard link(temporary, path) == 0 else {
        if errno == EEXIST { throw RegistryError.fileExists(path: path) }
        try manager.moveItem(atPath: temporary, toPath: path)
        return result
      }
      unlink(temporary)
      return result
    } catch {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(temporary + suffix) }
      throw error
    }
  }
}
