import Foundation
import Testing

@testable import Reports

struct WaterfallFigureTests {
  @Test func respondersAreCountedBesideChance() throws {
    let figure = WaterfallFigure(
      bars: [
        .init(pseudonym: "A", slowingPercent: 80), .init(pseudonym: "B", slowingPercent: 50),
        .init(pseudonym: "C", slowingPercent: -500, arm: 1, ending: .death),
        .init(pseudonym: "D", slowingPercent: .nan),
      ], arms: ["Control", "Treated"], chancePercent: 60,
      responders: .init(count: 1, judged: 3, chanceShare: 0.367)
    ).figure(id: "w")
    let checker = check(try #require(figure.svg))
    #expect(
      figure.caption.contains(
        "2 of 3 bars reach 50 %. 1 of 3 patients respond with a probability of 0.8 or more; by "
          + "chance alone 37\u{202F}% would"))
    #expect(figure.caption.contains("1 bar beyond 200 % cut."))
    #expect(figure.caption.contains("1 patient without a decline before left out."))
    #expect(checker.text.contains("death"))
    #expect(!checker.text.contains("withdrawal"))
  }

  @Test func emptyAndSingle() throws {
    #expect(WaterfallFigure(bars: []).figure(id: "w").drawing == nil)
    let one = WaterfallFigure(bars: [.init(pseudonym: "A", slowingPercent: 0)])
    check(try #require(one.figure(id: "w").svg))
  }

  /// The labels of two lines that lie close together stay apart, whichever is the higher.
  @Test(arguments: [40.0, 45, 50, 52, 59, 90]) func labelsOfCloseLinesStayApart(
    _ chance: Double
  ) throws {
    let figure = WaterfallFigure(
      bars: (0..<12).map { .init(pseudonym: "P\($0)", slowingPercent: Double(200 - 15 * $0)) },
      chancePercent: chance
    ).figure(id: "w")
    let svg = try #require(figure.svg)
    func height(_ label: String) throws -> Double {
      let end = try #require(svg.range(of: ">\(label),")).lowerBound
      let start = try #require(svg[..<end].range(of: "<text", options: .backwards)).lowerBound
      let match = try #require(svg[start..<end].firstMatch(of: #/ y="([0-9.]+)"/#))
      return try #require(Double(match.1))
    }
    let gap = abs(try height("responder") - height("1 in 10 by chance"))
    #expect(gap >= 12, "\(gap)")
  }
}
