import Foundation
import Recordings
import Synchronization

/// Files of version 7.3 whose class names are padded with zero bytes, as h5py writes them.
///
/// libmatio asks HDF5 for names that end in a zero byte and gets `doubl` for `double`, so that no
/// variable has a class. Such a file is read from a copy in which the attributes state the other
/// padding; nothing else is changed. The copy is removed when the process that made it ends.
enum MATPaddedNames {
  /// Copies by path of the original.
  private static let copies = Mutex<[String: String]>([:])
  private static let name = Array("MATLAB_class\0".utf8)
  private static let limit = 4 << 30

  /// The path to read instead of a file's own.
  static func readablePath(of path: String) -> String { copies.withLock { $0[path] ?? path } }

  /// Makes the copy of a file; false where it has no such names, or has one already.
  static func repair(_ path: String) throws -> Bool {
    guard readablePath(of: path) == path else { return false }
    let file = try FileBytes(path: path)
    guard file.count <= limit else { return false }
    let (number, place) = copies.withLock { copies in
      (copies.count, Self.place(process: getpid(), number: copies.count))
    }
    let descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    if number == 0 { atexit { MATPaddedNames.removeCopies(process: getpid()) } }
    var changes = 0
    var offset = 0
    // An attribute may lie across two blocks: each is searched with the end of the one before.
    var kept: [UInt8] = []
    while offset < file.count {
      let block = try file.read(at: offset, count: min(1 << 20, file.count - offset))
      offset += block.count
      var bytes = kept + block
      changes += patch(&bytes)
      let isLast = offset >= file.count
      let ready = isLast ? bytes.count : max(0, bytes.count - 64)
      guard bytes[..<ready].withUnsafeBytes({ write(descriptor, $0.baseAddress, ready) }) == ready
      else {
        unlink(place)
        throw RecordingError(
          .cannotOpen, path: path,
          "cannot be copied for reading: the disk for temporary files is full")
      }
      kept = Array(bytes[ready...])
    }
    guard changes > 0 else {
      unlink(place)
      return false
    }
    copies.withLock { $0[path] = place }
    return true
  }

  private static func place(process: pid_t, number: Int) -> String {
    URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("motorpool-mat-\(process)-\(number)").path
  }

  /// Removes the copies that a process made.
  static func removeCopies(process: pid_t) {
    var number = 0
    while unlink(place(process: process, number: number)) == 0 { number += 1 }
  }

  /// Changes the padding of class names from zero-padded (1) to zero-terminated (0).
  private static func patch(_ bytes: inout [UInt8]) -> Int {
    var changes = 0
    var at = 0
    while at + name.count + 12 < bytes.count {
      guard bytes[at] == name[0], bytes[at..<at + name.count].elementsEqual(name) else {
        at += 1
        continue
      }
      // The datatype follows the name, which older versions pad to eight bytes: class 3 (string) of
      // version 1, then the padding.
      for start in [at + 16, at + name.count]
      where bytes[start] == 0x13 && bytes[start + 1] == 1 && bytes[start + 2] == 0 {
        bytes[start + 1] = 0
        changes += 1
        break
      }
      at += name.count
    }
    return changes
  }
}
