import Reports
import Tables

extension DerivedMeasures {
  /// The lines for people; empty where nothing was derived.
  ///
  /// - Parameter comparison: what tests differences of a score, in the words of the program that shows it.
  package func lines(testedBy comparison: String = "a comparison of all muscles") -> [String] {
    var lines: [String] = []
    for score in scores {
      lines.append(
        "Megascore of \(score.measure) (\(score.combination) of \(score.muscles.count) muscles), for "
          + "display only: differences are tested by \(comparison)")
      if let reason = score.reason { lines.append("  none: \(reason)") }
      if !score.visits.isEmpty {
        var table = TextTable(["Date", "Month", "Score", "SE"])
        for visit in score.visits {
          table.add([
            visit.date, Formatting.fixed(visit.month, 1), NumberText.significant(visit.value, 4),
            visit.standardError.map { NumberText.significant($0, 3) } ?? "-",
          ])
        }
        lines.append(table.text)
      }
      for refusal in score.refused {
        lines.append(
          "  \(refusal.date): no score, without \(refusal.missing.joined(separator: "; "))")
      }
    }
    for item in halfLives {
      let name = "M50 \(item.measure), \(item.place)"
      guard let result = item.result else {
        lines.append("\(name): none (\(item.reason ?? ""))")
        continue
      }
      let interval =
        result.slope == nil
        ? "no interval: one visit"
        : "95 % interval \(Formatting.fixed(result.lower, 1)) to "
          + (result.upper.map { Formatting.fixed($0, 1) } ?? "no upper end")
      lines.append(
        "\(name): half of \(NumberText.significant(item.control, 4)) at "
          + "\(Formatting.fixed(result.months, 1)) months from onset (\(interval)), "
          + "\(result.visits) visits" + (result.isExtrapolated ? ", extrapolated" : ""))
    }
    return lines
  }
}

extension CohortPosterior {
  /// The lines for people.
  package var lines: [String] {
    func text(_ value: Value) -> String {
      "\(Formatting.signed(value.value, 2)) \(slopeUnit) (95 % interval "
        + "\(Formatting.signed(value.lower, 2)) to \(Formatting.signed(value.upper, 2)))"
    }
    return [
      "With the cohort (\(patients) patients, mixed model \(model)"
        + ", \(extent)):",
      "  slope before    \(text(slopeBefore))",
      "  difference      \(text(change))",
      "  probability of any slowing \(Formatting.fixed(probabilityOfSlowing, 2)), of slowing by half "
        + "or more \(Formatting.fixed(probabilityOfHalving, 2))",
    ]
  }
}
