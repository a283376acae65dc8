import Foundation
import Recordings

/// The result of one recording in an output folder: made beside it, then moved into place whole.
public struct BatchResult: Sendable {
  /// What `done.json` says.
  public struct Done: Sendable, Equatable, Codable {
    /// Content key.
    public var key: String
    /// Software and version.
    public var software: String
    /// Path of the recording in the list.
    public var path: String
    /// SHA-256 of each file of the result.
    public var files: [String: String]
    /// What a group's tables tell of it; nil where an earlier version wrote the result.
    var summary: ResultSummary?
  }

  /// What is there already.
  public enum Present: Sendable, Equatable {
    /// Nothing.
    case nothing
    /// This result, whole.
    case same
    /// The result of another content key.
    case other(Done)
    /// A result whose files are not those that `done.json` lists.
    case damaged
  }

  /// The output folder.
  public let output: String
  /// The recording.
  public let item: BatchItem
  /// Its content key.
  public let key: String

  /// The place of a result.
  public init(output: String, item: BatchItem, key: String) {
    self.output = output
    self.item = item
    self.key = key
  }

  /// Folder of the finished result.
  public var path: String { output + "/" + item.name }

  /// Folder in which it is made: of this process on this host alone.
  public var workPath: String {
    let host = ProcessInfo.processInfo.hostName.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
    return "\(output)/.work/\(key.prefix(20)).\(host).\(getpid())"
  }

  /// Folder within it that becomes the result.
  public var madePath: String { workPath + "/result" }

  /// What is in the result's place.
  public func present() -> Present {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .nothing
    }
    guard isFolder.boolValue,
      let data = FileManager.default.contents(atPath: path + "/done.json"),
      let done = try? JSONDecoder().decode(Done.self, from: data)
    else { return .damaged }
    for (name, hash) in done.files
    where (try? Self.hash(path + "/" + name)) != hash { return .damaged }
    return done.key == key ? .same : .other(done)
  }

  /// Moves what was made into place; another worker's equal result wins.
  ///
  /// - Throws: `BatchError` where the result cannot be moved or another one is in its place.
  public func commit(software: String, replacing: Bool) throws {
    let manager = FileManager.default
    do {
      let names = try manager.contentsOfDirectory(atPath: madePath).sorted()
      var files: [String: String] = [:]
      for name in names where name != "done.json" {
        files[name] = try Self.hash(madePath + "/" + name)
        Self.synchronise(madePath + "/" + name)
      }
      let done = Done(
        key: key, software: software, path: item.path, files: files,
        summary: (try? DecompositionResult(folder: madePath)).map(ResultSummary.init))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write(try encoder.encode(done), to: madePath + "/done.json")
      Self.synchronise(madePath)
      let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
      try manager.createDirectory(at: parent, withIntermediateDirectories: true)
      if rename(madePath, path) == 0 {
        Self.synchronise(parent.path)
        return
      }
      let problem = errno
      guard problem == EEXIST || problem == ENOTEMPTY else {
        throw BatchError(
          .cannotWrite, "\(path): cannot be written (\(String(cString: strerror(problem))))")
      }
      switch present() {
      case .same: break
      case .damaged, .nothing: try replace()
      case .other where replacing: try replace()
      case .other(let done):
        throw BatchError(
          .refused,
          "\(path): holds the result of other content or options (\(done.software)); it stays")
      }
    } catch let error as BatchError {
      throw error
    } catch {
      throw BatchError(.cannotWrite, "\(path): cannot be written (\(error))")
    }
  }

  /// Puts the new result in the place of the old one, which is moved aside first.
  private func replace() throws {
    let old = workPath + "/old"
    guard rename(path, old) == 0, rename(madePath, path) == 0 else {
      throw BatchError(
        .cannotWrite, "\(path): cannot be replaced (\(String(cString: strerror(errno))))")
    }
  }

  /// Removes the work folder; nothing of a failed try stays.
  public func discard() { try? FileManager.default.removeItem(atPath: workPath) }

  /// Removes work folders that nothing has touched for a day; for the group step only.
  public static func removeLeftOvers(in output: String, olderThan seconds: Double = 86_400) -> Int {
    let folder = output + "/.work"
    var count = 0
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let path = folder + "/" + name
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard let date = attributes?[.modificationDate] as? Date,
        -date.timeIntervalSinceNow > seconds
      else { continue }
      if (try? FileManager.default.removeItem(atPath: path)) != nil { count += 1 }
    }
    return count
  }

  private static func hash(_ path: String) throws -> String {
    try RecordingSource(path: path, formatName: "").inputHash()
  }

  private static func synchronise(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return }
    fsync(descriptor)
    close(descriptor)
  }
}
