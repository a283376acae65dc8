import Foundation
import Synchronization

/// What this process is writing and has not finished, so that an end in the middle leaves none of it.
package enum UnfinishedOutputs {
  private static let paths = Mutex<Set<String>>([])

  /// Notes a temporary file or folder.
  static func begin(_ path: String) { _ = paths.withLock { $0.insert(path) } }

  /// Forgets one that took its place or is gone.
  static func end(_ path: String) { _ = paths.withLock { $0.remove(path) } }

  /// Removes all of it; for an end that waits for nobody.
  ///
  /// Another thread may still put files into a folder that is being removed, so that it is tried again.
  package static func removeAll() {
    let all = paths.withLock { $0 }
    for _ in 0..<3 {
      for path in all { try? FileManager.default.removeItem(atPath: path) }
      if !all.contains(where: { FileManager.default.fileExists(atPath: $0) }) { return }
    }
  }
}
