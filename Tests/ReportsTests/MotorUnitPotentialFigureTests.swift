import Testing

@testable import Reports

struct MotorUnitPotentialFigureTests {
  @Test func shimmerIsThinnedToItsLimit() throws {
    let average: [Float] = [0, 5, -3, 0]
    let figure = MotorUnitPotentialFigure(
      units: [
        .init(
          id: "1", averages: [average], discharges: Array(repeating: average, count: 100),
          marks: [1, 2, 99])
      ], samplingRate: 10_000, maximumDischarges: 20
    ).figure(id: "mup")
    let checker = check(try #require(figure.svg))
    // Twenty discharges, the average, two marks inside, two scale bars.
    #expect(checker.elementCounts["path"] == 25)
    #expect(figure.caption.contains("up to 20 single discharges"))
  }

  @Test func channelsAreStacked() throws {
    let figure = MotorUnitPotentialFigure(
      units: [.init(id: "1", averages: [[0, 1, 0], [0, -1, 0], [0, .nan, 0]])],
      samplingRate: 5000, hasCommonScale: true
    ).figure(id: "mup")
    check(try #require(figure.svg))
    #expect(figure.caption.contains("Channels from top to bottom."))
    #expect(figure.caption.contains("share one vertical scale"))
  }

  @Test func emptyAveragesSaySo() {
    let figure = MotorUnitPotentialFigure(
      units: [.init(id: "1", averages: []), .init(id: "2", averages: [[1]])], samplingRate: 5000
    ).figure(id: "mup")
    #expect(figure.drawing == nil)
  }
}
