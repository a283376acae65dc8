import MotorUnits
import Reports

extension [ActiveUnitCounts] {
  /// Counts of identified active units, one line for each window of each length.
  package var csv: String {
    var text = "window_s,start_s,end_s,identified_active_units,mean_rate_hz,power_completeness\n"
    for series in self {
      for window in series.windows {
        text +=
          [
            Formatting.fixed(series.configuration.window, 3), Formatting.fixed(window.start, 3),
            Formatting.fixed(window.end, 3), String(window.identifiedActive),
            window.meanRate.map { Formatting.fixed($0, 3) } ?? "",
            window.powerCompleteness.map { Formatting.fixed($0, 4) } ?? "",
          ].joined(separator: ",") + "\n"
      }
    }
    return text
  }

  /// The counts as a figure over a recording of `duration` seconds.
  package func figure(duration: Double) -> ActiveUnitCountFigure {
    ActiveUnitCountFigure(
      series: map { counts in
        ActiveUnitCountFigure.Series(
          windowSeconds: counts.configuration.window,
          windows: counts.windows.map {
            ActiveUnitCountFigure.Window(
              time: ($0.start + $0.end) / 2, count: $0.identifiedActive,
              completeness: $0.powerCompleteness)
          })
      }, duration: duration, minimumDischarges: first?.configuration.fewestDischarges ?? 4)
  }
}
