extension MeasurementKind {
  /// The kind's own unit where a text is another way to write it; otherwise the text.
  ///
  /// Counts and indices of motor units are a number without dimension, which is written "1", "units"
  /// or "motor units"; a microvolt has two signs for micro besides the letter u.
  public func canonicalUnit(_ text: String) -> String {
    let folded = text.lowercased().split { $0.isWhitespace }.joined(separator: " ")
    if countsUnits && MeasurementKind.countNames.contains(folded) { return unit }
    let plain = text.replacing("\u{B5}", with: "u").replacing("\u{3BC}", with: "u")
    return plain == unit ? unit : text
  }

  /// The unit in words, for errors.
  var unitDescription: String {
    guard countsUnits else { return unit == "1" ? "\"1\" (no unit)" : "\"\(unit)\"" }
    return unit == "1" ? "\"1\" or \"units\"" : "\"\(unit)\""
  }

  /// Whether the value is a number of motor units or an index of it.
  private var countsUnits: Bool { unit == "units" || (unit == "1" && estimatesUnitNumber) }

  private static let countNames: Set<String> = ["1", "unit", "units", "motor unit", "motor units"]
}
