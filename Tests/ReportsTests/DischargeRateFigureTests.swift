import Testing

@testable import Reports

struct DischargeRateFigureTests {
  @Test func aRegularTrainKeepsItsRate() throws {
    let times = Array(stride(from: 0.0, to: 10, by: 0.1))
    let figure = DischargeRateFigure(
      units: [UnitDischarges(id: "1", times: times)], duration: 10
    ).figure(id: "rate")
    let drawing = try #require(figure.drawing)
    check(try #require(figure.svg))
    #expect(drawing.rendered().contains("at most 10.0 per second"))
  }

  @Test func pausesInterruptTheLine() throws {
    let times =
      Array(stride(from: 0.0, to: 3, by: 0.1)) + Array(stride(from: 6.0, to: 9, by: 0.1))
    let figure = DischargeRateFigure(
      units: [UnitDischarges(id: "1", times: times)], duration: 10,
      trace: SampledTrace(name: "Force", unit: "N", values: [1, 2], samplingRate: 1)
    ).figure(id: "rate")
    let checker = check(try #require(figure.svg))
    // Two parts: a second move inside the path of the rate.
    #expect(checker.pathData.contains { $0.count > 60 && $0.filter { $0 == "m" }.count == 1 })
    #expect(figure.caption.contains("Grey: Force (N)."))
  }

  @Test func tooFewDischargesSaySo() {
    let units = [UnitDischarges(id: "1", times: [1, 2]), UnitDischarges(id: "2", times: [])]
    #expect(DischargeRateFigure(units: units, duration: 5).figure(id: "rate").drawing == nil)
    #expect(DischargeRateFigure(units: [], duration: 0).figure(id: "rate").drawing == nil)
  }
}
