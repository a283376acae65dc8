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

  @Test func sharedRemarksStandOnce() {
    let panels = ["a", "b"].map { TestValues.panel($0) }
    let text = check(report([TrendFigure(title: "MUNIX", panels: panels)]).html()).text
    #expect(text.contains("All muscles: A & B."))
  }
}
