import ArgumentParser
import Recordings
import Registry
import Terminal

/// `motorpool registry`: the file behind all patient commands.
struct RegistryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registry",
    abstract: "Verify, check, correct, back up, restore and export the registry.",
    discussion: """
      Nothing is ever changed in place: a correction is a new version with its reason, and every \
      record is chained to the one before it by its hash.

      Examples:
        motorpool registry verify
        motorpool registry correct 57 value=84 --reason "digits transposed"
        motorpool registry backup --to backup.sqlite
        motorpool registry export-audit --to audit.jsonl
      """,
    subcommands: [
      RegistryVerify.self, RegistryCheckCommand.self, RegistryBackupCommand.self,
      RegistryRestore.self, RegistryExportAudit.self, RegistryRecords.self, RegistryHistory.self,
      RegistryCorrect.self, RegistryRetract.self, RegistryKey.self, RegistrySealCommand.self,
      RegistryAccept.self,
    ])
}

/// `motorpool registry verify`.
struct RegistryVerify: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the file and recompute the hash chain over every record.",
    discussion: """
      The chain by itself shows damage and changes made without this program. It cannot show that \
      records were cut off at the end, or that somebody changed records and worked out all hashes \
      again: that needs an entry noted outside the registry, as a seal or as the hash that reports, \
      exports and backups name.

      Examples:
        motorpool registry verify
        motorpool registry verify --seal seal-2026-03.txt seal-2026-06.txt \\
          --public-key site.key.pub
        motorpool registry verify \\
          --expect 0f343b0931126a20f133d67c2b018a3b6cbb4b9a1bd4b2a4b1a3d6a1f0c2e9d4
        motorpool registry verify --json
      """)

  @OptionGroup var citations: CitationArguments

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let (entries, keys) = try citations.citations()
    let report = try registry.open().check(citations: entries)
    try report.summary(path: registry.path).write(
      printing,
      text: report.text(
        citations: entries, unknownKeys: citations.publicKey == nil ? keys : []))
  }
}

/// `motorpool registry check`.
struct RegistryCheckCommand: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the file, its references, its triggers and the hash chain.",
    discussion: """
      Examples:
        motorpool registry check
      """)

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let report = try registry.open().check()
    try report.summary(path: registry.path).write(
      printing, text: "sound, \(report.chain.entryCount) entries")
  }
}

/// `motorpool registry backup`.
struct RegistryBackupCommand: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the registry into a new file, also while it is in use, and check the copy.",
    discussion: """
      Examples:
        motorpool registry backup --to backup.sqlite
      """)

  @Option(help: "New file; an existing one is never replaced.")
  var to: String

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let summary = BackupSummary(try registry.open().backup(to: to))
    try printing.write(summary, text: summary.text)
  }
}

/// `motorpool registry restore`.
struct RegistryRestore: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put the state of a backup in place of the registry.",
    discussion: """
      The backup is checked first and the replaced state is kept beside the registry. Where the \
      registry holds records that the backup does not, nothing is done without --discard-later.

      Examples:
        motorpool registry restore --from backup.sqlite
        motorpool registry restore --from backup.sqlite --registry new.sqlite
      """)

  @Option(help: "Backup file.")
  var from: String

  @Flag(name: .customLong("discard-later"), help: "Give up records that the backup does not hold.")
  var discardLater = false

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let report = try PatientRegistry.restore(
      backup: from, to: registry.path, discardingLaterRecords: discardLater)
    let summary = BackupSummary(report)
    try printing.write(summary, text: summary.restoredText)
  }
}

/// `motorpool registry export-audit`.
struct RegistryExportAudit: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "export-audit",
    abstract: "Write every version of every record with who, when and why, one JSON line each.",
    discussion: """
      The hash chain can be recomputed from this file alone. It holds pseudonyms and dates as \
      stored: it is for auditors of the site, not for sharing.

      Examples:
        motorpool registry export-audit --to audit.jsonl
      """)

  @Option(help: "File to write; an earlier audit export is replaced.")
  var to: String

  @OptionGroup var outputs: OutputArguments

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let place = try outputs.file(to, of: "registry export-audit", inputs: [registry.path])
    let opened = try registry.open()
    var count = 0
    try place.write(place.origin()) { count = try opened.exportAudit(to: $0) }
    let summary = AuditExportSummary(path: to, entries: count)
    try printing.write(summary, text: summary.text)
  }
}

extension CheckSummary {
  /// Prints what was found; findings are an error after that.
  func write(_ printing: PrintArguments, text: String) throws {
    if isSound || printing.json { try printing.write(self, text: "\(path): \(text)") }
    guard isSound else { throw RegistryError.tampered(path: path, findings: findings) }
  }
}
