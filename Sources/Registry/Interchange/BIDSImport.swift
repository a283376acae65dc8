import Foundation
import Tables

/// Reads participants, sessions and phenotype tables of a BIDS dataset into a document.
///
/// Unknown columns of participants.tsv become covariates. Phenotype tables in the form that this
/// program writes are read; of others a warning says that they were passed over.
public struct BIDSImport: Sendable {
  /// What was read.
  public private(set) var document = InterchangeDocument()
  /// What was wrong.
  public private(set) var problems: [ImportProblem] = []

  private var pseudonyms: [String: String] = [:]
  private var dates: [String: String] = [:]

  /// Reads the tables by their paths within the dataset.
  ///
  /// - Throws: `RegistryError` or `TableError` without participants.tsv or for a table that is
  ///   none.
  public init(files: [String: Data]) throws {
    guard let participants = files["participants.tsv"] else {
      throw RegistryError.unreadable(
        source: "participants.tsv", line: nil, found: "no such file",
        expected: "the root folder of a BIDS dataset")
    }
    try readParticipants(participants)
    for path in files.keys.sorted() where path.hasSuffix("_sessions.tsv") {
      if let data = files[path] { try readSessions(path, data) }
    }
    for path in files.keys.sorted()
    where path.hasPrefix("phenotype/") && path.hasSuffix(".tsv") {
      if let data = files[path] { try readPhenotype(path, data) }
    }
    document.sort()
  }

  /// Reads the tables of a dataset folder; see `init(files:)`.
  public init(folder: String) throws {
    let manager = FileManager.default
    let base = URL(fileURLWithPath: folder)
    var files: [String: Data] = [:]
    func add(_ path: String) {
      files[path] = manager.contents(atPath: base.appendingPathComponent(path).path)
    }
    add("participants.tsv")
    for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix("sub-") {
      add("\(name)/\(name)_sessions.tsv")
    }
    let phenotype = base.appendingPathComponent("phenotype").path
    for name in (try? manager.contentsOfDirectory(atPath: phenotype)) ?? []
    where name.hasSuffix(".tsv") {
      add("phenotype/\(name)")
    }
    try self.init(files: files)
  }

  private mutating func readParticipants(_ data: Data) throws {
    let path = "participants.tsv"
    var table = try DelimitedTable(data: data, source: path, separator: "\t")
    guard let id = table.header.firstIndex(of: "participant_id") else {
      throw RegistryError.unreadable(
        source: path, line: 1, found: "no column \"participant_id\"", expected: "a BIDS table")
    }
    let own = table.header.firstIndex(of: "pseudonym")
    for row in table.rows {
      let label = row.cells[id]
      let name =
        own.map { row.cells[$0] } ?? String(label.dropFirst(label.hasPrefix("sub-") ? 4 : 0))
      pseudonyms[label] = name
    }
    replaceLabels(&table, id)
    if let own { table.header[own] = "participant_pseudonym" }
    var profile = ImportProfile(name: path)
    profile.columns = Dictionary(
      uniqueKeysWithValues: TableExport.subjectColumns.filter { table.header.contains($0.rawValue) }
        .map { ($0, $0.rawValue) })
    let known = Set(profile.columns.values).union(["participant_pseudonym"])
    for column in table.header where !known.contains(column) {
      profile.attributeColumns[column] = column
    }
    take(try TableImport(table, profile: profile, file: path))
  }

  private mutating func readSessions(_ path: String, _ data: Data) throws {
    let label = String(path.split(separator: "/").first ?? "")
    guard let pseudonym = pseudonyms[label] else {
      problems.append(
        ImportProblem(file: path, message: "\(label) is not in participants.tsv"))
      return
    }
    var table = try DelimitedTable(data: data, source: path, separator: "\t")
    guard let id = table.header.firstIndex(of: "session_id") else {
      throw RegistryError.unreadable(
        source: path, line: 1, found: "no column \"session_id\"", expected: "a BIDS table")
    }
    let time = table.header.firstIndex(of: "acq_time")
    for row in table.rows {
      if let time { dates[label + row.cells[id]] = row.cells[time] }
    }
    table.header[id] = "subject"
    for index in table.rows.indices { table.rows[index].cells[id] = pseudonym }
    if let time { table.header[time] = "date" }
    take(try TableImport(table, profile: ImportProfile(name: path), file: path))
  }

  private mutating func readPhenotype(_ path: String, _ data: Data) throws {
    var table = try DelimitedTable(data: data, source: path, separator: "\t")
    let header = Set(table.header)
    let isOwn =
      header.isSuperset(of: ["participant_id", "session_id", "kind", "value"])
      || header.isSuperset(of: ["participant_id", "therapy_start"])
      || header.isSuperset(of: ["participant_id", "event_kind", "event_date"])
    guard isOwn, let id = table.header.firstIndex(of: "participant_id") else {
      problems.append(
        ImportProblem(
          file: path, severity: .warning, message: "a table of another form; passed over"))
      return
    }
    if let session = table.header.firstIndex(of: "session_id") {
      table.header[session] = "date"
      for index in table.rows.indices {
        let cells = table.rows[index].cells
        table.rows[index].cells[session] = dates[cells[id] + cells[session]] ?? ""
      }
    }
    replaceLabels(&table, id)
    take(try TableImport(table, profile: ImportProfile(name: path), file: path))
  }

  private func replaceLabels(_ table: inout DelimitedTable, _ column: Int) {
    table.header[column] = "subject"
    for index in table.rows.indices {
      let label = table.rows[index].cells[column]
      table.rows[index].cells[column] = pseudonyms[label] ?? label
    }
  }

  /// Adds what a table brought; subjects are those of participants.tsv.
  private mutating func take(_ table: TableImport) {
    if document.subjects.isEmpty { document.subjects = table.document.subjects }
    let known = Set(document.subjects.map(\.pseudonym))
    for subject in table.document.subjects where !known.contains(subject.pseudonym) {
      problems.append(
        subject.place.problem("\(subject.pseudonym) is not in participants.tsv"))
    }
    let dated = Set(document.visits.map { [$0.subject, $0.date?.description ?? ""] })
    document.visits += table.document.visits.filter {
      $0.date == nil || !dated.contains([$0.subject, $0.date?.description ?? ""])
    }
    document.values += table.document.values
    document.interventions += table.document.interventions
    document.events += table.document.events
    problems += table.problems
  }
}
