import Foundation

extension DecompositionExport {
  /// The spike trains as the text of `spikes.csv`, one line per discharge.
  ///
  /// Columns: `unit`, `sample` (0-based whole sample), `time_s` (seconds with sub-sample
  /// resolution, to a tenth of a microsecond). Units in their order, discharges ascending.
  public func spikesCSV() -> String {
    var output = "unit,sample,time_s\n"
    for unit in units {
      let id = CSVText.field(unit.id)
      for (sample, time) in zip(unit.samples, unit.times) {
        output += "\(id),\(sample),\(CSVText.fixed(time, 7))\n"
      }
    }
    return output
  }
}

/// Fields of comma-separated text (RFC 4180), with a decimal point in every locale.
enum CSVText {
  private static let powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

  /// A field, quoted where it has to be.
  static func field(_ text: String) -> String {
    let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return needsQuotes ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }

  /// A number with fixed decimals, empty where it is missing or not finite.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "" }
    let scale = decimals > 0 && decimals < 10 ? powers[decimals] : 1
    let scaled = (value.magnitude * scale).rounded()
    // Beyond that a number has more digits than its product is exact to.
    guard scale > 1, scaled < 1e15 else { return String(format: "%.\(decimals)f", value) }
    let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    let digits = String(fraction)
    let zeros = String(repeating: "0", count: decimals - digits.count)
    let sign = value.sign == .minus ? "-" : ""
    return "\(sign)\(whole).\(zeros)\(digits)"
  }
}
