import Testing

@testable import Reports

struct InterspikeIntervalFigureTests {
  @Test func medianAndLongIntervalsAreStated() throws {
    let unit = UnitDischarges(id: "1", times: [0, 0.1, 0.2, 0.3, 2])
    let figure = InterspikeIntervalFigure(units: [unit]).figure(id: "isi")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("median 100 ms"))
    #expect(figure.caption.contains("1 interval longer than 250 ms not shown."))
  }

  @Test func unitsWithoutIntervalsSaySo() throws {
    let silent = UnitDischarges(id: "1", times: [1])
    #expect(InterspikeIntervalFigure(units: [silent]).figure(id: "isi").drawing == nil)
    let other = UnitDischarges(id: "2", times: [1, 1.08])
    let figure = InterspikeIntervalFigure(units: [silent, other]).figure(id: "isi")
    #expect(check(try #require(figure.svg)).text.contains("no intervals"))
  }
}
