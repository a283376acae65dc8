import Foundation

/// Numbers as people read them.
enum Formatting {
  /// A number with a fixed count of decimals; "-" for nil or a value that is not finite.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    return String(format: "%.\(decimals)f", value)
  }

  /// A number with its sign always shown; "-" for a value that is not finite.
  static func signed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    let text = fixed(value, decimals)
    let isZero = !text.contains { "123456789".contains($0) }
    return isZero ? fixed(0, decimals) : value > 0 ? "+" + text : text
  }

  /// A sampling rate: whole where it is whole.
  static func rate(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(format: "%.3f", value)
  }

  /// A number with as many digits as it needs, whole where it is whole.
  static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  /// Seconds as h:mm:ss.s or s.
  static func duration(_ seconds: Double) -> String {
    if seconds < 120 { return String(format: "%.2f s", seconds) }
    let whole = Int(seconds.rounded())
    return String(format: "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60)
  }
}

/// JSON as machines read it: keys sorted, numbers that are not finite left out as null.
enum JSONText {
  /// The JSON of a value, ending in a newline.
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .useDefaultKeys
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
