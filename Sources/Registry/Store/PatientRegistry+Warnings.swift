import Foundation
internal import GRDB

extension PatientRegistry {
  /// Warnings of a subject that nobody has accepted, in the order of their numbers.
  public func openWarnings(subject: RecordID) throws -> [StoredWarning] {
    try read { db in
      try CurrentRecords.fetch(
        StoredWarning.self, db, where: "r.subject = ? AND r.accepted_by IS NULL", [subject])
    }
  }

  /// Accepts a warning: it is no longer shown, and the audit trail says who accepted it and why.
  ///
  /// - Throws: `RegistryError.reasonMissing`, `.notFound`, or `.alreadyExists` where it is
  ///   accepted.
  @discardableResult
  public func acceptWarning(_ id: RecordID, reason: String) throws -> StoredWarning {
    try write { writer in
      let found = try CurrentRecords.fetch(
        StoredWarning.self, writer.db, where: "r.origin = ?", [id])
      guard var warning = found.first else {
        throw RegistryError.notFound(table: RecordTable.warning.rawValue, key: String(id))
      }
      if let by = warning.acceptedBy {
        throw RegistryError.alreadyExists(
          table: "acceptance of warning", key: "\(id), by \(by)")
      }
      warning.acceptedBy = author
      warning.acceptedReason = reason
      try writer.correct(
        .warning, origin: id, to: try warning.fields(), reason: reason)
      return warning
    }
  }

  /// Names of all muscles that current recordings and measurements are of.
  public func muscles() throws -> Set<String> {
    try read { db in
      let sql = """
        SELECT muscle FROM recording WHERE muscle IS NOT NULL
        UNION SELECT muscle FROM measurement WHERE muscle IS NOT NULL
        """
      return Set(
        try Row.fetchAll(db, sql: sql).compactMap { $0.maybe(at: 0) as String? })
    }
  }
}
