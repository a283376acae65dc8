import ArgumentParser
import Foundation
import Recordings
import Registry
import Terminal

/// The key file of the site.
struct SealKeyArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Key file of the site (default: motorpool/site.key in $XDG_CONFIG_HOME or ~/.config).",
      valueName: "path"))
  var key: String?

  /// The path these arguments and the environment give.
  var path: String {
    key ?? SealKey.usualPath(environment: ProcessInfo.processInfo.environment)
  }
}

/// `motorpool registry key`.
struct RegistryKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Make the key of the site, with which registries are sealed.",
    discussion: """
      Writes the key, which only its owner can read, and the public key beside it (.pub), with which \
      anybody can verify seals. Keep the key where those who write to the registry cannot read it. An \
      existing key is never replaced.

      Examples:
        motorpool registry key
        motorpool registry key --key /media/safe/site.key
      """)

  @OptionGroup var key: SealKeyArguments

  @OptionGroup var printing: PrintArguments

  func run() throws {
    let made = SealKey()
    try made.save(path: key.path)
    let summary = SealKeySummary(made, path: key.path)
    try printing.write(summary, text: summary.text)
  }
}

/// `motorpool registry seal`.
struct RegistrySealCommand: RegistryUse {
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Sign the last entry of the ledger, as a small text to keep elsewhere.",
    discussion: """
      Against the seal any later change, removal or insertion among the sealed entries is noticed \
      (registry verify --seal). Print it, mail it, or have it time-stamped: it has to be where those \
      who write to the registry cannot replace it. The registry is checked first.

      Examples:
        motorpool registry seal --to seal-2026-03.txt
        motorpool registry verify --seal seal-2026-03.txt
      """)

  @Option(help: "File to write; an earlier seal is never replaced.")
  var to: String

  @OptionGroup var key: SealKeyArguments

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    let place = try OutputPlace(to, command: "registry seal", inputs: [registry.path, key.path]) {
      _ in false
    }
    let signer = try SealKey(path: key.path)
    let seal = try registry.open().seal(by: signer)
    try place.write(place.origin(), seal.text)
    let summary = SealSummary(seal, path: to)
    try printing.write(summary, text: summary.text)
  }
}

/// Entries of the ledger that were noted outside the registry.
struct CitationArguments: ParsableArguments {
  @Option(
    parsing: .upToNextOption, help: "Seals (registry seal) that the ledger must still agree with.")
  var seal: [String] = []

  @Option(
    help: """
      Hash of an entry as a report, export or backup named it (64 hexadecimal digits); can be \
      repeated.
      """)
  var expect: [String] = []

  @Option(
    name: .customLong("public-key"),
    help: "Public key of the site (.pub); seals of another key are refused.")
  var publicKey: String?

  func validate() throws {
    for hash in expect {
      guard hash.utf8.count == 64, hash.allSatisfy(\.isHexDigit) else {
        throw ValidationError("--expect \(hash): expected 64 hexadecimal digits")
      }
    }
    guard publicKey == nil || !seal.isEmpty else {
      throw ValidationError("--public-key needs --seal")
    }
  }

  /// The noted entries, and the keys that signed the seals among them.
  func citations() throws -> (entries: [LedgerCitation], keys: Set<String>) {
    let own = try publicKey.map { try SealKey.publicText(path: $0) }
    var keys: Set<String> = []
    var entries = expect.map {
      LedgerCitation(position: nil, hash: $0, source: "expected hash \($0.prefix(16))")
    }
    for path in seal {
      let seal = try RegistrySeal(file: path)
      guard own == nil || own == seal.publicKey else {
        throw Failure.Message("\(path): signed with another key than that of \(publicKey ?? "")")
      }
      keys.insert(seal.publicKey)
      entries.append(seal.citation(source: "\(path), sealed \(seal.time)"))
    }
    return (entries, keys)
  }
}
