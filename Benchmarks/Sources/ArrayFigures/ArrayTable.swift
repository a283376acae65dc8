import Foundation

/// Figures over simulated array recordings, as Markdown.
public struct ArrayTable: Sendable {
  private let outcomes: [ArrayOutcome]

  /// Makes the figures of some recordings.
  public init(_ outcomes: [ArrayOutcome]) { self.outcomes = outcomes }

  private static let columns =
    "true units | accepted | matched | RoA >= 0.9 | duplicates | false | precision | recall "
    + "| CPU s | peak MB |"

  /// Heading of the table of recordings.
  public static let recordHeading = [
    "| seed | recording | " + columns, "|---|---|" + String(repeating: "---|", count: 10),
  ]

  /// One row for each recording.
  public static func row(_ outcome: ArrayOutcome) -> String {
    let settings = outcome.record.simulation
    let what = String(
      format: "%@ %d ch %.0f Hz %.0f s %.0f dB %@ %.0f %%", settings.model.rawValue,
      outcome.record.channelCount, settings.samplingRate, settings.duration,
      settings.noise.signalToNoiseDecibels, settings.drive.shape.rawValue,
      settings.drive.levelPercentMVC)
    return "| \(outcome.record.seed) | \(what) | " + ArrayTable([outcome]).cells
      + (outcome.refusal.map { " \($0)" } ?? "")
  }

  /// Rows by channel count and by signal-to-noise ratio, and the total.
  public var summary: [String] {
    var lines = [
      "| class | recordings | " + Self.columns, "|---|---|" + String(repeating: "---|", count: 10),
    ]
    func add(_ name: String, _ part: [ArrayOutcome]) {
      if part.isEmpty { return }
      lines.append("| \(name) | \(part.count) | " + ArrayTable(part).cells)
    }
    for channels in Set(outcomes.map(\.record.channelCount)).sorted() {
      add(
        "surface, \(channels) channels",
        outcomes.filter {
          $0.record.channelCount == channels && $0.record.electrodes == .surface
        })
    }
    let inside = outcomes.filter { $0.record.electrodes != .surface }
    add(
      "intramuscular, 16 to 64 channels, steady",
      inside.filter { $0.record.simulation.templateDriftMillimetres == 0 })
    add(
      "intramuscular, drifting by up to 2 mm",
      inside.filter { $0.record.simulation.templateDriftMillimetres > 0 })
    for (low, high) in [(10.0, 17.0), (17, 24), (24, 31)] {
      add(
        String(format: "%.0f to %.0f dB", low, min(30, high)),
        outcomes.filter {
          let ratio = $0.record.simulation.noise.signalToNoiseDecibels
          return ratio >= low && ratio < high
        })
    }
    add("all", outcomes)
    return lines
  }

  private var cells: String {
    let founds = outcomes.flatMap(\.founds)
    let pairs = outcomes.flatMap(\.score.pairs)
    let matched = Double(pairs.reduce(0) { $0 + $1.matched })
    let found = pairs.reduce(0) { $0 + Double($1.matched) / $1.precision }
    let truth = pairs.reduce(0) { $0 + Double($1.matched) / $1.recall }
    func share(_ all: Double) -> String { all > 0 ? String(format: "%.3f", matched / all) : "–" }
    let seconds = outcomes.reduce(0) { $0 + $1.seconds }
    let peak = outcomes.compactMap(\.megabytes).max()
    let cells = [
      "\(outcomes.reduce(0) { $0 + $1.trueCount })", "\(founds.count)", "\(pairs.count)",
      "\(outcomes.reduce(0) { $0 + $1.goodCount })", "\(founds.count(where: \.isDuplicate))",
      "\(founds.count(where: \.isFalse))", share(found), share(truth),
      String(format: "%.1f", seconds), peak.map { String(format: "%.0f", $0) } ?? "–",
    ]
    return cells.joined(separator: " | ") + " |"
  }

  /// Predicted against true agreement of the accepted units.
  public static func calibration(_ founds: [ArrayOutcome.Found]) -> [String] {
    var lines = [
      "| predicted | units | mean predicted | mean true RoA | RoA < 0.7 | false |",
      "|---|---|---|---|---|---|",
    ]
    let edges = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.000_001]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let bin = founds.filter { $0.predicted >= low && $0.predicted < high }
      if bin.isEmpty { continue }
      let number = Double(bin.count)
      lines.append(
        String(
          format: "| %.2f to %.2f | %d | %.3f | %.3f | %d | %d |", low, min(1, high), bin.count,
          bin.reduce(0) { $0 + $1.predicted } / number,
          bin.reduce(0) { $0 + $1.agreement } / number, bin.count { $0.agreement < 0.7 },
          bin.count(where: \.isFalse)))
    }
    if founds.isEmpty { return lines }
    let score = AgreementFit.score(founds.map { ($0.predicted, $0.agreement) })
    let share = Double(founds.count(where: \.isFalse)) / Double(founds.count)
    lines.append("")
    lines.append(
      String(
        format: "%d units, mean absolute error %.4f, log score %.4f, false %.2f %%", founds.count,
        score.absolute, score.logarithmic, 100 * share))
    return lines
  }
}
