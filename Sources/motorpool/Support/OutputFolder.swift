import Foundation
import Recordings

/// A folder of results that appears whole or not at all.
///
/// Files are collected in memory, written and synced into a folder beside the target, and moved to
/// their place at the end; a failure before that leaves nothing behind. Files of the same names
/// from an earlier run are replaced, others are left alone.
struct OutputFolder {
  private let path: String
  private var files: [(name: String, data: Data)] = []

  init(_ path: String) {
    self.path = path
  }

  /// Adds a text file.
  mutating func add(_ name: String, _ text: String) {
    files.append((name, Data(text.utf8)))
  }

  /// Adds a file of bytes.
  mutating func add(_ name: String, _ bytes: [UInt8]) {
    files.append((name, Data(bytes)))
  }

  /// Writes everything.
  ///
  /// - Throws: `Failure.Message` naming the folder or file.
  func write() throws {
    let manager = FileManager.default
    let target = URL(fileURLWithPath: path)
    var isFolder: ObjCBool = false
    let exists = manager.fileExists(atPath: target.path, isDirectory: &isFolder)
    if exists && !isFolder.boolValue {
      throw Failure.Message(
        "\(path): is a file; name a folder with --output", code: Failure.cannotWrite)
    }
    let partial = target.deletingLastPathComponent().appendingPathComponent(
      ".\(target.lastPathComponent).partial-\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try manager.createDirectory(at: partial, withIntermediateDirectories: true)
      for file in files {
        try AtomicFile.write(file.data, to: partial.appendingPathComponent(file.name).path)
      }
      if !exists {
        try manager.moveItem(at: partial, to: target)
        return
      }
      for file in files {
        let from = partial.appendingPathComponent(file.name).path
        let to = target.appendingPathComponent(file.name).path
        if rename(from, to) != 0 {
          throw Failure.Message(
            "\(to): \(String(cString: strerror(errno)))", code: Failure.cannotWrite)
        }
      }
      try manager.removeItem(at: partial)
    } catch {
      try? manager.removeItem(at: partial)
      if error is Failure.Message || error is RecordingError { throw error }
      throw Failure.Message(
        "\(path): cannot be written (\(error.localizedDescription))", code: Failure.cannotWrite)
    }
  }
}
