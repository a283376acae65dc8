import Testing

@testable import Reports

struct MUNIXFigureTests {
  @Test func fitIsReadAtTwentyMillivoltMilliseconds() throws {
    let figure = MUNIXFigure(
      areas: [10, 20, 40], idealCounts: [200, 100, 50], isAccepted: [false, true, true],
      factor: 2000, exponent: -1
    ).figure(id: "munix")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("20 mV·ms"))
    #expect(checker.text.contains("Epoch not accepted"))
  }

  @Test func aFailedFitLeavesThePoints() throws {
    let figure = MUNIXFigure(
      areas: [10], idealCounts: [200], isAccepted: [false], factor: .nan, exponent: .nan
    ).figure(id: "munix")
    check(try #require(figure.svg))
  }
}
