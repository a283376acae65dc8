import Foundation

/// The scripts and styles of the pages.
///
/// They lie beside the program, in its resource folder, or in `../share/motorpool/viewer`; the
/// accessor that the package manager generates would end the process where the folder is missing.
enum Assets {
  static let types = ["js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"]

  /// The folder of assets; nil where it is not found.
  static let folder: URL? = {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let places = [program.deletingLastPathComponent()] + Bundle.allBundles.map(\.bundleURL)
    for place in places {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      let bundles = names.filter { $0.hasSuffix("_Viewer.resources") }.sorted()
      let share = place.deletingLastPathComponent().appendingPathComponent("share/motorpool/viewer")
      let candidates = bundles.map { place.appendingPathComponent($0 + "/Assets") } + [share]
      for folder in candidates
      where FileManager.default.fileExists(atPath: folder.appendingPathComponent("app.js").path) {
        return folder
      }
    }
    return nil
  }()

  /// An asset and its media type; names hold letters, digits, hyphens and one point only.
  static func read(_ name: String) -> (data: Data, type: String)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let type = types[String(parts[1])],
      parts[0].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }),
      let folder,
      let data = FileManager.default.contents(
        atPath: folder.appendingPathComponent(name).path)
    else { return nil }
    return (data, type)
  }
}
