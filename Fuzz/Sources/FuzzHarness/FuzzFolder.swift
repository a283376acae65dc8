import Foundation

/// A folder of this process for the files that parsers read; in memory where the system has that.
public struct FuzzFolder: Sendable {
  /// The one folder.
  public static let shared = FuzzFolder()

  private let path: String

  private init() {
    let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    path = "\(root)/motorpool-fuzz-\(getpid())"
    for folder in [path, path + "/m", path + "/m/files"] { mkdir(folder, 0o700) }
    // libFuzzer ends by _exit and by signals: the script removes what is left.
  }

  /// Writes one file and returns its path.
  public func write(_ name: String, _ bytes: some Sequence<UInt8>) -> String {
    let file = path + "/" + name
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "\(file) cannot be written")
    let content = Array(bytes)
    let written = content.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    precondition(written == content.count, "\(file) cannot be written")
    close(descriptor)
    return file
  }

  /// Removes one file, if it is there.
  public func remove(_ name: String) { unlink(path + "/" + name) }

  /// The path of a file that is not written yet.
  public func path(_ name: String) -> String { path + "/" + name }
}
