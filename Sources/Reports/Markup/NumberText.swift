import Foundation

/// Numbers as text, the same on every machine whatever its locale.
public enum NumberText {
  /// A coordinate in SVG user units, rounded to a tenth, with an ASCII minus.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "0" }
    return tenths(Int((value * 10).rounded()))
  }

  /// An integer count of tenths as the shortest decimal: `-5` is `-.5`, `120` is `12`.
  static func tenths(_ value: Int) -> String {
    let magnitude = value.magnitude
    let whole = magnitude / 10
    let rest = magnitude % 10
    let sign = value < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return whole == 0 ? "\(sign).\(rest)" : "\(sign)\(whole).\(rest)"
  }

  /// A number with fixed decimals, a true minus sign, and an en dash where it is not finite.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    if abs(value) >= 1e9 { return significant(value, 3) }
    return withMinusSign(FixedTextKernel.text(value, decimals))
  }

  /// A number with its sign always shown, as changes are written.
  public static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    let isZero = !text.contains { $0.isNumber && $0 != "0" }
    return value > 0 && !isZero ? "+" + text : text
  }

  /// A number with so many significant digits, without needless zeros.
  public static func significant(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    if value == 0 { return "0" }
    let exponent = Int(log10(abs(value)).rounded(.down))
    if exponent < -4 || exponent >= 7 {
      let mantissa = value / pow(10, Double(exponent))
      return trimmed(fixed(mantissa, max(0, digits - 1))) + "×10" + superscript(exponent)
    }
    let decimals = max(0, digits - 1 - exponent)
    return trimmed(fixed(value, decimals))
  }

  /// The numbers of a column with as many decimals as its largest needs for so many significant digits.
  ///
  /// A column of whole numbers has no decimals. Where numbers differ too much for one count of decimals, each has its
  /// own.
  public static func column(_ values: [Double], _ digits: Int) -> [String] {
    let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
    guard let largest = sizes.max(), let smallest = sizes.min(), largest < 1e7 else {
      return values.map { significant($0, digits) }
    }
    let exponent = Int(log10(largest).rounded(.down))
    let isWhole = values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
    let decimals = isWhole ? 0 : max(0, digits - 1 - exponent)
    guard smallest >= 10 * pow(10, Double(-decimals)) || isWhole, decimals < 8 else {
      return values.map { significant($0, digits) }
    }
    return values.map { fixed($0, decimals) }
  }

  /// A positive number as a power of ten with at most one digit before it.
  static func power(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "–" }
    var exponent = Int(log10(value).rounded(.down))
    var mantissa = (value / pow(10, Double(exponent))).rounded()
    if mantissa >= 10 {
      exponent += 1
      mantissa = 1
    }
    return (mantissa == 1 ? "" : fixed(mantissa, 0) + "×") + "10" + superscript(exponent)
  }

  /// A count with narrow spaces between groups of three from five digits on.
  public static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    guard digits.count > 4 else { return withMinusSign(String(value)) }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result.append("\u{202F}") }
      result.append(digit)
    }
    return value < 0 ? "−" + result : result
  }

  /// A p value as the medical journals print it; bare ones leave out the letter and equal sign.
  public static func pValue(_ value: Double, isBare: Bool = false) -> String {
    guard value.isFinite else { return isBare ? "–" : "p not available" }
    if value < 0.001 { return isBare ? "<\u{00A0}0.001" : "p\u{00A0}<\u{00A0}0.001" }
    return (isBare ? "" : "p\u{00A0}=\u{00A0}") + (value < 0.1 ? fixed(value, 3) : fixed(value, 2))
  }

  /// A share of one as percent.
  public static func percent(_ share: Double, _ decimals: Int = 0) -> String {
    share.isFinite ? fixed(100 * share, decimals) + "\u{202F}%" : "–"
  }

  /// An interval as it stands in running text.
  public static func interval(_ low: Double, _ high: Double, _ decimals: Int) -> String {
    fixed(low, decimals) + " to " + fixed(high, decimals)
  }

  /// A number for machines: shortest text that reads back as the same value, nil if not finite.
  static func machine(_ value: Double) -> String? {
    guard value.isFinite else { return nil }
    if value == value.rounded() && abs(value) < 1e15 { return String(Int(value)) }
    return "\(value)"
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = Substring(text)
    while result.last == "0" { result.removeLast() }
    if result.last == "." { result.removeLast() }
    return String(result)
  }

  private static func withMinusSign(_ text: String) -> String {
    guard text.hasPrefix("-") else { return text }
    let digits = text.dropFirst()
    // A rounded negative must not read as minus zero.
    return digits.contains { $0 != "0" && $0 != "." } ? "−" + digits : String(digits)
  }

  private static func superscript(_ exponent: Int) -> String {
    let forms: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹", "-": "⁻",
    ]
    return String(String(exponent).map { forms[$0] ?? $0 })
  }
}
