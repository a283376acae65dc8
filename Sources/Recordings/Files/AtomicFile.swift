import Foundation

/// Writes a file so that its name never shows half of it: temporary file, fsync, rename.
///
/// A crash or a full disk leaves the old file, or none, in its place. Only its owner can read the
/// file. What a killed run left of a file of the same name is removed.
public final class AtomicFile {
  /// Path of the finished file.
  public let path: String
  /// Path of the temporary file in the same folder, for libraries that write by name.
  public let temporaryPath: String
  private let handle: FileHandle
  private var isFinished = false

  /// Makes the temporary file beside `path`; throws `RecordingError`.
  public init(path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    let start = ".\(url.lastPathComponent)."
    Self.removeLeftovers(in: folder, beginning: start)
    // A file that was taken for a left-over between its making and its locking is made anew.
    while true {
      let temporary = folder + "/" + start + UUID().uuidString + Self.suffix
      let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        throw RecordingError(.cannotWrite, path: path, "cannot be written: \(systemErrorText())")
      }
      // Who holds the lock is about to remove the file; a system without locks says something else.
      let isTaken = !Self.lock(descriptor) && (errno == EAGAIN || errno == EACCES)
      if !isTaken && access(temporary, F_OK) == 0 {
        temporaryPath = temporary
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        UnfinishedOutputs.begin(temporary)
        return
      }
      close(descriptor)
    }
  }

  private static let suffix = ".tmp"

  /// Locks a file for as long as its descriptor is open; false where another holds it.
  ///
  /// The lock belongs to the open file (Linux 3.15), so that it stays when a library opens and closes
  /// the same file, and it does not meet the locks that HDF5 takes.
  private static func lock(_ descriptor: Int32) -> Bool {
    var request = Foundation.flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    let setOpenFileLock: Int32 = 37
    return fcntl(descriptor, setOpenFileLock, &request) == 0
  }

  /// Removes temporary files that nobody holds any more.
  private static func removeLeftovers(in folder: String, beginning start: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names
    where name.hasPrefix(start) && name.hasSuffix(suffix)
      && name.utf8.count == start.utf8.count + 36 + suffix.utf8.count
    {
      let path = folder + "/" + name
      let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if lock(descriptor) { unlink(path) }
      close(descriptor)
    }
  }

  deinit {
    if !isFinished { unlink(temporaryPath) }
    UnfinishedOutputs.end(temporaryPath)
  }

  /// Appends bytes; throws `RecordingError` (disk full, for instance).
  public func append(_ bytes: some DataProtocol) throws {
    do {
      try handle.write(contentsOf: Data(bytes))
    } catch {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(reason(error))")
    }
  }

  /// Brings everything to the disk and gives the file its name; throws `RecordingError`.
  public func finish() throws {
    do {
      try handle.synchronize()
    } catch {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(reason(error))")
    }
    guard rename(temporaryPath, path) == 0 else {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(systemErrorText())")
    }
    isFinished = true
    UnfinishedOutputs.end(temporaryPath)
    // Only now is the lock let go: another process would take an unlocked file for a left-over.
    try? handle.close()
    // The new name itself must survive a power cut, which takes a sync of the folder.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  /// Writes a whole file at once; throws `RecordingError`.
  public static func write(_ bytes: some DataProtocol, to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.append(bytes)
    try file.finish()
  }

  /// Writes a text in UTF-8 at once; throws `RecordingError`.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  private func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return (underlying ?? error as NSError).localizedDescription
  }
}
