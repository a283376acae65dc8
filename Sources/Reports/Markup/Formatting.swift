import Foundation

/// Numbers as people read them.
package enum Formatting {
  /// A number with a fixed count of decimals; "-" for nil or a value that is not finite.
  package static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    return FixedTextKernel.text(value, decimals)
  }

  /// A number with its sign always shown; "-" for a value that is not finite.
  package static func signed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    let text = fixed(value, decimals)
    let isZero = !text.contains { "123456789".contains($0) }
    return isZero ? fixed(0, decimals) : value > 0 ? "+" + text : text
  }

  /// A sampling rate: whole where it is whole.
  package static func rate(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15
      ? String(Int(value))
      : String(format: abs(value) < 0.01 || abs(value) >= 1e15 ? "%g" : "%.3f", value)
  }

  /// A number with as many digits as it needs, whole where it is whole.
  package static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }

  /// Seconds as h:mm:ss.s or s.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e12 else { return "\(seconds) s" }
    if seconds < 120 { return String(format: "%.2f s", seconds) }
    let whole = Int(seconds.rounded())
    return String(format: "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60)
  }
}
