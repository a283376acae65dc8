import Testing

@testable import Reports

struct XYFigureTests {
  private func figure(
    _ series: [XYFigure.Series], isLogarithmic: Bool = false
  ) -> Figure {
    XYFigure(
      title: "A & B", caption: "Caption.", xTitle: "x (mA)", yTitle: "y (mV)",
      isXLogarithmic: isLogarithmic, isYLogarithmic: isLogarithmic, series: series,
      references: [.init(value: 2, label: "<2>", isVertical: true)], notes: ["note"]
    ).figure(id: "xy")
  }

  @Test func allMarksAreDrawn() throws {
    let x = [1.0, 2, 3]
    let marks: [XYFigure.Mark] = [
      .points(radius: 2), .line(width: 1), .dashedLine(width: 1), .steps(width: 1),
      .bars(width: 0.5), .ribbon,
    ]
    let result = figure(
      marks.map { .init(name: "\($0)", mark: $0, x: x, y: [1, 4, 2], upper: [2, 5, 3]) })
    let checker = check(try #require(result.svg))
    // Three points and the legend's key.
    #expect(checker.elementCounts["circle"] == 4)
    #expect(checker.pathData.contains { $0.hasSuffix("z") })
    #expect(checker.text.contains("<2>"))
  }

  @Test func valuesOffTheAxesAreDroppedWithANote() throws {
    let series = XYFigure.Series(
      name: "", mark: .points(radius: 2), x: [1, 2, .nan, -4], y: [5, .infinity, 1, 2])
    let linear = figure([series])
    #expect(linear.caption.contains("2 values that cannot be drawn"))
    let logarithmic = figure([series], isLogarithmic: true)
    #expect(logarithmic.caption.contains("3 values that cannot be drawn"))
    check(try #require(logarithmic.svg))
  }

  @Test(arguments: [
    [0.0], [1e-30], [1e30], [-1e12, 1e12], [5, 5, 5], [1e-9, 1e9],
  ])
  func extremeRangesStayWellFormed(values: [Double]) throws {
    let series = XYFigure.Series(name: "s", mark: .line(width: 1), x: values, y: values)
    check(try #require(figure([series]).svg))
    if let svg = figure([series], isLogarithmic: true).svg { check(svg) }
  }

  @Test func emptySeriesSaySo() {
    let none = figure([.init(name: "s", mark: .points(radius: 1), x: [.nan], y: [1])])
    #expect(none.drawing == nil)
    #expect(none.caption == "There are no values to show.")
    #expect(figure([]).drawing == nil)
  }

  @Test func drawingIsDeterministic() {
    let series = XYFigure.Series(name: "s", mark: .line(width: 1), x: [1, 2], y: [3, 4])
    #expect(figure([series]) == figure([series]))
    #expect(figure([series]).svg == figure([series]).svg)
  }
}
