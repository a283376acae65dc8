import Foundation

/// How a file says which command wrote it.
enum OutputMark {
  /// A comment at its end (HTML).
  case comment
  /// A file beside it.
  case sidecar(String)
  /// Its format says so.
  case own

  private static let opening = "<!-- motorpool-output "
  private static let closing = " -->"

  init(_ path: String, isKnownOtherwise: Bool) {
    if isKnownOtherwise {
      self = .own
    } else if ["html", "htm"].contains((path as NSString).pathExtension.lowercased()) {
      self = .comment
    } else {
      self = .sidecar(path + ".provenance.json")
    }
  }

  /// The comment that ends a page; two hyphens, which a comment cannot hold, are written apart.
  static func comment(_ origin: OutputOrigin) throws -> Data {
    let json = String(decoding: try origin.json(pretty: false), as: UTF8.self)
      .trimmingCharacters(in: .newlines)
      .replacingOccurrences(of: "-", with: "\\u002d")
    return Data("\(opening)\(json)\(closing)\n".utf8)
  }

  /// Whether a page ends in a comment of the command, over the content as it is.
  static func isPage(_ content: Data, of command: String) -> Bool {
    guard
      let range = content.range(of: Data(opening.utf8), options: .backwards)
    else { return false }
    let tail = String(decoding: content[range.upperBound...], as: UTF8.self)
    // Nothing was added after the comment.
    guard let end = tail.range(of: closing), tail[end.upperBound...] == "\n",
      let origin = try? JSONDecoder().decode(
        OutputOrigin.self, from: Data(tail[..<end.lowerBound].utf8))
    else { return false }
    return origin.command == command
      && origin.files.values.contains(FileIdentity.sha256(content[..<range.lowerBound]))
  }
}

/// What a folder holds.
struct FolderContent {
  /// Files that systems leave in folders by themselves.
  private static let systemFiles: Set<String> = [".DS_Store", "Thumbs.db", "desktop.ini"]

  let folder: String
  /// Paths of all files within the folder, sorted; folders are not among them.
  let files: [String]
  /// Whether there is nothing in it, not even a folder.
  let isEmpty: Bool
  /// Whether there is more in it than any command writes; `files` is not complete then.
  let isTooLarge: Bool

  /// Most files and folders that are looked at: a home folder would take minutes.
  static let limit = 20_000

  init(_ folder: String) {
    self.folder = folder
    var all: [String] = []
    let names = FileManager.default.enumerator(atPath: folder)
    while all.count <= Self.limit, let name = names?.nextObject() as? String { all.append(name) }
    isEmpty = all.isEmpty
    isTooLarge = all.count > Self.limit
    files = all.filter { FileIdentity(folder + "/" + $0)?.kind != .folder }.sorted()
  }

  /// Whether the folder holds what a command wrote and nothing else; files may have been removed.
  func isUnchanged(from command: String) -> Bool { difference(from: command) == nil }

  /// What speaks against the folder being the unchanged work of a command; nil where nothing does.
  func difference(from command: String) -> String? {
    guard let manifest = OutputOrigin.read(folder + "/" + OutputPlace.manifestName) else {
      return "it holds files of another origin"
    }
    guard manifest.command == command else { return "\(manifest.command) wrote it" }
    for file in files where file != OutputPlace.manifestName {
      if Self.systemFiles.contains(URL(fileURLWithPath: file).lastPathComponent) { continue }
      guard let written = manifest.files[file] else { return "\(file) in it was not written by it" }
      guard FileIdentity.sha256(folder + "/" + file) == written else {
        return "\(file) in it was changed since"
      }
    }
    return nil
  }
}
