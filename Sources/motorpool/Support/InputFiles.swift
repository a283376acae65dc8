import Analyses
import ArgumentParser
import Foundation
import Recordings

/// Files and folders that a command was given, as the files they stand for.
struct InputFiles {
  /// Extensions of recordings, in lower case.
  static let recordings = RecordingReading.readers.extensions

  /// The files in the order they were given, those of a folder by name.
  let paths: [String]
  /// Whether a folder was given.
  private let hasFolder: Bool

  /// Takes files as they are and of folders those with an extension of a list.
  ///
  /// - Throws: `Failure.Message` for a folder without any.
  init(_ given: [String], extensions: Set<String> = recordings) throws {
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
        throw Failure.Message("\(path): the folder holds no file that is read here")
      }
      paths += known.map { (path as NSString).appendingPathComponent($0) }
    }
    self.paths = paths
    self.hasFolder = hasFolder
  }

  /// The file, where one was given and no folder.
  var single: String? { paths.count == 1 && !hasFolder ? paths[0] : nil }

  /// Does something with each file and a folder of its own; one that fails is told and stops no other.
  ///
  /// - Throws: `ExitCode` where one failed, what ends a program that was asked to stop.
  func forEach(in folder: String, _ body: (String, String) throws -> Void) throws {
    let stems = paths.map {
      (URL(fileURLWithPath: $0).lastPathComponent as NSString).deletingPathExtension
    }
    let doubled = Set(Dictionary(grouping: stems) { $0 }.filter { $1.count > 1 }.keys)
    // Two recordings of one name and different kinds are kept apart by the whole name.
    let names = zip(paths, stems).map { path, stem in
      doubled.contains(stem) ? URL(fileURLWithPath: path).lastPathComponent : stem
    }
    if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $1.count > 1 })?.key {
      throw ValidationError("\(twice): two recordings of this name; their results would meet")
    }
    var remaining = names.makeIterator()
    _ = try collect { path in
      let name = remaining.next() ?? ""
      try body(path, (folder as NSString).appendingPathComponent(name))
    } atEnd: { failed in
      if failed > 0 {
        StandardStream.tell("\(failed) of \(paths.count) recordings failed; the others are done")
        throw ExitCode(Failure.refused)
      }
    }
  }

  /// What a closure makes of each file; of several, one that fails is told and left out.
  ///
  /// - Throws: what the closure throws for a single file or for all, and where it was asked to stop.
  func collect<Value>(
    _ body: (String) throws -> Value, atEnd: (Int) throws -> Void = { _ in }
  ) throws -> [Value] {
    if let single { return [try body(single)] }
    var values: [Value] = []
    var last: (any Error)?
    var failed = 0
    for path in paths {
      do {
        values.append(try body(path))
      } catch let error as CancellationError {
        throw error
      } catch {
        guard let (message, _) = Failure.line(for: error) else { throw error }
        StandardStream.tell(message)
        failed += 1
        last = error
      }
    }
    if values.isEmpty, last != nil {
      throw Failure.Message("none of the \(paths.count) files could be read")
    }
    try atEnd(failed)
    return values
  }
}
