/// What a check of a registry found.
public struct CheckSummary: Encodable, Sendable {
  /// The registry.
  public let path: String
  /// Whether nothing was found.
  public let isSound: Bool
  /// Entries of the ledger.
  public let entries: Int
  /// Hash of its last entry.
  public let headHash: String
  /// What was found, a sentence each.
  public let findings: [String]

  /// A summary of what was found.
  public init(path: String, isSound: Bool, entries: Int, headHash: String, findings: [String]) {
    self.path = path
    self.isSound = isSound
    self.entries = entries
    self.headHash = headHash
    self.findings = findings
  }
}

/// A backup that was made or restored.
public struct BackupSummary: Encodable, Sendable {
  /// The file that was written.
  public let path: String
  /// Entries of its ledger.
  public let entries: Int
  /// Hash of its last entry.
  public let headHash: String
  /// Where the state lies that was replaced; nil where none was.
  public let replacedState: String?

  /// What a backup holds, for people.
  public var text: String { "\(path): \(entries) entries, checked, head \(headHash)" }

  /// What was restored, for people.
  public var restoredText: String {
    "\(path): \(entries) entries restored, head \(headHash)"
      + (replacedState.map { "\nThe state before is kept in \($0)" } ?? "")
  }

  /// The summary of a backup.
  public init(_ report: BackupReport) {
    path = report.path
    entries = report.entryCount
    headHash = report.headHash
    replacedState = report.replacedStatePath
  }
}

/// An audit trail that was written to a file.
public struct AuditExportSummary: Encodable, Sendable {
  /// The file.
  public let path: String
  /// Entries of the ledger.
  public let entries: Int

  /// The summary of a file.
  public init(path: String, entries: Int) {
    self.path = path
    self.entries = entries
  }

  /// The summary for people.
  public var text: String { "\(path): \(entries) entries" }
}

/// A key of a site that was made.
public struct SealKeySummary: Encodable, Sendable {
  /// The key's file.
  public let key: String
  /// The file of the public key.
  public let publicKeyFile: String
  /// The public key.
  public let publicKey: String

  /// The summary of a key that was saved in `path`.
  public init(_ made: SealKey, path: String) {
    key = path
    publicKeyFile = path + ".pub"
    publicKey = made.publicText
  }

  /// The summary for people.
  public var text: String { "\(key): key made; public key \(publicKey) in \(publicKeyFile)" }
}

/// A seal that was written to a file.
public struct SealSummary: Encodable, Sendable {
  /// The file.
  public let path: String
  /// Entries that are sealed.
  public let entries: Int64
  /// Hash of the last of them.
  public let headHash: String
  /// When they were sealed.
  public let time: String
  /// The public key of the site.
  public let publicKey: String

  /// The summary of a seal that was written to `path`.
  public init(_ seal: RegistrySeal, path: String) {
    self.path = path
    entries = seal.entryCount
    headHash = seal.headHash
    time = seal.time
    publicKey = seal.publicKey
  }

  /// The summary for people.
  public var text: String { "\(path): \(entries) entries sealed, head \(headHash)" }
}

extension PatientRegistry {
  /// Signs the last entry of the ledger once the registry was found sound.
  ///
  /// - Throws: `RegistryError.tampered` with what was found, and where the file cannot be read.
  public func seal(by key: SealKey) throws -> RegistrySeal {
    let head = try head()
    let report = try check()
    guard report.isSound else {
      throw RegistryError.tampered(path: path, findings: report.findings)
    }
    return try RegistrySeal(head: head, key: key)
  }
}
