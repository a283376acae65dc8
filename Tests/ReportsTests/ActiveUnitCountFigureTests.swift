import Testing

@testable import Reports

struct ActiveUnitCountFigureTests {
  private func series(_ counts: [Int], completeness: Double?) -> ActiveUnitCountFigure.Series {
    .init(
      windowSeconds: 2,
      windows: counts.enumerated().map {
        .init(time: Double($0.offset) + 1, count: $0.element, completeness: completeness)
      })
  }

  @Test func countsAreLabelledAsDetections() throws {
    let figure = ActiveUnitCountFigure(
      series: [series([1, 3, 2], completeness: 0.6)], duration: 5
    ).figure(id: "counts")
    check(try #require(figure.svg))
    #expect(figure.caption.contains("A count of detections, not of motor units."))
    #expect(figure.caption.contains("it is not the share of units found"))
  }

  @Test func completenessIsDrawnOnlyWhereKnown() throws {
    let with = ActiveUnitCountFigure(series: [series([1, 2], completeness: 2)], duration: 4)
    let without = ActiveUnitCountFigure(series: [series([1, 2], completeness: nil)], duration: 4)
    #expect(check(try #require(with.figure(id: "a").svg)).text.contains("Completeness"))
    #expect(!check(try #require(without.figure(id: "a").svg)).text.contains("Completeness"))
  }

  @Test(arguments: [[], [0], [0, 0], [1], [500, 0]])
  func edgeCases(counts: [Int]) {
    let figure = ActiveUnitCountFigure(series: [series(counts, completeness: .nan)], duration: 3)
      .figure(id: "counts")
    #expect((figure.drawing == nil) == counts.isEmpty)
    if let svg = figure.svg { check(svg) }
  }
}
