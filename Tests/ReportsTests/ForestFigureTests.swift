import Foundation
import Testing

@testable import Reports

struct ForestFigureTests {
  private func row(_ name: String, _ value: Double, raw: Double? = nil) -> ForestFigure.Row {
    .init(
      pseudonym: name, posterior: .init(value: value, lower: value - 1, upper: value + 1), raw: raw)
  }

  @Test func rowsAreSortedBySlowing() throws {
    let figure = ForestFigure(
      rows: [row("P-2", 1), row("P-3", -2), row("P-1", 3)],
      cohort: IntervalEstimate(value: 1, lower: 0.2, upper: 1.8)
    ).figure(id: "forest")
    let checker = check(try #require(figure.svg))
    let places = try ["P-1", "P-2", "P-3", "Cohort"].map {
      try #require(checker.text.range(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
    #expect(checker.text.contains("+1.00 (+0.20 to +1.80)"))
  }

  @Test func rawEstimatesBeyondTheAxisBecomeTriangles() throws {
    let inside = ForestFigure(rows: [row("A", 1, raw: 1.2)], cohort: nil).figure(id: "f")
    let outside = ForestFigure(rows: [row("A", 1, raw: 50)], cohort: nil).figure(id: "f")
    #expect(check(try #require(inside.svg)).elementCounts["circle"] == 2)
    let checker = check(try #require(outside.svg))
    #expect(checker.elementCounts["circle"] == 1)
    #expect(checker.pathData.contains { $0.hasSuffix("z") })
  }

  @Test(arguments: [0, 1, 200])
  func anyNumberOfPatients(count: Int) {
    let figure = ForestFigure(
      rows: (0..<count).map { row("P\($0)", Double($0 % 7)) } + [row("broken", .nan)], cohort: nil
    ).figure(id: "forest")
    if let svg = figure.svg { check(svg) }
    if count > 0 { #expect(figure.caption.contains("1 patient without an estimate left out.")) }
  }

  @Test func armsHaveColoursAndANumberHasItsDigits() throws {
    let rows = [0.031, 0.012].enumerated().map { arm, value in
      ForestFigure.Row(
        pseudonym: "HOSPITAL-OF-THE-UNIVERSITY-000\(arm)",
        posterior: .init(value: value, lower: value - 0.02, upper: value + 0.02), arm: arm)
    }
    let figure = ForestFigure(rows: rows, cohort: nil, arms: ["placebo", "treated"])
      .figure(id: "f")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("+0.031 (+0.011 to +0.051)"))
    #expect(checker.text.contains("HOSPITAL-OF-THE-UNIVERSITY-0001"))
    #expect(checker.text.contains("placebo"))
    #expect(figure.caption.contains("in the colour of the arm"))
  }

  @Test func theDiamondSaysWhatItIsOf() throws {
    let figure = ForestFigure(
      rows: [row("P-1", 3)], cohort: IntervalEstimate(value: -1, lower: -2, upper: 0.2),
      cohortName: "Between arms"
    ).figure(id: "f")
    #expect(check(try #require(figure.svg)).text.contains("Between arms"))
    #expect(figure.caption.contains("Diamond: between arms, with its 95"))
  }
}
