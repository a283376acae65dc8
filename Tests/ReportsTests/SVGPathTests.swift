import Testing

@testable import Reports

struct SVGPathTests {
  @Test func movesAndLinesAreRelativeAndShort() {
    var path = SVGPath()
    path.move(10, 20)
    path.line(10, 25.5)
    path.line(10.3, 25.5)
    path.line(9.9, 25)
    path.move(0, 0)
    #expect(path.data == "M10 20v5.5h.3l-.4-.5m-9.9-25")
  }

  @Test func roundingDoesNotAddUp() {
    var path = SVGPath()
    path.move(0, 0)
    for step in 1...1000 { path.line(Double(step) * 0.14, 0) }
    let total = path.data.dropFirst(4).split(separator: "h").compactMap { Double("0" + $0) }
      .reduce(0, +)
    #expect(abs(total - 140) < 1e-6)
  }

  @Test func closingTakesThePenBackToTheStart() {
    var path = SVGPath()
    path.move(1, 1)
    path.line(3, 1)
    path.close()
    path.move(5, 1)
    #expect(path.data == "M1 1h2zm4 0")
  }

  @Test func missingPointsInterruptAPolyline() {
    var path = SVGPath()
    path.polyline([(0, 0), (1, 0), (.nan, 0), (3, .infinity), (4, 0), (5, 0)])
    #expect(path.data == "M0 0h1m3 0h1")
  }

  @Test func emptyPathsStayEmpty() {
    var path = SVGPath()
    path.close()
    path.polyline([(Double.nan, 0)])
    #expect(path.isEmpty)
  }
}
