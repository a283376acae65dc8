import Testing

@testable import Reports

@Suite struct SurvivalFigureTests {
  private func curve(_ name: String, survival: [Double]) -> SurvivalFigure.Curve {
    let times = survival.indices.map { Double($0 + 1) }
    return SurvivalFigure.Curve(
      name: name, times: times, survival: survival, lower: survival.map { max(0, $0 - 0.2) },
      upper: survival.map { min(1, $0 + 0.1) }, censored: [2.5], end: 6,
      atRisk: { 20 - Int($0) })
  }

  @Test func drawsCurvesIntervalsAndNumbersAtRisk() throws {
    let figure = SurvivalFigure(
      curves: [curve("placebo", survival: [0.9, 0.5]), curve("active", survival: [0.95, 0.8])],
      timeTitle: "Months", notes: ["Log-rank test p = 0.04"]
    ).figure(id: "s")
    let svg = try #require(figure.svg)
    #expect(check(svg).failure == nil)
    #expect(svg.contains(">placebo<") && svg.contains(">active<") && svg.contains(">20<"))
    #expect(svg.contains("Log-rank test") && svg.contains("fill-opacity"))
    #expect(figure.caption.contains("at risk"))
  }

  /// A curve that ends at zero has no interval there, and one without events is a line at one.
  @Test func edgesOfCurves() throws {
    let none = SurvivalFigure.Curve(
      name: "", times: [], survival: [], lower: [], upper: [], censored: [3], end: 3,
      atRisk: { $0 <= 3 ? 1 : 0 })
    let figure = SurvivalFigure(curves: [none], timeTitle: "Months").figure(id: "s")
    #expect(figure.drawing != nil && figure.caption.contains("no event yet"))
    #expect(SurvivalFigure(curves: [], timeTitle: "Months").figure(id: "s").drawing == nil)
    let zero = SurvivalFigure.Curve(
      name: "a", times: [1], survival: [0], lower: [.nan], upper: [.nan], censored: [], end: 1,
      atRisk: { _ in 1 })
    let svg = try #require(SurvivalFigure(curves: [zero], timeTitle: "t").figure(id: "s").svg)
    #expect(!svg.contains("nan"))
  }
}
