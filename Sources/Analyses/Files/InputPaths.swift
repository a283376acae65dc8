import Foundation
import Recordings

/// Files and folders that were named, as the files they stand for.
package struct InputPaths: Sendable {
  /// Extensions of recordings, in lower case.
  package static let recordings = RecordingReading.readers.extensions

  /// The files in the order they were named, those of a folder by name.
  package let paths: [String]
  /// Whether a folder was named.
  package let hasFolder: Bool

  /// Takes files as they are and of folders those with an extension of a list.
  ///
  /// - Throws: `AnalysisError` for a folder without any.
  package init(_ given: [String], extensions: Set<String> = recordings) throws {
    var (paths, hasFolder) = ([String](), false)
    for path in given {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        paths.append(path)
        continue
      }
      hasFolder = true
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      let known = names.sorted().filter {
        extensions.contains(($0 as NSString).pathExtension.lowercased()) && !$0.hasPrefix(".")
          && !$0.hasSuffix(".provenance.json")
      }
      guard !known.isEmpty else {
        throw AnalysisError(path: path, "the folder holds no file that is read here")
      }
      paths += known.map { (path as NSString).appendingPathComponent($0) }
    }
    self.paths = paths
    self.hasFolder = hasFolder
  }

  /// The file, where one was named and no folder.
  package var single: String? { paths.count == 1 && !hasFolder ? paths[0] : nil }

  /// A name for the result of each file: without its extension, which keeps two kinds of one name apart.
  package var resultNames: [String] {
    let stems = paths.map {
      (URL(fileURLWithPath: $0).lastPathComponent as NSString).deletingPathExtension
    }
    let doubled = Set(Dictionary(grouping: stems) { $0 }.filter { $1.count > 1 }.keys)
    return zip(paths, stems).map { path, stem in
      doubled.contains(stem) ? URL(fileURLWithPath: path).lastPathComponent : stem
    }
  }

  /// A name that two results would have; nil where there is none.
  package var doubledName: String? {
    Dictionary(grouping: resultNames, by: { $0 }).first(where: { $1.count > 1 })?.key
  }
}
