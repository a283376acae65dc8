import Foundation

/// Fixed-width text fields of an EDF header, with errors that name byte and field.
struct EDFFields {
  private let path: String
  private let start: Int
  private let bytes: [UInt8]
  private(set) var warnings: [String] = []

  init(_ file: FileBytes, at start: Int, count: Int) throws {
    path = file.path
    self.start = start
    guard file.count >= start + count else {
      throw RecordingError(
        .truncated, path: path, place: "header",
        "the file ends after \(file.count) bytes inside its header of \(start + count) bytes")
    }
    bytes = try file.read(at: start, count: count)
  }

  func raw(_ offset: Int, _ width: Int) -> [UInt8] { Array(bytes[offset..<offset + width]) }

  /// Text in UTF-8 or Latin-1, trimmed of padding.
  func text(_ offset: Int, _ width: Int) -> String { FileText.decode(raw(offset, width)) }

  mutating func number(_ offset: Int, _ width: Int, _ field: String) throws -> Double {
    let text = text(offset, width)
    if let value = Double(text), value.isFinite { return value }
    if text.contains(","), let value = Double(text.replacingOccurrences(of: ",", with: ".")),
      value.isFinite
    {
      warnings.append("\(field) has a decimal comma (\(text.quoted))")
      return value
    }
    throw malformed(offset, width, field, "a number")
  }

  mutating func integer(
    _ offset: Int, _ width: Int, _ field: String, in range: ClosedRange<Int>
  ) throws -> Int {
    guard let value = Int(text(offset, width)) ?? exactInteger(text(offset, width)) else {
      throw malformed(offset, width, field, "a whole number")
    }
    guard range.contains(value) else {
      throw malformed(
        offset, width, field, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private func exactInteger(_ text: String) -> Int? { Double(text).flatMap { Int(exactly: $0) } }

  private func malformed(
    _ offset: Int, _ width: Int, _ field: String, _ expected: String
  ) -> RecordingError {
    RecordingError(
      .malformed, path: path, place: "header, byte \(start + offset) (\(field))",
      "found \(text(offset, width).quoted), expected \(expected)")
  }
}
