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
  /// A field, quoted where it has to be.
  static func field(_ text: String) -> String {
    let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return needsQuotes ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }

  /// A number with fixed decimals, empty where it is missing or not finite.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "" }
    return String(format: "%.\(decimals)f", value)
  }
}
