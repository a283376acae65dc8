import Foundation

/// Figures over the recordings of one scenario.
public struct NeedleTable: Sendable {
  private let outcomes: [NeedleOutcome]

  /// Makes the figures of some recordings.
  public init(_ outcomes: [NeedleOutcome]) { self.outcomes = outcomes }

  private var asked: [NeedleOutcome.Truth] { outcomes.flatMap(\.asked) }

  /// The heading of the Markdown table.
  public static let heading = [
    "| scenario | records | units | above the line | found | RoA of these | sensitivity | PPV "
      + "| accepted | tentative | false accepted | false tentative | collapsed (unflagged) "
      + "| CPU s per s | slowest |",
    "|" + String(repeating: "---|", count: 15),
  ]

  /// One row of the Markdown table.
  public func row(_ name: String) -> String {
    let found = asked.filter { $0.agreement >= NeedleOutcome.found }
    let matched = found.reduce(0) { $0 + $1.matched }
    let founds = outcomes.flatMap(\.founds)
    let accepted = founds.filter { !$0.unit.isTentative }
    let tentative = founds.filter(\.unit.isTentative)
    let collapsed = outcomes.filter(\.isCollapsed)
    func share(_ part: Int, _ all: Int) -> String {
      all == 0 ? "–" : String(format: "%.4g", Double(part) / Double(all))
    }
    let cells = [
      name, "\(outcomes.count)", "\(outcomes.reduce(0) { $0 + $1.truths.count })",
      "\(asked.count)",
      "\(found.count)"
        + (asked.isEmpty
          ? "" : String(format: " (%.1f %%)", 100 * Double(found.count) / Double(asked.count))),
      found.isEmpty
        ? "–"
        : String(format: "%.3f", found.reduce(0) { $0 + $1.agreement } / Double(found.count)),
      share(matched, found.reduce(0) { $0 + $1.discharges }),
      share(matched, found.reduce(0) { $0 + $1.foundDischarges }),
      "\(accepted.count)", "\(tentative.count)", "\(accepted.count { !$0.isReal })",
      "\(tentative.count { !$0.isReal })",
      "\(collapsed.count) (\(collapsed.count { !$0.isFlagged }))",
      String(format: "%.2f", speed), String(format: "%.2f", slowest),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// Processor seconds for each second of signal.
  public var speed: Double {
    outcomes.reduce(0) { $0 + $1.seconds }
      / max(1e-9, outcomes.reduce(0) { $0 + $1.result.duration })
  }

  /// The same for the recording that took longest.
  public var slowest: Double {
    outcomes.map { $0.seconds / max(1e-9, $0.result.duration) }.max() ?? 0
  }

  /// How many units above the line met which fate.
  public var fates: String {
    let counts = Dictionary(grouping: asked, by: \.fate).mapValues(\.count)
    return counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// The heading of the table of durations.
  public static let durationHeading = [
    "| scenario | units | true duration, ms (SD) | error, ms (SD) | worst |",
    "|---|---|---|---|---|",
  ]

  /// Durations of found units against those of their noise-free potentials, as a Markdown row.
  public func durations(_ name: String) -> String {
    let pairs = outcomes.flatMap(\.truths).filter { $0.agreement > NeedleOutcome.found }
      .compactMap { unit in
        unit.duration.flatMap { own in unit.foundDuration.map { (own: own, error: $0 - own) } }
      }
    func text(_ values: [Double]) -> String {
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return String(
        format: "%.2f (%.2f)", mean, (squares / Double(max(1, values.count - 1))).squareRoot())
    }
    let cells = [
      name, "\(pairs.count)", text(pairs.map(\.own)), text(pairs.map(\.error)),
      String(format: "%.1f", pairs.map { abs($0.error) }.max() ?? 0),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// Estimated against true agreement of all found units, as a Markdown table.
  public var calibration: [String] {
    let founds = outcomes.flatMap(\.founds)
    var lines = [
      "| estimated | units | mean estimate | mean true RoA | RoA below 0.8 |",
      "|---|---|---|---|---|",
    ]
    let edges = [0, 0.5, 0.7, 0.85, 0.92, 0.96, 1.000_001]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let bin = founds.filter {
        $0.unit.predictedAgreement >= low && $0.unit.predictedAgreement < high
      }
      if bin.isEmpty { continue }
      let number = Double(bin.count)
      lines.append(
        String(
          format: "| %.2f to %.2f | %d | %.3f | %.3f | %d |", low, min(1, high), bin.count,
          bin.reduce(0) { $0 + $1.unit.predictedAgreement } / number,
          bin.reduce(0) { $0 + $1.agreement } / number, bin.count { $0.agreement < 0.8 }))
    }
    let errors = founds.map { abs($0.unit.predictedAgreement - $0.agreement) }
    if !errors.isEmpty {
      lines.append("")
      lines.append(
        String(
          format: "mean absolute error %.3f over %d units",
          errors.reduce(0, +) / Double(errors.count), errors.count))
    }
    return lines
  }
}
