import Foundation

/// The rule for outputs, applied to one path.
struct OutputCheck {
  let path: String
  let target: String
  let form: OutputPlace.Form
  let command: String
  let isForced: Bool
  let inputs: [String]
  let recognises: (@Sendable (Data) -> Bool)?

  /// - Throws: `OutputError` where the output may not be written.
  func run() throws {
    try refuseProtected()
    try refuseUnwritable()
    guard let found = FileIdentity(target) else {
      if form == .file { try refuseSidecar() }
      return
    }
    switch (form, found.kind) {
    case (.file, .regular): try checkFile(found)
    case (.folder, .folder): try checkFolder()
    case (.file, .folder): throw OutputError(path, "is a folder; name a file")
    case (.folder, .regular): throw OutputError(path, "is a file; name a folder")
    default: throw OutputError(path, "is neither a file nor a folder")
    }
  }

  private func refuseProtected() throws {
    if RegistryFiles.contains(target) {
      throw OutputError(path, "is a patient registry or belongs to one; it is never replaced")
    }
    let found = FileIdentity(target)
    for input in inputs {
      let companions = ["", "-wal", "-shm", "-journal"].map { FileIdentity.resolved(input) + $0 }
      if companions.contains(target) { throw Self.input(path, input) }
      guard let found else { continue }
      if companions.contains(where: { FileIdentity($0) == found }) {
        throw Self.input(path, input)
      }
    }
    guard form == .folder, found?.kind == .folder else { return }
    let content = FolderContent(target)
    guard !content.isTooLarge else {
      throw OutputError(
        path, "holds more than \(FolderContent.limit) files and folders; name a folder of its own")
    }
    let inside = content.files.map { target + "/" + $0 }
    let identities = Set(inside.compactMap { FileIdentity($0) })
    for input in inputs {
      guard let identity = FileIdentity(input) else { continue }
      if identities.contains(identity) || holds(identity, input) { throw Self.input(path, input) }
    }
    if inside.contains(where: RegistryFiles.contains) {
      throw OutputError(path, "holds a patient registry; it is never replaced")
    }
  }

  /// Whether an input folder is the folder that is written or lies in it.
  private func holds(_ identity: FileIdentity, _ input: String) -> Bool {
    guard identity.kind == .folder else { return false }
    let place = FileIdentity.resolved(input)
    return place == target || place.hasPrefix(target + "/")
  }

  private static func input(_ path: String, _ input: String) -> OutputError {
    let name = URL(fileURLWithPath: input).lastPathComponent
    return OutputError(path, "is or holds \(name), which this command reads; it is never replaced")
  }

  private func refuseUnwritable() throws {
    var parent = URL(fileURLWithPath: target).deletingLastPathComponent()
    if form == .file, FileIdentity(parent.path)?.kind != .folder {
      throw OutputError(path, "cannot be written: there is no folder \(parent.path)")
    }
    // Of a folder of results the folders around it are made.
    while FileIdentity(parent.path) == nil, parent.path != "/" {
      parent.deleteLastPathComponent()
    }
    guard FileIdentity(parent.path)?.kind == .folder else {
      throw OutputError(path, "cannot be written: \(parent.path) is no folder")
    }
    guard access(parent.path, W_OK | X_OK) == 0 else {
      throw OutputError(path, "cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  private func checkFile(_ found: FileIdentity) throws {
    try refuseSidecar()
    if found.size == 0 || isForced || isOwn() { return }
    throw OutputError(
      path, "exists, and \(command) did not write it or it was changed since", canBeForced: true)
  }

  private func isOwn() -> Bool {
    let name = URL(fileURLWithPath: target).lastPathComponent
    switch OutputMark(target, isKnownOtherwise: recognises != nil) {
    case .own:
      return FileManager.default.contents(atPath: target).map { recognises?($0) == true } ?? false
    case .comment:
      guard let content = FileManager.default.contents(atPath: target) else { return false }
      return OutputMark.isPage(content, of: command)
    case .sidecar(let sidecar):
      guard let origin = OutputOrigin.read(sidecar), origin.command == command,
        let hash = FileIdentity.sha256(target)
      else { return false }
      return origin.files[name] == hash || origin.replaced == hash
    }
  }

  /// A file of another origin where the provenance of this one would go.
  private func refuseSidecar() throws {
    guard
      case .sidecar(let sidecar) = OutputMark(target, isKnownOtherwise: recognises != nil),
      let found = FileIdentity(sidecar)
    else { return }
    guard found.kind == .regular, isForced || OutputOrigin.read(sidecar) != nil else {
      throw OutputError(
        sidecar, "exists and is not of this program; its place is needed", canBeForced: true)
    }
  }

  private func checkFolder() throws {
    let content = FolderContent(target)
    if content.isEmpty || isForced { return }
    guard let difference = content.difference(from: command) else { return }
    throw OutputError(
      path, "exists and is not an unchanged result of \(command): \(difference)",
      canBeForced: true)
  }
}
