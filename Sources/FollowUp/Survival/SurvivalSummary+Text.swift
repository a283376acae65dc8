import Foundation
import Progression
import Reports
import Tables

extension SurvivalSummary {
  /// Survival for people.
  package var text: String {
    var lines = [
      (measure.map { "\($0): " } ?? "") + accounting,
      "Event: \(eventNames); times in \(timeUnit)s from \(timeZero)", "",
    ]
    lines.append(contentsOf: armLines)
    if !tests.isEmpty { lines += [""] + testLines }
    if !jointRanks.isEmpty { lines.append(Self.jointRankExplanation) }
    if !warnings.isEmpty { lines.append("") }
    lines += warnings.map { "Warning: \($0)" }
    lines.append(ReportWording.researchUse)
    return lines.joined(separator: "\n")
  }

  /// One line a test.
  package var testLines: [String] {
    let width = tests.map(\.label.count).max() ?? 0
    return tests.map {
      $0.label.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.statement
    }
  }

  /// One line an arm.
  package var armLines: [String] {
    var table = TextTable([
      "Arm", "Patients", "Events", "Median", "95 % interval",
      "Mean to \(horizonText)",
      "SE",
    ])
    let digits = { (value: Double?) in value.map { Formatting.fixed($0, 2) } ?? "-" }
    for arm in arms {
      table.add([
        arm.name.isEmpty ? "all" : arm.name, String(arm.patients), String(arm.events),
        digits(arm.median.time),
        arm.median.lower == nil && arm.median.upper == nil
          ? "-" : "\(digits(arm.median.lower)) to \(digits(arm.median.upper))",
        digits(arm.restrictedMean.mean), digits(arm.restrictedMean.standardError),
      ])
    }
    return [table.text]
  }
}
