internal import GRDB

extension PatientRegistry {
  /// Stores a subject; study and site are named and made where they are new.
  ///
  /// `doubts` are stored as its warnings.
  ///
  /// - Throws: `RegistryError.badPseudonym`, `.alreadyExists` (whatever the case of the letters) or
  ///   `.invalid`.
  @discardableResult
  public func addSubject(
    pseudonym: String, study: String? = nil, site: String? = nil, arm: String? = nil,
    onsetDate: CivilDate? = nil, onsetSite: String? = nil, attributes: [String: String] = [:],
    doubts: [EntryDoubt] = []
  ) throws -> Subject {
    try write { writer in
      var subject = Subject(
        pseudonym: try Pseudonym.validated(pseudonym), arm: arm, onsetDate: onsetDate,
        onsetSite: onsetSite, attributes: attributes)
      try UniqueNames.check(subject, writer.db)
      subject.study = try study.map { try NamedGroups.study($0, writer) }
      subject.site = try site.map { try NamedGroups.site($0, writer) }
      let stored = try writer.add(subject)
      for doubt in doubts {
        _ = try writer.add(
          StoredWarning(subject: stored.id, code: doubt.code, text: doubt.text))
      }
      return stored
    }
  }

  /// All subjects in the order of their pseudonyms.
  public func subjects() throws -> [Subject] {
    try read { try CurrentRecords.fetch(Subject.self, $0, order: "r.pseudonym COLLATE NOCASE") }
  }

  /// The subject of a pseudonym, whatever the case of its letters; throws `notFound`.
  public func subject(pseudonym: String) throws -> Subject {
    try read { db in
      let found = try CurrentRecords.fetch(
        Subject.self, db, where: "r.pseudonym = ? COLLATE NOCASE", [pseudonym])
      guard let subject = found.first else {
        throw RegistryError.notFound(table: RecordTable.subject.rawValue, key: pseudonym)
      }
      return subject
    }
  }

  /// All studies.
  public func studies() throws -> [Study] {
    try read { try CurrentRecords.fetch(Study.self, $0) }
  }

  /// All sites.
  public func sites() throws -> [Site] {
    try read { try CurrentRecords.fetch(Site.self, $0) }
  }
}

/// Studies and sites by name.
enum NamedGroups {
  static func study(_ name: String, _ writer: RecordWriter) throws -> RecordID {
    let found = try CurrentRecords.fetch(Study.self, writer.db, where: "r.name = ?", [name])
    return try found.first?.id ?? writer.add(Study(name: name)).id
  }

  static func site(_ name: String, _ writer: RecordWriter) throws -> RecordID {
    let found = try CurrentRecords.fetch(Site.self, writer.db, where: "r.name = ?", [name])
    return try found.first?.id ?? writer.add(Site(name: name)).id
  }
}
