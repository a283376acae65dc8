extension ActiveUnitCountFigure {
  /// The counts as the text of `counts.csv`, one line per window position.
  ///
  /// Columns: `window_s` (window length), `time_s` (centre of the window), `identified_units`
  /// (identified units active in the window: detections, not motor units), `mean_rate_hz` and
  /// `power_completeness` (0 to 1), both empty where they are unknown.
  public func countsCSV() -> String {
    var output = "window_s,time_s,identified_units,mean_rate_hz,power_completeness\n"
    for entry in series {
      let length = CSVText.fixed(entry.windowSeconds, 3)
      for window in entry.windows {
        output += "\(length),\(CSVText.fixed(window.time, 4)),\(window.count),"
        output += "\(CSVText.fixed(window.meanRate, 3)),\(CSVText.fixed(window.completeness, 4))\n"
      }
    }
    return output
  }
}
