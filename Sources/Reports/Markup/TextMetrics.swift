/// Widths of text in the metrics shared by Helvetica, Arial and Liberation Sans, with room for others.
enum TextMetrics {
  /// How much wider text is where none of these fonts is installed (DejaVu Sans on a plain Debian).
  private static let widest = 1.13

  /// The width that a text may take, in the unit of its font size.
  static func width(_ text: String, size: Double) -> Double {
    text.reduce(0) { $0 + advance($1) } * size * widest
  }

  /// The text shortened with an ellipsis until it fits.
  static func fitted(_ text: String, size: Double, width limit: Double) -> String {
    if width(text, size: size) <= limit { return text }
    var result = text
    while result.count > 1, width(result + "…", size: size) > limit { result.removeLast() }
    return result + "…"
  }

  /// A name shortened in its middle until it fits, as names of one study differ at their ends.
  static func fittedName(_ name: String, size: Double, width limit: Double) -> String {
    if width(name, size: size) <= limit { return name }
    var head = name.prefix(name.count / 3)
    var tail = name.dropFirst(name.count / 3)
    while tail.count > 1, width(head + "…" + tail, size: size) > limit {
      if head.count > tail.count / 2 { head.removeLast() } else { tail.removeFirst() }
    }
    return head + "…" + tail
  }

  /// The text broken between words into lines that fit.
  static func wrapped(_ text: String, size: Double, width limit: Double) -> [String] {
    var lines: [String] = []
    var current = ""
    for word in text.split(separator: " ") {
      let candidate = current.isEmpty ? String(word) : current + " " + word
      if current.isEmpty || width(candidate, size: size) <= limit {
        current = candidate
      } else {
        lines.append(current)
        current = String(word)
      }
    }
    if !current.isEmpty { lines.append(current) }
    return lines
  }

  private static func advance(_ character: Character) -> Double {
    switch character {
    case "i", "j", "l", "'", "|": return 0.22
    case " ", ".", ",", ":", ";", "!", "/", "I", "f", "t", "[", "]", "\u{202F}", "·": return 0.28
    case "r", "(", ")", "-", "°": return 0.34
    case "m", "M", "%", "W", "@": return 0.86
    case "w": return 0.72
    case "A"..."Z": return 0.69
    case "c", "k", "s", "v", "x", "y", "z", "J": return 0.5
    case "…", "—": return 1
    default: return 0.56
    }
  }
}
