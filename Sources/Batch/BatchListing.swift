import Foundation
import Recordings
import Tables

/// Which recordings a batch has, in an order that is the same on every node.
public struct BatchListing: Sendable {
  /// Labels that a BIDS name must have; empty lists take all.
  public struct Selection: Sendable {
    /// Participants, without `sub-`.
    public var participants: [String]
    /// Sessions, without `ses-`.
    public var sessions: [String]
    /// Tasks, without `task-`.
    public var tasks: [String]

    /// A selection; labels may have their key in front.
    public init(participants: [String] = [], sessions: [String] = [], tasks: [String] = []) {
      func bare(_ labels: [String], _ key: String) -> [String] {
        labels.map { $0.hasPrefix(key + "-") ? String($0.dropFirst(key.count + 1)) : $0 }
      }
      self.participants = bare(participants, "sub")
      self.sessions = bare(sessions, "ses")
      self.tasks = bare(tasks, "task")
    }

    func takes(_ entities: BIDSEntities) -> Bool {
      func fits(_ labels: [String], _ key: String) -> Bool {
        labels.isEmpty || entities.label(key).map(labels.contains) == true
      }
      return fits(participants, "sub") && fits(sessions, "ses") && fits(tasks, "task")
    }
  }

  /// The recordings, sorted by path, without what their headers say.
  public var items: [BatchItem]

  /// Extensions of recordings that are looked for in folders that are not BIDS datasets.
  public static let extensions = [any RecordingReader].standard.extensions.union(["mat", "nwb"])

  /// Recordings that are listed already, as those of a plan.
  public init(items: [BatchItem]) { self.items = items }

  /// The recordings of a folder: those of a BIDS dataset by its rules, else all by their extension.
  ///
  /// - Throws: `BatchError` where the folder cannot be read or a participant is not there.
  public init(folder: String, selection: Selection = Selection()) throws {
    let root = URL(fileURLWithPath: folder)
    guard let walk = FileManager.default.enumerator(atPath: root.path) else {
      throw BatchError(.cannotOpen, "\(folder): no such folder")
    }
    var paths: [String] = []
    for case let path as String in walk {
      // Results and hidden folders of a dataset hold no raw recordings.
      if path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
        || path.hasPrefix("derivatives/") || path.hasPrefix("sourcedata/")
      {
        continue
      }
      paths.append(path)
    }
    paths.sort()
    let isBIDS = paths.contains("dataset_description.json")
    var found: [BatchItem] = []
    for path in paths {
      let url = URL(fileURLWithPath: path)
      guard Self.extensions.contains(url.pathExtension.lowercased()) else { continue }
      let entities = BIDSEntities(fileName: url.lastPathComponent)
      if isBIDS {
        let parent = url.deletingLastPathComponent().lastPathComponent
        guard parent == "emg", let entities, entities.suffix == "emg", selection.takes(entities)
        else { continue }
      }
      let parent = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
      let stem = entities?.stem ?? Self.slug(url.lastPathComponent)
      found.append(
        BatchItem(
          index: 0, path: path, name: parent + stem, entities: entities,
          bytes: Self.size(root.appendingPathComponent(path).path)))
    }
    let known = Set(found.compactMap { $0.entities?.label("sub") })
    if isBIDS, let absent = selection.participants.first(where: { !known.contains($0) }) {
      throw BatchError(.wrongCall, "\(folder): no recording of participant \(absent)")
    }
    items = Self.numbered(found)
  }

  /// The recordings of a manifest: a table with a column `path` (relative to the folder) and, as it
  /// likes, `fs`, `unit`, `mv_per_fs`, `grid`, `channels` and `electrodes` for the reader, and
  /// further columns (`patient`, `date`, `muscle`, `side`) that travel into the group's tables.
  ///
  /// - Parameters:
  ///   - manifest: the table.
  ///   - folder: what its paths are relative to.
  ///   - option: how the work is told what a column for the reader states, such as `--fs` for `fs`.
  /// - Throws: `TableError`, or `BatchError` where there is no such column or a file twice.
  public init(manifest: String, folder: String, option: (String) -> String) throws {
    guard let data = FileManager.default.contents(atPath: manifest) else {
      throw BatchError(.cannotOpen, "\(manifest): cannot be read")
    }
    let table = try DelimitedTable(data: data, source: manifest)
    guard let place = table.header.firstIndex(of: "path") else {
      throw BatchError(
        .refused, "\(manifest): no column \"path\" with the recordings; name one so")
    }
    let root = URL(fileURLWithPath: folder)
    var found: [BatchItem] = []
    for row in table.rows {
      let path = row.cells[place].trimmingCharacters(in: .whitespaces)
      guard !path.isEmpty else {
        throw BatchError(.refused, "\(manifest), line \(row.line): no path")
      }
      if found.contains(where: { $0.path == path }) {
        throw BatchError(.refused, "\(manifest), line \(row.line): \(path) stands here twice")
      }
      var options: [String] = []
      var facts: [String: String] = [:]
      for (name, cell) in zip(table.header, row.cells) where name != "path" && !cell.isEmpty {
        if Self.readerColumns.contains(name) {
          options += [option(name), cell]
        } else {
          facts[name] = cell
        }
      }
      let url = URL(fileURLWithPath: path, relativeTo: root)
      let entities = BIDSEntities(fileName: url.lastPathComponent)
      let parent =
        path.hasPrefix("/") || path.contains("..")
        ? ""
        : path.split(separator: "/").dropLast().filter { $0 != "." }.map { $0 + "/" }.joined()
      found.append(
        BatchItem(
          index: 0, path: path,
          name: parent + (entities?.stem ?? Self.slug(url.lastPathComponent)), entities: entities,
          options: options, facts: facts, bytes: Self.size(url.path)))
    }
    items = Self.numbered(found.sorted { $0.path < $1.path })
  }

  private static let readerColumns = ["fs", "unit", "mv_per_fs", "grid", "channels", "electrodes"]

  /// A file name without its extension, with nothing that a path or a shell would misread.
  static func slug(_ fileName: String) -> String {
    let stem = fileName.lastIndex(of: ".").map { String(fileName[..<$0]) } ?? fileName
    let text = String(
      stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) ? $0 : "-" })
    return text.isEmpty ? "recording" : text
  }

  /// Numbers the items and makes their names differ.
  private static func numbered(_ items: [BatchItem]) -> [BatchItem] {
    var used: Set<String> = []
    return items.enumerated().map { index, item in
      var item = item
      item.index = index
      var name = item.name
      var number = 2
      while !used.insert(name).inserted {
        name = "\(item.name)-\(number)"
        number += 1
      }
      item.name = name
      return item
    }
  }

  private static func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
