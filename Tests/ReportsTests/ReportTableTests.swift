import Testing

@testable import Reports

struct ReportTableTests {
  @Test func cellsAreEscapedAndEmptyTablesSaySo() {
    let table = ReportTable(
      caption: "T & T", columns: [.init("A", isNumeric: false), .init("B")], rows: [["<x>", "1"]],
      markedRows: [0], notes: ["n < 3"])
    let markup = table.element().rendered()
    check(markup)
    #expect(markup.contains("<tr class=\"marked\"><td>&lt;x&gt;</td><td class=\"number\">1</td>"))
    let empty = ReportTable(caption: "T", columns: [], rows: []).element().rendered()
    #expect(empty.contains("T: no entries."))
  }

  @Test func rowsOfAnotherLengthAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = ReportTable(caption: "T", columns: [.init("A")], rows: [["1", "2"]])
    }
  }
}
