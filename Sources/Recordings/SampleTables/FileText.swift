/// Text of a file whose encoding nothing states.
enum FileText {
  /// The text: UTF-8 where the bytes are valid UTF-8, else Latin-1; trimmed of padding.
  ///
  /// Units of older programs in other code pages (437, 850, Shift-JIS, ...) come out with a foreign
  /// character for the micro sign, which `PhysicalUnit.parse` understands.
  static func decode(_ bytes: some Collection<UInt8>) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text.trimmingWhitespace() }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).trimmingWhitespace()
  }
}
