import Foundation
import Tables

/// What is imported, recognised by what it is: a folder, a JSON file or a table.
package struct ImportSource {
  package let document: InterchangeDocument
  package let problems: [ImportProblem]
  /// The profile of a table; nil for other sources.
  package let profile: ImportProfile?
  /// The columns of a table; none for other sources.
  package private(set) var header: [String] = []

  /// Reads a source.
  ///
  /// - Parameters:
  ///   - profile: file of a saved profile of a table; nil to guess one from the header.
  ///   - dictionary: file of a REDCap data dictionary; nil for none.
  ///   - missing: further codes that mean that there is no value.
  /// - Throws: `RegistryError.cannotOpen`, `RegistryError.unreadable`.
  package init(
    _ path: String, profile profilePath: String?, dictionary: String? = nil, missing: [String] = []
  ) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RegistryError.cannotOpen(path: path, found: "no such file or folder")
    }
    if isFolder.boolValue {
      let bids = try BIDSImport(folder: path)
      (document, problems, profile) = (bids.document, bids.problems, nil)
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RegistryError.cannotOpen(path: path, found: "a file that cannot be read")
    }
    if path.lowercased().hasSuffix(".json") {
      let bundle = try FHIRImport(data: data, source: path)
      (document, problems, profile) = (bundle.document, bundle.problems, nil)
      return
    }
    let saved = try profilePath.map { try ImportProfile.load(path: $0) }
    let table = try DelimitedTable(
      data: data, source: path, separator: saved?.separator?.first)
    var used = saved ?? ImportProfile.guess(table: table)
    used.missingValues += missing
    var notes: [String] = []
    if let dictionary {
      guard let text = FileManager.default.contents(atPath: dictionary) else {
        throw RegistryError.cannotOpen(path: dictionary, found: "a file that cannot be read")
      }
      let fields = try REDCapDictionary(
        DelimitedTable(data: text, source: dictionary), source: dictionary)
      notes = used.apply(fields, header: table.header)
      if saved == nil { used.takeStyles(of: table) }
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    let read = try TableImport(table, profile: used, file: name)
    var problems = read.problems
    problems += notes.map { ImportProblem(file: name, severity: .warning, message: $0) }
    if saved == nil, let date = used.ambiguousDate(in: table) {
      problems.insert(
        ImportProblem(
          file: name, severity: .error,
          message:
            "dates such as \(date) can have the day or the month first; save a profile and set "
            + "its dateFormat to DMY or MDY"), at: 0)
    }
    (document, self.problems, profile) = (read.document, problems, used)
    header = table.header
  }

  /// Whether a path names a table, rather than a folder or a FHIR bundle.
  package static func isTable(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return !isFolder.boolValue && !path.lowercased().hasSuffix(".json")
  }

  /// Stores the document in one transaction; a registry is not made for one that cannot be stored.
  ///
  /// - Parameters:
  ///   - name: what the document is called in the audit trail.
  ///   - exists: whether the registry is there.
  ///   - acceptsDoubts: whether what may be a mistake is stored, with a warning.
  ///   - open: opens the registry, or makes it.
  /// - Throws: `RegistryError.importRefused` with the problems, and other `RegistryError`.
  package func store(
    as name: String, exists: Bool, acceptsDoubts: Bool, open: () throws -> PatientRegistry
  ) throws -> ImportReport {
    let errors = problems.filter { $0.severity == .error }
    if !exists && !errors.isEmpty {
      throw RegistryError.importRefused(source: name, problems: errors)
    }
    return try open().importDocument(
      document, source: name, problems: problems, acceptsDoubts: acceptsDoubts)
  }

  /// What an import would store, and every problem; nothing is stored.
  ///
  /// - Parameters:
  ///   - registry: nil for an empty registry, which is thrown away.
  ///   - acceptsDoubts: whether what may be a mistake counts as a warning.
  /// - Throws: `RegistryError`.
  package func preview(
    in registry: PatientRegistry?, acceptsDoubts: Bool
  ) throws -> ImportReport {
    if let registry {
      return try registry.previewImport(document, problems: problems, acceptsDoubts: acceptsDoubts)
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "motorpool-preview-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let empty = try PatientRegistry.open(path: folder.appendingPathComponent("empty.sqlite").path)
    return try empty.previewImport(document, problems: problems, acceptsDoubts: acceptsDoubts)
  }
}
