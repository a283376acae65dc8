/// JSON as every output of the command line writes it: indented, members sorted by name.
package enum JSONText {
  /// The JSON of a value, ending in a newline.
  package static func of(_ value: some Encodable) throws -> String {
    var bytes = try PlainJSONEncoder.encode(value)
    bytes.append(0x0A)
    return String(decoding: bytes, as: UTF8.self)
  }
}
