import Testing

@testable import Reports

struct InstantaneousRateFigureTests {
  @Test func everyIntervalIsADotAndPausesAreNone() throws {
    let figure = InstantaneousRateFigure(
      units: [
        UnitDischarges(id: "0", times: [1, 1.1, 1.2, 3, 3.1]),
        UnitDischarges(id: "1", times: [2]),
      ], duration: 5
    ).figure(id: "rates")
    let checker = check(try #require(figure.svg))
    // Two intervals before the pause and one after it.
    let dots = checker.pathData.max { $0.count < $1.count }
    #expect(dots?.filter { $0 == "M" || $0 == "m" }.count == 3)
    #expect(figure.caption.contains("1 unit without two discharges in a row not shown."))
  }

  @Test func aDoubletIsMarkedAtTheEdge() throws {
    var times = (0..<200).map { Double($0) * 0.1 }
    times.insert(10.005, at: 101)
    let figure = InstantaneousRateFigure(
      units: [UnitDischarges(id: "0", times: times)], duration: 20
    ).figure(id: "rates")
    #expect(figure.caption.contains("Hollow, at the upper edge: 1 faster interval."))
  }

  @Test func noRatesSaySo() {
    let figure = InstantaneousRateFigure(
      units: [UnitDischarges(id: "0", times: [1])], duration: 2
    ).figure(id: "rates")
    #expect(figure.drawing == nil)
  }
}
