import Foundation
import Recordings

/// JSON as the project prints it: keys sorted, numbers that are not finite as words.
package enum JSONText {
  /// The JSON of a value, ending in a newline.
  package static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .useDefaultKeys
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

/// A result and where it comes from: the members of the result and one more, `provenance`.
///
/// The result must encode as an object.
package struct Sourced<Result: Encodable>: Encodable {
  private let result: Result
  private let origin: OutputOrigin

  /// A result with the run that it comes from.
  package init(_ result: Result, from origin: OutputOrigin) {
    self.result = result
    self.origin = origin
  }

  private enum ResultKeys: String, CodingKey {
    case provenance
  }

  /// What is said of a run whose result is printed; hashes of written files stand in manifests.
  private enum OriginKeys: String, CodingKey {
    case software, version, commit, kernel, command, invocation, seed, inputs, registryHead
  }

  package func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var members = encoder.container(keyedBy: ResultKeys.self)
    var source = members.nestedContainer(keyedBy: OriginKeys.self, forKey: .provenance)
    try source.encode(origin.software, forKey: .software)
    try source.encode(origin.version, forKey: .version)
    try source.encodeIfPresent(origin.commit, forKey: .commit)
    try source.encodeIfPresent(origin.kernel, forKey: .kernel)
    try source.encode(origin.command, forKey: .command)
    try source.encodeIfPresent(origin.invocation, forKey: .invocation)
    try source.encodeIfPresent(origin.seed, forKey: .seed)
    try source.encode(origin.inputs, forKey: .inputs)
    try source.encodeIfPresent(origin.registryHead, forKey: .registryHead)
  }
}
