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
            label: label, value: NumberText.signed(estimate.value, estimate.decimals),
            detail: "\(unit) (\(NumberText.signed(estimate.lower, estimate.decimals)) to "
              + "\(NumberText.signed(estimate.upper, estimate.decimals)))"))
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
    // The leading measure stands alone; a section for each of many others would fill many pages.
    let isShort = trends.count <= 2
    for (index, trend) in trends.prefix(isShort ? 2 : 1).enumerated() {
      var section = ReportSection(id: "trend-\(index + 1)", title: trend.title)
      if index == 0, let lead = trend.panels.first, lead.comparison != nil {
        section.paragraphs.append("The headline values are those of this measure, \(lead.title).")
      }
      fill(&section, with: trend, isMixed: false)
      result.append(section)
    }
    if !isShort { result.append(otherMeasures(Array(trends.dropFirst()))) }
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
    result.append(ReportSection(id: "visits", title: "Visits", tables: measurementTables))
    result.append(
      ReportSection(
        id: "method", title: "Method and limits",
        paragraphs: methods + caveats + ReportWording.association, isBoxed: true))
    return result
  }

  /// The measures after the leading one as small multiples, and one table.
  private func otherMeasures(_ trends: [TrendFigure]) -> ReportSection {
    var joined = TrendFigure(
      title: "Other measures", panels: [], timeTitle: trends.first?.timeTitle ?? "")
    let places = Set(trends.flatMap(\.panels).map(\.title))
    for trend in trends {
      for var panel in trend.panels {
        panel.title =
          places.count == 1 ? trend.title : "\(trend.title), \(panel.title)"
        // The title names the measure; the axis has room for its unit.
        panel.measure = ""
        joined.panels.append(panel)
      }
    }
    var section = ReportSection(id: "trend-2", title: joined.title)
    fill(&section, with: joined, isMixed: true)
    return section
  }

  private func fill(_ section: inout ReportSection, with trend: TrendFigure, isMixed: Bool) {
    if trend.panels.contains(where: \.isIdentifiedCount) {
      section.paragraphs.append(ReportWording.identifiedCounts)
    }
    let step = TrendFigure.panelsPerPage
    section.figures = stride(from: 0, to: max(1, trend.panels.count), by: step).map { start in
      var part = trend
      part.panels = Array(trend.panels[start..<min(trend.panels.count, start + step)])
      part.explainsCounts = false
      return part.figure(id: "\(section.id)-figure" + (start == 0 ? "" : "-\(start)"))
    }
    let missing = trend.panels.filter { $0.comparison == nil }.map(\.title)
    if !missing.isEmpty {
      section.paragraphs.append(
        "No comparison before and after therapy was possible for: "
          + missing.joined(separator: "; ") + ".")
    }
    if missing.count < trend.panels.count {
      var table = comparisonTable(trend, isMixed: isMixed)
      if trend.panels.count > 1 { table.notes += Self.remarks(trend.panels, isMixed: isMixed) }
      section.tables = [table]
    }
  }

  /// Slopes of the panels; columns that no panel has a value for are left out.
  private func comparisonTable(_ trend: TrendFigure, isMixed: Bool) -> ReportTable {
    let compared = trend.panels.filter { $0.comparison != nil }
    let unit = compared.first?.comparison?.slopeUnit ?? "% per month"
    let optional: [(title: String, cell: (TrendComparison) -> String?)] = [
      ("p", { $0.pValue.map { NumberText.pValue($0, isBare: true) } }),
      ("P(slower)", { $0.probabilityOfSlowing.map { NumberText.fixed($0, 2) } }),
      (
        "Smallest detectable",
        { $0.minimumDetectableDifference.map { NumberText.significant($0, 2) } }
      ),
    ]
    let shown = optional.filter { column in
      compared.contains { $0.comparison.flatMap(column.cell) != nil }
    }
    return ReportTable(
      caption: isMixed
        ? "Slopes with 95\u{00A0}% intervals"
        : ReportWording.quantity("Slopes", in: unit) + " with 95\u{00A0}% intervals",
      columns: [.init(isMixed ? "Measure" : "Muscle", isNumeric: false)]
        + (isMixed ? [.init("Unit", isNumeric: false)] : [])
        + [.init("Values"), .init("Before"), .init("After"), .init("Difference")]
        + shown.map { ReportTable.Column($0.title) },
      rows: compared.compactMap { panel in
        guard let comparison = panel.comparison else { return nil }
        return [panel.title]
          + (isMixed ? [comparison.slopeUnit.replacing(" ", with: "\u{00A0}")] : [])
          + [
            NumberText.count(panel.points.count { $0.exclusion == nil }),
            comparison.slopeBefore?.text() ?? "–", comparison.slopeAfter?.text() ?? "–",
            comparison.difference?.text() ?? "–",
          ] + shown.map { $0.cell(comparison) ?? "–" }
      },
      notes: shown.contains { $0.title == "Smallest detectable" }
        ? [
          "Smallest detectable: the slope difference that this schedule of visits detects with 80 % "
            + "power. A smaller true difference is likely to be missed."
        ] : [])
  }

  /// Remarks of the panels; one that several panels share is written once with their names.
  private static func remarks(_ panels: [TrendPanel], isMixed: Bool) -> [String] {
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
        ? "All \(isMixed ? "measures" : "muscles"): \(note)"
        : "\(names.joined(separator: "; ")): \(note)"
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
}
