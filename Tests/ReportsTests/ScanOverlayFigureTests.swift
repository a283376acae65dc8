import Testing

@testable import Reports

struct ScanOverlayFigureTests {
  @Test func everyScanHasItsCurveAndName() throws {
    let figure = ScanOverlayFigure(scans: [
      .init(name: "January", stimulus: [5, 6, 8], response: [0, 2, 4]),
      .init(name: "July", stimulus: [5, 6, 8], response: [0, 1, 3]),
    ]).figure(id: "scans")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("January") && checker.text.contains("July"))
    #expect(ScanOverlayFigure(scans: []).figure(id: "scans").drawing == nil)
  }

  @Test func intervalsStandBesideOneAnother() throws {
    let figure = IntervalFigure(
      title: "Estimated motor units", axis: "Motor units",
      rows: [
        .init(name: "first", value: 100, interval: [80, 130]),
        .init(name: "second", value: 60, interval: [50, 75]),
      ]
    ).figure(id: "intervals")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("first") && checker.text.contains("second"))
    // There is no scan between the first and the second.
    #expect(!checker.text.contains("1.5"))
  }
}
