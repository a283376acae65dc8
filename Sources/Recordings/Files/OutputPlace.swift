import Foundation

/// The place of one output under the rule that holds for every output of every command.
///
/// 1. What is not there yet may be written; so may an empty file or folder.
/// 2. What the same command wrote, and nobody changed since, may be replaced; it is known by its
///    content: a page by a comment at its end, a folder by its `manifest.json`, another file by
///    `NAME.provenance.json` beside it, which hold the SHA-256 of what was written.
/// 3. Anything else is replaced only where the user insists. A folder is kept even then: it is
///    renamed, and `write` says how.
/// 4. Inputs of the command, registries, backups of registries and their companions are never
///    replaced. Files are compared as files, so that links of either kind do not hide them.
///
/// Checked when it is made, before any computation, and again before anything takes its place.
/// Outputs appear whole or not at all, readable by their owner only; what a killed run left is
/// removed by the next one.
public struct OutputPlace: Sendable {
  /// What is written.
  public enum Form: Sendable {
    /// One file.
    case file
    /// A folder of results.
    case folder
  }

  /// Name of the manifest of a folder.
  public static let manifestName = "manifest.json"

  /// The path as it was asked for.
  public let path: String
  /// Whether a file or a folder is written.
  public let form: Form
  /// The command that writes, such as "decompose".
  public let command: String
  /// Whether the user insists.
  public let isForced: Bool
  /// The path without symbolic links at its end.
  let target: String
  private var inputs: [String]
  private let recognises: (@Sendable (Data) -> Bool)?

  /// A place that may be written.
  ///
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - form: Which of the two.
  ///   - command: The command that writes.
  ///   - isForced: Whether the user insists on replacing what another wrote.
  ///   - inputs: Files and folders that the command reads.
  ///   - recognises: Whether content is such an output, for formats that say so themselves.
  /// - Throws: `OutputError`.
  public init(
    _ path: String, form: Form = .file, command: String, isForced: Bool = false,
    inputs: [String] = [], recognises: (@Sendable (Data) -> Bool)? = nil
  ) throws {
    self.path = path
    self.form = form
    self.command = command
    self.isForced = isForced
    self.inputs = inputs
    self.recognises = recognises
    guard !path.isEmpty else { throw OutputError("output", "found an empty path") }
    target = FileIdentity.resolved(path)
    try check()
    PartialFolder.removeLeftovers(in: parent)
  }

  /// Names further files that the command reads, such as the signal files of a header.
  ///
  /// - Throws: `OutputError` where the output is one of them.
  public mutating func protect(_ files: [String]) throws {
    inputs += files
    try check()
  }

  /// Writes one file and gives it its place; the closure writes to the path it is given.
  ///
  /// - Throws: `OutputError`, and what the closure throws.
  public func write(_ origin: OutputOrigin, _ body: (String) throws -> Void) throws {
    precondition(form == .file, "a place for a file")
    let partial = try PartialFolder(in: parent, for: path)
    let file = partial.path + "/" + name
    do {
      try body(file)
    } catch let error as RecordingError where error.path.hasPrefix(partial.path) {
      // A user knows the output by its name, not by where it was being made.
      throw error.located(path: path)
    }
    chmod(file, 0o600)
    try place(file, origin)
  }

  /// Writes bytes as one file.
  public func write(_ origin: OutputOrigin, _ bytes: some DataProtocol) throws {
    try write(origin) { try AtomicFile.write(bytes, to: $0) }
  }

  /// Writes a text in UTF-8 as one file.
  public func write(_ origin: OutputOrigin, _ text: String) throws {
    try write(origin) { try AtomicFile.write(text, to: $0) }
  }

  /// Writes a folder and gives it its place; the closure fills the folder it is given.
  ///
  /// - Returns: Where a folder that another wrote is kept; nil where none was replaced.
  /// - Throws: `OutputError`, and what the closure throws.
  @discardableResult
  public func writeFolder(
    _ origin: OutputOrigin, _ body: (String) throws -> Void
  ) throws -> String? {
    precondition(form == .folder, "a place for a folder")
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path, "the folder around it cannot be made")
    }
    let partial = try PartialFolder(in: parent, for: path)
    let folder = partial.path + "/" + name
    guard mkdir(folder, 0o700) == 0 else { throw failure() }
    try body(folder)
    var origin = origin
    origin.files = [:]
    for entry in FolderContent(folder).files {
      origin.files[entry] = FileIdentity.sha256(folder + "/" + entry)
    }
    try AtomicFile.write(try origin.json(), to: folder + "/" + Self.manifestName)
    try check()
    return try exchange(folder)
  }

  // MARK: Steps

  var parent: String { URL(fileURLWithPath: target).deletingLastPathComponent().path }
  var name: String { URL(fileURLWithPath: target).lastPathComponent }

  /// - Throws: `OutputError` where the rule forbids to write.
  private func check() throws {
    try OutputCheck(
      path: path, target: target, form: form, command: command, isForced: isForced,
      inputs: inputs, recognises: recognises
    ).run()
  }

  /// Gives a finished file its name, with what says where it comes from.
  private func place(_ file: String, _ origin: OutputOrigin) throws {
    var origin = origin
    let mark = OutputMark(target, isKnownOtherwise: recognises != nil)
    if case .comment = mark {
      guard let content = FileManager.default.contents(atPath: file) else { throw failure() }
      origin.files = [name: FileIdentity.sha256(content)]
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      try handle.seekToEnd()
      try handle.write(contentsOf: OutputMark.comment(origin))
      try handle.synchronize()
      try handle.close()
    }
    try check()
    if case .sidecar(let sidecar) = mark {
      // Old and new content are both known until the new one is in place.
      origin.files = [name: FileIdentity.sha256(file) ?? ""]
      var double = origin
      double.replaced = FileIdentity.sha256(target)
      try AtomicFile.write(try double.json(), to: sidecar)
    }
    guard rename(file, target) == 0 else { throw failure() }
    Self.synchronize(parent)
    if case .sidecar(let sidecar) = mark {
      try AtomicFile.write(try origin.json(), to: sidecar)
    }
  }

  /// Puts a finished folder in place of the one that is there, if any.
  private func exchange(_ folder: String) throws -> String? {
    defer { Self.synchronize(parent) }
    // An empty folder is replaced by the system itself.
    if rename(folder, target) == 0 { return nil }
    guard FileIdentity(target)?.kind == .folder else { throw failure() }
    let isOwn = FolderContent(target).isUnchanged(from: command)
    if isOwn, FolderExchange.exchange(folder, target) { return nil }
    // The old folder is kept under another name until the new one is in place, so that a run that
    // ends between the two steps loses nothing.
    let kept = freeName()
    guard rename(target, kept) == 0 else { throw failure() }
    guard rename(folder, target) == 0 else {
      let error = failure()
      rename(kept, target)
      throw error
    }
    if !isOwn { return kept }
    try? FileManager.default.removeItem(atPath: kept)
    return nil
  }

  private func freeName() -> String {
    var number = 1
    while FileIdentity("\(target).replaced-\(number)") != nil { number += 1 }
    return "\(target).replaced-\(number)"
  }

  private func failure() -> OutputError {
    OutputError(path, "cannot be written: \(String(cString: strerror(errno)))")
  }

  private static func synchronize(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

extension OutputPlace {
  /// Refuses outputs of one run that would lie in each other's way.
  ///
  /// - Throws: `OutputError` where two are the same file, or one lies in the folder of another.
  public static func requireApart(_ places: [OutputPlace]) throws {
    for (index, place) in places.enumerated() {
      for other in places[..<index] {
        let isInside = [(place, other), (other, place)].contains { inner, outer in
          outer.form == .folder && inner.target.hasPrefix(outer.target + "/")
        }
        guard place.target != other.target, !isInside else {
          throw OutputError(place.path, "is an output of this command twice, or lies in one")
        }
      }
    }
  }
}
