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

  @Test func theLegendOfManyScansGoesOnInFurtherRows() throws {
    func height(_ count: Int) throws -> Double {
      let figure = ScanOverlayFigure(
        scans: (1...count).map {
          .init(name: "2025-01-\($0 + 10)", stimulus: [5, 6], response: [0, Double($0)])
        }
      ).figure(id: "scans")
      let svg = try #require(figure.svg)
      let checker = check(svg)
      #expect((1...count).allSatisfy { checker.text.contains("2025-01-\($0 + 10)") })
      let places = svg.matches(of: /<text x="([0-9.]+)"[^>]*>2025/).compactMap { Double($0.1) }
      #expect(places.count == count && places.allSatisfy { $0 < 790 }, "\(places)")
      let box = try #require(svg.firstMatch(of: /viewBox="0 0 [0-9.]+ ([0-9.]+)"/))
      return try #require(Double(box.1))
    }
    #expect(try height(12) > height(3))
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
