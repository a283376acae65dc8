import Testing

@testable import Reports

struct SpikesCSVTests {
  @Test func linesHoldWholeSamplesAndSubSampleTimes() {
    #expect(
      ExportValues.decomposition().spikesCSV() == """
        unit,sample,time_s
        1,10,0.0104000
        1,100,0.0996000
        "2,b",50,0.0500000

        """)
  }

  @Test func fieldsAreQuotedWhereTheyHaveToBe() {
    #expect(CSVText.field("a") == "a")
    #expect(CSVText.field("a,b") == "\"a,b\"")
    #expect(CSVText.field("a\"b") == "\"a\"\"b\"")
    #expect(CSVText.field("a\r\nb") == "\"a\r\nb\"")
  }
}
