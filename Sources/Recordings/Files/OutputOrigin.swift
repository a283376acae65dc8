import Foundation

/// What an output says of the run that wrote it: enough to know it again and to repeat the run.
public struct OutputOrigin: Sendable, Equatable, Codable {
  /// A file that the output was computed from.
  public struct Input: Sendable, Equatable, Codable {
    /// Its name without the folder; nil where names are to be left out.
    public var name: String?
    /// SHA-256 of its content, 64 hexadecimal digits.
    public var sha256: String

    /// An input.
    public init(name: String?, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// Name of the software.
  public var software: String
  /// Its version.
  public var version: String
  /// The commit it was built from; nil if unknown.
  public var commit: String?
  /// The kernel of the linear algebra library, such as "Haswell"; nil where it plays no part.
  public var kernel: String?
  /// The command that wrote the output, such as "decompose": the same command may replace it.
  public var command: String
  /// Command and options as they were typed.
  public var invocation: String?
  /// Seed of the random numbers.
  public var seed: UInt64?
  /// Files the output was computed from.
  public var inputs: [Input]
  /// Last entry of the registry's ledger that the output was made from, as "position hash".
  public var registryHead: String?
  /// SHA-256 of what was written, by path within the folder, or by name of the file.
  public var files: [String: String]
  /// SHA-256 of the file that is being replaced; set while a replacement is under way.
  var replaced: String?

  /// The origin of an output that is about to be written.
  public init(
    software: String = "MotorPool", version: String, commit: String? = nil, kernel: String? = nil,
    command: String, invocation: String? = nil, seed: UInt64? = nil, inputs: [Input] = [],
    registryHead: String? = nil
  ) {
    self.software = software
    self.version = version
    self.commit = commit
    self.kernel = kernel
    self.command = command
    self.invocation = invocation
    self.seed = seed
    self.inputs = inputs
    self.registryHead = registryHead
    files = [:]
  }

  /// JSON with sorted keys, ending in a newline.
  func json(pretty: Bool = true) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      : [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// The origin that a file holds; nil where it is no such file.
  static func read(_ path: String) -> OutputOrigin? {
    guard let data = FileManager.default.contents(atPath: path), data.count < 64 << 20 else {
      return nil
    }
    return try? JSONDecoder().decode(OutputOrigin.self, from: data)
  }
}
