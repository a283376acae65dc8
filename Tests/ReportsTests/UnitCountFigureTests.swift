import Testing

@testable import Reports

struct UnitCountFigureTests {
  @Test("bars for the numbers that are possible, none for an empty posterior")
  func bars() throws {
    let figure = UnitCountFigure(probabilities: [0, 0.2, 0.7, 0.1, 0.001]).figure(id: "count")
    let text = try #require(figure.svg)
    #expect(check(text).text.contains("Motor units"))
    let empty = UnitCountFigure(probabilities: [0, 0.2]).figure(id: "count")
    let fewer = try #require(empty.svg)
    #expect(text.count > fewer.count)
    #expect(UnitCountFigure(probabilities: []).figure(id: "count").drawing == nil)
  }
}
