import Testing

@testable import Reports

struct CMAPScanFigureTests {
  @Test func scanFitAndSteps() throws {
    let figure = CMAPScanFigure(
      stimulus: [5, 6, 7, 8], response: [0, 1, .nan, 4], fitStimulus: [5, 8], fitResponse: [0, 4],
      stepLevels: [1, 2], fittedLevels: [0.9, 3.8], notes: ["45 units (90 % interval 38 to 55)"]
    ).figure(id: "scan")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("45 units (90 % interval 38 to 55)"))
    #expect(figure.caption.contains("Dashed: fitted response"))
    #expect(figure.caption.contains("1 value that cannot be drawn"))
  }

  @Test func emptyScansSaySo() {
    #expect(CMAPScanFigure(stimulus: [], response: []).figure(id: "scan").drawing == nil)
  }
}
