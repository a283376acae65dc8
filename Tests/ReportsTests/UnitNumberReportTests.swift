import Testing

@testable import Reports

struct UnitNumberReportTests {
  @Test func flagsAreShown() {
    let report = UnitNumberReport(
      recordingName: "scan.MEM", method: "CMAP scan",
      keyFigures: [.init(label: "Units", value: "45", detail: "90 % interval 38 to 55")],
      flags: ["drift > 4 %"],
      figures: [CMAPScanFigure(stimulus: [1, 2], response: [0, 3])],
      provenance: TestValues.provenance)
    let checker = check(report.html())
    #expect(checker.text.contains("Quality flag: drift > 4 %"))
    #expect(checker.text.contains("90 % interval 38 to 55"))
  }
}
