extension PatientReport {
  /// The report as a page, for further sections before it is written.
  public func page() -> ReportPage {
    ReportPage(
      kind: "Patient report", title: pseudonym, subtitle: context.joined(separator: " · "),
      keyFigures: keyFigures, warnings: warnings, sections: sections, provenance: provenance)
  }

  private var panels: [TrendPanel] { trends.flatMap(\.panels) }

  /// Visits are dates, so two muscles measured on one day count once.
  private var visitCount: Int {
    let dates = Set(measurements.map(\.date))
    return dates.isEmpty ? Set(panels.flatMap(\.points).map(\.months)).count : dates.count
  }

  private var keyFigures: [KeyFigure] {
    var result: [KeyFigure] = []
    if let lead = panels.first, let comparison = lead.comparison {
      let unit = comparison.slopeUnit
      func card(_ label: String, _ estimate: IntervalEstimate?) {
        guard let estimate else { return }
        result.append(
          KeyFigure(
            label: label, value: NumberText.signed(estimate.value, 1),
            detail: "\(unit) (\(NumberText.signed(estimate.lower, 1)) to "
              + "\(NumberText.signed(estimate.upper, 1)))"))
      }
      card("Slope before therapy", comparison.slopeBefore)
      card("Slope after therapy", comparison.slopeAfter)
      card("Difference", comparison.difference)
      if let p = comparison.pValue, !result.isEmpty {
        result[result.count - 1].detail += ", \(NumberText.pValue(p))"
      }
    }
    result.append(
      KeyFigure(
        label: "Visits", value: NumberText.count(visitCount),
        detail: measurements.isEmpty ? "" : counted(measurements.count, "measured value")))
    return result
  }

  private var sections: [ReportSection] {
    var result: [ReportSection] = []
    for (index, trend) in trends.enumerated() {
      var section = ReportSection(id: "trend-\(index + 1)", title: trend.title)
      if index == 0, let lead = trend.panels.first, lead.comparison != nil {
        section.paragraphs.append("The headline values are those of this measure, \(lead.title).")
      }
      if trend.panels.contains(where: \.isIdentifiedCount) {
        section.paragraphs.append(ReportWording.identifiedCounts)
      }
      section.figures = [trend.figure(id: "trend-\(index + 1)-figure")]
      let missing = trend.panels.filter { $0.comparison == nil }.map(\.title)
      if !missing.isEmpty {
        section.paragraphs.append(
          "No comparison before and after therapy was possible for: "
            + missing.joined(separator: "; ") + ".")
      }
      if missing.count < trend.panels.count { section.tables = [comparisonTable(trend)] }
      if trend.panels.count > 1, !section.tables.isEmpty {
        section.tables[0].notes += Self.remarks(trend.panels)
      }
      result.append(section)
    }
    if trends.isEmpty {
      result.append(
        ReportSection(
          id: "trend", title: "Trend", paragraphs: ["There are no measurements to show."]))
    }
    if !figures.isEmpty {
      result.append(
        ReportSection(
          id: "figures", title: "Further figures",
          figures: figures.enumerated().map {
            $0.element.figure(id: "patient-figure-\($0.offset)")
          }))
    }
    if !therapies.isEmpty { result.append(therapySection) }
    result.append(
      ReportSection(id: "visits", title: "Visits", tables: [measurementTable]))
    result.append(
      ReportSection(
        id: "method", title: "Method and limits",
        paragraphs: methods + caveats + ReportWording.association, isBoxed: true))
    return result
  }

  private func comparisonTable(_ trend: TrendFigure) -> ReportTable {
    let compared = trend.panels.filter { $0.comparison != nil }
    let unit = compared.first?.comparison?.slopeUnit ?? "% per month"
    return ReportTable(
      caption: "Slopes in \(unit) with 95\u{00A0}% intervals",
      columns: [
        .init("Muscle", isNumeric: false), .init("Values"), .init("Before"), .init("After"),
        .init("Difference"), .init("p"), .init("P(slower)"), .init("Smallest detectable"),
      ],
      rows: compared.map { panel in
        let comparison = panel.comparison
        return [
          panel.title, NumberText.count(panel.points.count { $0.exclusion == nil }),
          comparison?.slopeBefore?.text(1) ?? "–", comparison?.slopeAfter?.text(1) ?? "–",
          comparison?.difference?.text(1) ?? "–",
          comparison?.pValue.map { NumberText.pValue($0, isBare: true) } ?? "–",
          comparison?.probabilityOfSlowing.map { NumberText.fixed($0, 2) } ?? "–",
          comparison?.minimumDetectableDifference.map { NumberText.fixed($0, 1) } ?? "–",
        ]
      },
      notes: [
        "Smallest detectable: the slope difference that this schedule of visits detects with 80 % "
          + "power. A smaller true difference is likely to be missed."
      ])
  }

  /// Remarks of the panels; one that several panels share is written once with their names.
  private static func remarks(_ panels: [TrendPanel]) -> [String] {
    var order: [String] = []
    var titles: [String: [String]] = [:]
    for panel in panels {
      for note in panel.notes {
        if titles[note] == nil { order.append(note) }
        titles[note, default: []].append(panel.title)
      }
    }
    return order.map { note in
      let names = titles[note] ?? []
      return names.count == panels.count
        ? "All muscles: \(note)" : "\(names.joined(separator: "; ")): \(note)"
    }
  }

  private var therapySection: ReportSection {
    ReportSection(
      id: "therapy", title: "Therapy",
      tables: [
        ReportTable(
          caption: "Therapies",
          columns: ["Therapy", "Start", "End", "Remarks"].map { .init($0, isNumeric: false) },
          rows: therapies.map { [$0.kind, $0.start, $0.end.isEmpty ? "–" : $0.end, $0.detail] })
      ])
  }

  private var measurementTable: ReportTable {
    ReportTable(
      caption: "Measured values",
      columns: [
        .init("Date", isNumeric: false), .init("Month"), .init("Muscle", isNumeric: false),
        .init("Measure", isNumeric: false), .init("Value"), .init("Standard error"),
        .init("Remarks", isNumeric: false),
      ],
      rows: measurements.map { entry in
        let unit = entry.unit.isEmpty ? "" : "\u{202F}" + entry.unit
        return [
          entry.date, NumberText.fixed(entry.months, 1), entry.muscle, entry.measure,
          entry.value.map { NumberText.significant($0, 4) + unit } ?? "missing",
          entry.standardError.map { NumberText.significant($0, 2) + unit } ?? "–", entry.remark,
        ]
      })
  }
}
