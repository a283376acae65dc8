import Foundation
internal import Hashing

/// A signed statement of what the ledger's last entry was at a time, as a small text.
///
/// Kept outside the registry (printed, mailed, time-stamped elsewhere) it shows later whether anything
/// stored until then was changed, removed or inserted. The text is signed with Ed25519 (RFC 8032) over
/// all its lines but the last.
public struct RegistrySeal: Sendable, Equatable {
  private static let title = "MotorPool registry seal 1"

  /// Number of entries.
  public let entryCount: RecordID
  /// Hash of the last entry, 64 hexadecimal digits.
  public let headHash: String
  /// When, UTC, ISO 8601.
  public let time: String
  /// The public key, base 64.
  public let publicKey: String
  /// The signature, base 64.
  public let signature: String

  /// The lines that are signed.
  private var signedText: String {
    """
    \(Self.title)
    entries: \(entryCount)
    head: \(headHash)
    time: \(time)
    public-key: \(publicKey)

    """
  }

  /// The whole text.
  public var text: String { signedText + "signature: \(signature)\n" }

  /// Seals the head of a registry.
  ///
  /// - Throws: `RegistryError.invalid` where the key cannot sign.
  public init(head: LedgerCitation, key: SealKey, at date: Date = Date()) throws {
    let unsigned = RegistrySeal(
      entryCount: head.position ?? 0, headHash: head.hash, time: date.formatted(.iso8601),
      publicKey: key.publicText, signature: "")
    self.init(
      entryCount: unsigned.entryCount, headHash: unsigned.headHash, time: unsigned.time,
      publicKey: unsigned.publicKey,
      signature: try key.signature(of: Data(unsigned.signedText.utf8)))
  }

  private init(
    entryCount: RecordID, headHash: String, time: String, publicKey: String, signature: String
  ) {
    self.entryCount = entryCount
    self.headHash = headHash
    self.time = time
    self.publicKey = publicKey
    self.signature = signature
  }

  /// Reads the file of a seal.
  ///
  /// - Throws: `RegistryError`, also where its signature does not fit.
  public init(file path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RegistryError.cannotOpen(path: path, found: "cannot be opened")
    }
    try self.init(text: String(decoding: data, as: UTF8.self), source: path)
  }

  /// Reads the text of a seal, blanks at the ends of its lines aside.
  ///
  /// - Throws: `RegistryError.unreadable`, also where its signature does not fit.
  public init(text: String, source: String) throws {
    func refuse(_ found: String) -> RegistryError {
      .unreadable(source: source, line: nil, found: found, expected: "an unchanged registry seal")
    }
    var values: [String: String] = [:]
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
    guard lines.first == Self.title else { throw refuse("another text") }
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw refuse("a line that does not belong there")
      }
    }
    guard values.count == 5, let count = values["entries"].flatMap({ RecordID($0) }), count >= 0,
      let head = values["head"], head.utf8.count == 64, let time = values["time"],
      let key = values["public-key"], let signature = values["signature"]
    else { throw refuse("lines missing") }
    self.init(
      entryCount: count, headHash: head, time: time, publicKey: key, signature: signature)
    guard let raw = Data(base64Encoded: key), let signed = Data(base64Encoded: signature),
      SigningKey.isValid(
        signature: Array(signed), of: Array(signedText.utf8), publicKey: Array(raw))
    else { throw refuse("a signature that does not fit the text") }
  }

  /// The entry that the chain must hold.
  public func citation(source: String) -> LedgerCitation {
    LedgerCitation(position: entryCount, hash: headHash, source: source)
  }
}
