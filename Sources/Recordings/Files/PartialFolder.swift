import Foundation

/// A hidden folder beside an output, in which it is written before it takes its place.
///
/// The folder is locked while its owner lives, so that what a killed run left behind can be told
/// from the work of a running one.
final class PartialFolder {
  private static let prefix = ".motorpool-"
  private static let suffix = ".partial"

  /// Its path.
  let path: String
  private let descriptor: Int32

  /// Makes the folder in another; throws `OutputError` for `output`.
  init(in parent: String, for output: String) throws {
    // A folder that was taken for a left-over between its making and its locking is made anew.
    for _ in 0..<10 {
      let path = parent + "/" + Self.prefix + UUID().uuidString + Self.suffix
      guard mkdir(path, 0o700) == 0 else {
        throw OutputError(output, "cannot be written: \(String(cString: strerror(errno)))")
      }
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if descriptor >= 0 {
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        if FileIdentity(path) != nil {
          self.path = path
          self.descriptor = descriptor
          UnfinishedOutputs.begin(path)
          return
        }
        close(descriptor)
      }
    }
    throw OutputError(output, "cannot be written: its temporary folder is taken away")
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    close(descriptor)
    UnfinishedOutputs.end(path)
  }

  /// Removes what killed runs left in a folder.
  static func removeLeftovers(in parent: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      let path = parent + "/" + name
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        try? FileManager.default.removeItem(atPath: path)
      }
      close(descriptor)
    }
  }
}
