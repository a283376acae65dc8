import Foundation

/// Cells that a spreadsheet would run as formulas, made harmless and brought back.
///
/// A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return. Such a
/// cell gets an apostrophe before it, unless it is a number; reading takes one apostrophe away again.
/// A cell that begins with apostrophes before such a character gets one more, so that every text
/// comes back as it was. Source: OWASP, CSV Injection.
package enum SpreadsheetCell {
  /// The cell as it is written.
  package static func neutral(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, isSpecial(first) || first == "'" else {
      return text
    }
    guard startsFormula(text) else { return text }
    return first != "'" && isNumber(text) ? text : "'" + text
  }

  /// The cell as it was before it was written.
  package static func original(_ cell: String) -> String {
    guard cell.unicodeScalars.first == "'", startsFormula(cell) else { return cell }
    return String(String.UnicodeScalarView(cell.unicodeScalars.dropFirst()))
  }

  private static func startsFormula(_ text: String) -> Bool {
    text.unicodeScalars.first { $0 != "'" }.map(isSpecial) ?? false
  }

  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "\t", "\r": true
    default: false
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.,eE".utf8.contains($0) }
      && Double(text.replacingOccurrences(of: ",", with: ".")) != nil
  }
}
