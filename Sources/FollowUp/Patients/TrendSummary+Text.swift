import Analyses
import Progression
import Registry
import Reports
import Tables

extension SeriesSummary {
  /// The block for people.
  package func text(hasTherapy: Bool) -> String {
    var lines = [title, caveat, ""]
    var table = TextTable([
      "Date", hasTherapy ? "Month from therapy" : "Month",
      unit == "1" ? "Value" : "Value (\(unit))",
      "SE", "Remark",
    ])
    let shown = NumberText.column(values.map(\.value), 4)
    for (value, shown) in zip(values, shown) {
      let remarks = [
        value.exclusion.map { "left out: \($0)" },
        value.exclusion == nil && value.quality == "warn" ? "quality: warn" : nil,
        value.replicate > 1 ? "repetition \(value.replicate)" : nil,
      ]
      table.add([
        value.date, Formatting.fixed(value.month, 1), shown,
        value.standardError.map { NumberText.significant($0, 3) } ?? "-",
        remarks.compactMap { $0 }.joined(separator: "; "),
      ])
    }
    lines += [table.text, ""]
    if let comparison {
      lines += [
        "Slope before      \(comparison.before.text())",
        "Slope after       \(comparison.after.text())",
        "Difference        \(comparison.difference.text(showsP: true))",
      ]
      if let known = comparison.knownErrorDifference {
        lines.append("  by known errors \(known.text(showsP: true))")
      }
      lines.append(
        "Smallest difference detectable with 80 % power by these visits: "
          + "\(Formatting.fixed(comparison.minimumDetectableDifference, 2)) \(slopeUnit)")
    } else {
      lines.append("No comparison before and after: \(reason ?? "too few values")")
    }
    lines += secondary.lines(isLogarithmic: scale == "logarithmic", slopeUnit: slopeUnit)
    if let cohort { lines += cohort.lines }
    if let cohortReason, hasTherapy { lines.append("No posterior by the cohort: \(cohortReason)") }
    lines += warnings.map { "Warning: \($0)" }
    return lines.joined(separator: "\n")
  }
}

extension TrendSummary {
  /// The summary for people: all series in a table, then the leading one or all in full.
  ///
  /// - Parameters:
  ///   - showsAll: whether every series is shown in full.
  ///   - comparison: what tests differences of a score of several muscles, in the words of the program.
  ///   - otherMeasures: how the other series are shown in full; nil to leave that out.
  package func text(
    showsAll: Bool, scoresTestedBy comparison: String = "a comparison of all muscles",
    otherMeasures: String? = nil
  ) -> String {
    var lines = [
      patient
        + (therapy.map { ", therapy \($0.kind) from \($0.start)" } ?? ", no therapy noted")
    ]
    lines += events.map { "\($0.kind) \($0.date)" }
    lines.append("")
    if series.count > 1 {
      var table = TextTable([
        "Measure", "Muscle", "Values", "Before", "After", "Difference", "p", "Slopes in",
      ])
      for item in series {
        let comparison = item.comparison
        func cell(_ slope: SlopeText?) -> String {
          slope.map { Formatting.signed($0.value, 2) } ?? "-"
        }
        table.add([
          item.measure, [item.muscle, item.side].compactMap { $0 }.joined(separator: ", "),
          String(item.values.count), cell(comparison?.before), cell(comparison?.after),
          cell(comparison?.difference),
          comparison?.difference.p.map { NumberText.pValue($0, isBare: true) } ?? "-",
          item.slopeUnit,
        ])
      }
      lines += [table.text, ""]
    }
    for course in unitSurvival { lines += [course.text, ""] }
    for item in showsAll ? series[...] : series.prefix(1) {
      lines += [item.text(hasTherapy: therapy != nil), ""]
    }
    let derivedLines = derived.lines(testedBy: comparison)
    if !derivedLines.isEmpty { lines += derivedLines + [""] }
    if let otherMeasures, !showsAll, series.count > 1 {
      lines += ["Other measures in full: \(otherMeasures)", ""]
    }
    lines += warnings.map { "Warning: \($0)" } + notes
    lines.append("Data: \(data.text)")
    return lines.joined(separator: "\n")
  }
}

extension UnitSurvivalCourse {
  /// The course for people.
  package var text: String {
    var table = TextTable(["Visit", "Survival", "90 % interval", "Seen", "Paused"])
    for visit in visits {
      table.add([
        visit.date, Formatting.fixed(visit.survival, 2),
        visit.bounds.map { "\(Formatting.fixed($0[0], 2)) to \(Formatting.fixed($0[1], 2))" }
          ?? "-",
        visit.seen.map { String($0) } ?? "-", visit.paused.map { String($0) } ?? "-",
      ])
    }
    let chance = detection.map {
      ", a living unit is found with a chance of \(Formatting.fixed($0, 2))"
    }
    return "Survival of followed units, \(place)\(chance ?? "")\n" + table.text
  }
}
