import Testing

@testable import Reports

@Suite("A page in the form that its file's name asks for")
struct ReportPageFormatTests {
  @Test func nameDecides() {
    let page = ReportPage(
      kind: "Plan", title: "Trial", sections: [],
      provenance: Provenance(version: "1", command: nil))
    #expect(page.text(for: "plan.HTML") == page.html())
    #expect(page.text(for: "a/plan.htm") == page.html())
    #expect(page.text(for: "plan.md") == page.markdown())
    #expect(ReportPage.Format(path: "plan.docx") == nil)
  }
}
