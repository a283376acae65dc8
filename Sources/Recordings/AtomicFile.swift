import Foundation

/// Writes a file so that its name never shows half of it: temporary file, fsync, rename.
///
/// A crash or a full disk leaves the old file, or none, in its place.
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
    let name = ".\(url.lastPathComponent).\(UUID().uuidString).tmp"
    temporaryPath = url.deletingLastPathComponent().appendingPathComponent(name).path
    let descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(systemErrorText())")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  deinit {
    if !isFinished { unlink(temporaryPath) }
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
      try handle.close()
    } catch {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(reason(error))")
    }
    guard rename(temporaryPath, path) == 0 else {
      throw RecordingError(.cannotWrite, path: path, "cannot be written: \(systemErrorText())")
    }
    isFinished = true
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
