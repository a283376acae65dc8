extension PatientRegistry {
  /// Says what an import would do, with every problem of every row, and stores nothing.
  ///
  /// `problems`: those that reading the file brought up already.
  public func previewImport(
    _ document: InterchangeDocument, problems: [ImportProblem] = [], acceptsDoubts: Bool = false
  ) throws -> ImportReport {
    try runImport(document, problems, acceptsDoubts, isStored: false)
  }

  /// Stores a document in one transaction.
  ///
  /// Items that the registry holds with the same content are passed over, so the same file can be
  /// imported again. A value that differs from the stored one is an error: it is corrected by hand,
  /// with a reason. What is doubtful is an error, with `acceptsDoubts` a warning that is stored:
  /// pseudonyms and attributes that may tell who somebody is, visits in the future, before birth or
  /// after death, values that are not plausible.
  ///
  /// - Throws: `RegistryError.importRefused` with all problems where any is an error; nothing is
  ///   stored then.
  @discardableResult
  public func importDocument(
    _ document: InterchangeDocument, source: String, problems: [ImportProblem] = [],
    acceptsDoubts: Bool = false
  ) throws -> ImportReport {
    let report = try runImport(document, problems, acceptsDoubts, isStored: true)
    guard report.isStored else {
      throw RegistryError.importRefused(source: source, problems: report.errors)
    }
    return report
  }

  private func runImport(
    _ document: InterchangeDocument, _ problems: [ImportProblem], _ acceptsDoubts: Bool,
    isStored: Bool
  ) throws -> ImportReport {
    // A preview is the same work, rolled back: it cannot disagree with the import.
    var report = ImportReport()
    do {
      return try write { writer in
        var importer = DocumentImport(
          writer, problems: problems, acceptsDoubts: acceptsDoubts)
        try importer.store(document)
        report = importer.report
        guard isStored, report.errors.isEmpty else { throw RolledBack() }
        report.isStored = true
        return report
      }
    } catch is RolledBack {
      return report
    }
  }

  private struct RolledBack: Error {}
}
