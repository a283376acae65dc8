import Foundation
import Recordings

/// The append-only file of edits of a run: one entry a line, each with the hash of the one before.
struct EditLog {
  /// The file.
  let path: String
  /// The entries, in order.
  private(set) var entries: [EditEntry] = []
  /// SHA-256 of the last line, of the run's file where there is none.
  private(set) var head: String
  /// What is wrong with the file's end, if anything: a line that was cut short is left out.
  private(set) var warning: String?

  /// Reads a log; a missing file is an empty one.
  ///
  /// - Parameters:
  ///   - base: SHA-256 of the run's file, which the first entry names.
  /// - Throws: `ViewerError` where entries do not follow one another.
  init(path: String, base: String) throws {
    self.path = path
    head = base
    guard let data = FileManager.default.contents(atPath: path) else { return }
    var end = data.startIndex
    for line in data.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if line.isEmpty { continue }
      let isWhole = line.endIndex < data.endIndex
      guard isWhole else {
        warning = "the last edit was cut short and is left out"
        break
      }
      guard let entry = try? JSONDecoder().decode(EditEntry.self, from: line) else {
        throw ViewerError.damaged("\(path): line \(entries.count + 1) is no edit")
      }
      guard entry.previous == head, entry.seq == entries.count + 1 else {
        throw ViewerError.damaged(
          "\(path): edit \(entry.seq) does not follow the one before; restore the file from a backup"
        )
      }
      entries.append(entry)
      head = EditEntry.hash(Data(line) + Data("\n".utf8))
      end = line.endIndex + 1
    }
    if warning != nil, end < data.endIndex {
      // What was cut short is cut off, so that the next entry starts on a line of its own.
      try AtomicFile.write(Data(data[data.startIndex..<end]), to: path)
    }
  }

  /// Appends an entry and brings it to the disk.
  ///
  /// - Throws: `ViewerError` where the file cannot be written.
  mutating func append(_ entry: EditEntry) throws {
    let line = try entry.line()
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ViewerError.cannotWrite(
        "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: line)
      try handle.synchronize()
      try handle.close()
    } catch {
      throw ViewerError.cannotWrite("\(path): cannot be written: \(error)")
    }
    entries.append(entry)
    head = EditEntry.hash(line)
  }
}
