import Testing

@testable import Reports

struct VisitMeansFigureTests {
  private let points = [
    VisitMeansFigure.Point(
      time: 0, patients: 12, mean: .init(value: 40, lower: 30, upper: 52)),
    .init(arm: 1, time: 0, patients: 11, mean: .init(value: 42, lower: 31, upper: 55)),
    .init(time: 3, patients: 2, mean: .init(value: 20, lower: .nan, upper: .nan)),
    .init(arm: 1, time: 3, patients: 10, mean: .init(value: 33, lower: 5, upper: 90)),
  ]

  @Test func numbersOfEachArmStandUnderTheAxis() throws {
    let figure = VisitMeansFigure(
      measure: "MUNIX", arms: ["placebo", "treated"], points: points
    ).figure(id: "means")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("placebo122"))
    #expect(checker.text.contains("treated1110"))
    #expect(figure.caption.hasPrefix("Geometric means of the patients seen"))
    #expect(figure.caption.contains("none below three patients"))
    // Three intervals, each a line with two ends.
    #expect(checker.elementCounts["circle"] == 6)
  }

  @Test func nothingToShowSaysSo() {
    #expect(VisitMeansFigure(measure: "MUNIX", points: []).figure(id: "m").drawing == nil)
  }
}
