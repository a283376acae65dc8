import MotorUnits
import Reports

extension ResearchCounts {
  /// The fullest window for people.
  package var text: String {
    guard let window = fullest, let median = window.extrapolated.median,
      let lower = window.extrapolated.lower, let upper = window.extrapolated.upper
    else { return Self.caveat + "\nNo window has the five identified units that it needs." }
    let flags = window.extrapolated.flags.map(\.rawValue)
    return Self.caveat + "\n"
      + "Window \(Formatting.fixed(window.start, 1)) to \(Formatting.fixed(window.end, 1)) s: "
      + "\(window.identifiedActive) identified, extrapolated \(Formatting.fixed(median, 0)) "
      + "[\(Formatting.fixed(lower, 0)) to \(Formatting.fixed(upper, 0)), 90 %]\n"
      + (flags.isEmpty ? "No flags." : "Flags: " + flags.joined(separator: "; "))
  }
}
