/// Reads decimal numbers from bytes, faster than through strings, with `.` or `,` as the mark.
package struct DecimalText {
  /// The decimal mark: `.` always counts, `,` where this is set.
  package var acceptsComma: Bool

  /// Reads numbers with `.`, and with `,` where it is accepted.
  package init(acceptsComma: Bool) {
    self.acceptsComma = acceptsComma
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number in a cell without blanks around it, nil where it is none.
  ///
  /// Exact to one unit in the last place of Double; `nan` and `inf` give themselves.
  package func number(_ cell: ArraySlice<UInt8>) -> Double? {
    var at = cell.startIndex
    let end = cell.endIndex
    guard at < end else { return nil }
    var isNegative = false
    if cell[at] == UInt8(ascii: "-") || cell[at] == UInt8(ascii: "+") {
      isNegative = cell[at] == UInt8(ascii: "-")
      at += 1
    }
    var mantissa: UInt64 = 0
    var exponent = 0
    var digits = 0
    var hasMark = false
    while at < end {
      let byte = cell[at]
      if byte >= 48 && byte <= 57 {
        digits += 1
        // 18 digits fit; further ones only move the decimal mark.
        if mantissa < 100_000_000_000_000_000 {
          mantissa = mantissa * 10 + UInt64(byte - 48)
          if hasMark { exponent -= 1 }
        } else if !hasMark {
          exponent += 1
        }
      } else if !hasMark && (byte == UInt8(ascii: ".") || acceptsComma && byte == UInt8(ascii: ","))
      {
        hasMark = true
      } else {
        break
      }
      at += 1
    }
    if digits == 0 { return special(cell[at...], isNegative) }
    if at < end {
      guard cell[at] == UInt8(ascii: "e") || cell[at] == UInt8(ascii: "E"),
        let stated = Int(String(decoding: cell[(at + 1)...], as: UTF8.self))
      else { return nil }
      exponent += max(-400, min(400, stated))
    }
    var value = Double(mantissa)
    while exponent < 0 && value != 0 {
      value /= Self.powers[min(22, -exponent)]
      exponent += min(22, -exponent)
    }
    while exponent > 0 && value.isFinite && value != 0 {
      value *= Self.powers[min(22, exponent)]
      exponent -= min(22, exponent)
    }
    return isNegative ? -value : value
  }

  private func special(_ rest: ArraySlice<UInt8>, _ isNegative: Bool) -> Double? {
    switch String(decoding: rest, as: UTF8.self).lowercased() {
    case "nan": .nan
    case "inf", "infinity": isNegative ? -.infinity : .infinity
    default: nil
    }
  }
}
