import Foundation
internal import Hashing

/// The key of a site, with which it seals its registries.
public struct SealKey: Sendable {
  private static let title = "MotorPool site key 1"
  private static let publicTitle = "MotorPool site public key 1"

  private let key: SigningKey

  /// Where the key of a site usually is: `motorpool/site.key` in the folder of settings that an
  /// environment names, or in the user's own.
  public static func usualPath(environment: [String: String]) -> String {
    let folder =
      environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.config"
    return folder + "/motorpool/site.key"
  }

  /// A new key from the system's random numbers.
  public init() {
    key = SigningKey()
  }

  /// Reads a key file.
  ///
  /// - Throws: `RegistryError.unreadable` where it is none, or where others than its owner may read
  ///   it.
  public init(path: String) throws {
    func refuse(_ found: String, _ expected: String) -> RegistryError {
      .unreadable(source: path, line: nil, found: found, expected: expected)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw refuse("no file that can be read", "the key of the site")
    }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    guard let mode, mode & 0o077 == 0 else {
      throw refuse(
        "a key that others may read", "a file of mode 600; make a new key if it was read")
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard lines.count == 2, lines[0] == Self.title, let raw = Data(base64Encoded: String(lines[1])),
      let key = SigningKey(privateBytes: Array(raw))
    else { throw refuse("another text", "the key of the site") }
    self.key = key
  }

  /// The public key, base 64.
  public var publicText: String { Data(key.publicBytes).base64EncodedString() }

  /// Writes key and public key as two new files, the key readable by its owner only.
  ///
  /// - Throws: `RegistryError.fileExists`: a key is never replaced.
  public func save(path: String) throws {
    let publicPath = path + ".pub"
    guard !FileManager.default.fileExists(atPath: publicPath) else {
      throw RegistryError.fileExists(path: publicPath)
    }
    try NewFile.write("\(Self.title)\n\(Data(key.privateBytes).base64EncodedString())\n", to: path)
    try NewFile.write("\(Self.publicTitle)\n\(publicText)\n", to: publicPath)
  }

  /// The public key of a file that `save` wrote, base 64; throws `RegistryError.unreadable`.
  public static func publicText(path: String) throws -> String {
    let text = FileManager.default.contents(atPath: path).map {
      String(decoding: $0, as: UTF8.self)
    }
    let lines = (text ?? "").split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count == 2, lines[0] == publicTitle, Data(base64Encoded: lines[1])?.count == 32
    else {
      throw RegistryError.unreadable(
        source: path, line: nil, found: text == nil ? "no file that can be read" : "another text",
        expected: "the public key of the site")
    }
    return lines[1]
  }

  func signature(of bytes: Data) throws -> String {
    guard let signature = key.signature(of: Array(bytes)) else {
      throw RegistryError.invalid(
        table: "seal", field: "key", found: "one that cannot sign", expected: "the key of the site")
    }
    return Data(signature).base64EncodedString()
  }
}
