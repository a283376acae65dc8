import Foundation
import Testing

@testable import Reports

struct SignalFiringsFigureTests {
  @Test func labelsNeverOverlap() throws {
    let times = (0..<60).map { Double($0) * 0.004 }
    let figure = SignalFiringsFigure(
      channels: [[Float](repeating: 1, count: 1000)], samplingRate: 1000,
      units: [
        UnitDischarges(id: "12", times: times),
        UnitDischarges(id: "13", times: times.map { $0 + 0.001 }),
      ]
    ).figure(id: "signal")
    let checker = check(try #require(figure.svg))
    let labels = checker.text.components(separatedBy: "12").count - 1
    #expect(labels > 5)
    #expect(labels < 60)
  }

  @Test func onlyTheAskedStripsAreDrawn() throws {
    let figure = SignalFiringsFigure(
      channels: [[Float](repeating: 0, count: 10_000)], samplingRate: 1000, startTime: 3,
      units: [], stripSeconds: 2, maximumStrips: 3
    ).figure(id: "signal")
    let checker = check(try #require(figure.svg))
    #expect(figure.caption.hasPrefix("6 s of the recording"))
    #expect(checker.text.contains("9"))
  }

  @Test func brokenSamplesAndEmptySignals() throws {
    let broken = SignalFiringsFigure(
      channels: [[.nan, 1, .infinity, -1e30], [0, 0]], samplingRate: 4,
      units: [UnitDischarges(id: "1", times: [.nan, 0.5])])
    check(try #require(broken.figure(id: "signal").svg))
    let none = SignalFiringsFigure(channels: [], samplingRate: 1000, units: [])
    #expect(none.figure(id: "signal").drawing == nil)
  }
}
