import Testing

@testable import Reports

struct TextMetricsTests {
  @Test func fittedTextKeepsItsRoom() {
    #expect(TextMetrics.fitted("short", size: 10, width: 100) == "short")
    let cut = TextMetrics.fitted("a very long label of a unit", size: 10, width: 50)
    #expect(cut.hasSuffix("…"))
    #expect(TextMetrics.width(cut, size: 10) <= 50)
    #expect(TextMetrics.fitted("", size: 10, width: 0) == "")
  }

  @Test func wrappedLinesFitAndKeepAllWords() {
    let text = "One visit left out of the fit: drift of the scan above four percent."
    let lines = TextMetrics.wrapped(text, size: 11, width: 150)
    #expect(lines.count > 1)
    #expect(lines.allSatisfy { TextMetrics.width($0, size: 11) <= 150 })
    #expect(lines.joined(separator: " ") == text)
  }
}
