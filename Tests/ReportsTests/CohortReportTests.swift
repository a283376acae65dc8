import Testing

@testable import Reports

struct CohortReportTests {
  private func report(hasControlArm: Bool, isIdentifiedCount: Bool = false) -> CohortReport {
    CohortReport(
      title: "Cohort", measure: "MUNIX",
      courses: CohortSpaghettiFigure(
        measure: "MUNIX",
        patients: [.init(pseudonym: "A", months: [0, 1], values: [9, 8])], means: []),
      patients: TrendFigure(title: "A", panels: [TestValues.panel("A")]),
      forest: ForestFigure(rows: [], cohort: nil), waterfall: WaterfallFigure(bars: []),
      deathCount: 1, isIdentifiedCount: isIdentifiedCount, hasControlArm: hasControlArm,
      provenance: TestValues.provenance)
  }

  @Test func fourPicturesAndTheAccounting() {
    let checker = check(report(hasControlArm: false).html())
    #expect(checker.elementCounts["figure"] == 4)
    #expect(checker.text.contains("1 death and 0 withdrawals are recorded"))
    #expect(checker.text.contains("is an association"))
  }

  @Test func furtherFiguresAreDrawn() {
    var further = report(hasControlArm: false)
    further.figures = [ForestFigure(rows: [], cohort: nil), WaterfallFigure(bars: [])]
    #expect(check(further.html()).elementCounts["figure"] == 6)
  }

  @Test func controlledDataAreNotCalledUncontrolled() {
    #expect(!report(hasControlArm: true).html().contains("Without a control group"))
  }

  @Test func identifiedCountsCarryTheirSentence() {
    let html = report(hasControlArm: true, isIdentifiedCount: true).html()
    #expect(html.contains(ReportWording.identifiedCounts))
  }
}
