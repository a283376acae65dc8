import Testing

@testable import Reports

struct PatientReportTests {
  private func report(_ trends: [TrendFigure]) -> PatientReport {
    PatientReport(
      pseudonym: "P<1>", therapies: [.init(kind: "A & B", start: "2026-01-01")], trends: trends,
      measurements: [
        .init(
          date: "2026-01-01", months: 0, muscle: "APB", measure: "MUNIX", value: 80,
          standardError: 6),
        .init(date: "2026-02-01", months: 1, muscle: "APB", measure: "MUNIX", value: nil),
      ], provenance: TestValues.provenance)
  }

  @Test func headlineIsTheLeadingMeasure() {
    let trend = TrendFigure(title: "MUNIX", panels: [TestValues.panel("APB")])
    let checker = check(report([trend]).html())
    #expect(checker.text.contains("Slope before therapy−5.0% per month (−7.0 to −3.0)"))
    #expect(checker.text.contains("is an association"))
    #expect(checker.text.contains("missing"))
    #expect(!checker.text.contains("Identified counts are counts of detections"))
  }

  @Test func furtherFiguresStandAfterTheTrends() {
    let trend = TrendFigure(title: "MUNIX", panels: [TestValues.panel("APB")])
    let plain = check(report([trend]).html()).elementCounts["figure"] ?? 0
    var further = report([trend])
    further.figures = [trend, trend]
    #expect(check(further.html()).elementCounts["figure"] == plain + 2)
  }

  @Test func identifiedCountsCarryTheirSentenceInTheSection() {
    let panel = TestValues.panel("VL", isIdentifiedCount: true)
    let html = report([TrendFigure(title: "Units", panels: [panel])]).html()
    #expect(html.contains("<p>\(ReportWording.identifiedCounts)</p>"))
  }

  @Test func missingComparisonsAreNamed() {
    let panel = TrendPanel(
      title: "APB", measure: "MUNIX", points: [TrendPoint(months: 0, value: 3)])
    let checker = check(report([TrendFigure(title: "MUNIX", panels: [panel])]).html())
    #expect(checker.text.contains("No comparison before and after therapy was possible for: APB."))
    check(report([]).html())
  }

  @Test func theValuesOfADayStandInOneRow() {
    var report = report([])
    report.measurements.append(
      .init(
        date: "2026-01-01", months: 0, muscle: "APB", measure: "MUNIX", value: 82, remark: "late"))
    report.measurements.append(
      .init(
        date: "2026-01-01", months: 0, muscle: "APB", measure: "CMAP", value: 7.25, unit: "mV"))
    let tables = report.measurementTables
    #expect(
      tables.map(\.rows) == [
        [["2026-01-01", "0.0", "80 ± 6; 82 (1)", "7.25"], ["2026-02-01", "1.0", "missing", "–"]]
      ])
    #expect(tables[0].columns.map(\.title) == ["Date", "Month", "MUNIX", "CMAP (mV)"])
    #expect(tables[0].caption == "Measured values, APB")
    #expect(tables[0].notes.last == "(1) late")
  }

  @Test func slopesCarryTheDigitsThatTheirErrorsNeed() {
    #expect(
      IntervalEstimate(value: -0.0012, lower: -0.0031, upper: 0.0007).text()
        == "−0.00120 (−0.00310 to +0.00070)")
    #expect(IntervalEstimate(value: 19, lower: -98.4, upper: 9283.3).text() == "+19 (−98 to +9283)")
  }

  /// Ten measures once filled fifteen printed pages: those after the first share figure and table.
  @Test func manyMeasuresShareFiguresOfOnePage() throws {
    let trends = (0..<11).map { TrendFigure(title: "M\($0)", panels: [TestValues.panel("TA")]) }
    let sections = report(trends).page().sections
    #expect(sections.map(\.id) == ["trend-1", "trend-2", "therapy", "visits", "method"])
    #expect(sections[1].figures.count == 2)
    let table = try #require(sections[1].tables.first)
    #expect(table.rows.map { $0[0] } == (1..<11).map { "M\($0)" })
    #expect(table.columns[1].title == "Unit")
  }

  @Test func columnsWithoutAnyValueAreLeftOut() throws {
    var panel = TestValues.panel("TA")
    panel.comparison?.probabilityOfSlowing = nil
    let sections = report([TrendFigure(title: "MUNIX", panels: [panel])]).page().sections
    let table = try #require(sections[0].tables.first)
    #expect(!table.columns.contains { $0.title == "P(slower)" })
  }

  @Test func sharedRemarksStandOnce() {
    let panels = ["a", "b"].map { TestValues.panel($0) }
    let text = check(report([TrendFigure(title: "MUNIX", panels: panels)]).html()).text
    #expect(text.contains("All muscles: A & B."))
  }
}
