/// Escaping of text for XML and HTML.
enum MarkupText {
  /// Escapes the five characters of XML and drops the control characters that XML 1.0 forbids.
  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      default:
        if scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF { continue }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Turns any text into a token that may stand in an `id` attribute.
  static func identifier(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || scalar == "-"
      result.unicodeScalars.append(isPlain ? scalar : "-")
    }
    guard let first = result.unicodeScalars.first else { return "x" }
    return ("0"..."9").contains(first) || first == "-" ? "x" + result : result
  }
}
