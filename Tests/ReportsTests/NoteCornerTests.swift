import Testing

@testable import Reports

struct NoteCornerTests {
  private let frame = PlotFrame(left: 0, top: 0, width: 400, height: 200, x: 0...4, y: 0...2)

  private func corner(_ series: XYFigure.Series) -> (right: Bool, top: Bool) {
    let place = NoteCorner.emptiest([series], frame: frame, width: 80, height: 40)
    return (place.x > 200, place.y < 100)
  }

  @Test func boxesStandOffTheData() {
    let rising = XYFigure.Series(name: "", mark: .line(width: 1), x: [0, 4], y: [0, 2])
    #expect(corner(rising) == (right: false, top: true))
    let falling = XYFigure.Series(name: "", mark: .line(width: 1), x: [0, 4], y: [2, 0])
    #expect(corner(falling) == (right: true, top: true))
    // The top of the bar is beside the box, its body would be under it.
    let bar = XYFigure.Series(name: "", mark: .bars(width: 2), x: [3], y: [1.99])
    #expect(corner(bar) == (right: false, top: true))
  }

  @Test func emptySeriesTakeTheUsualCorner() {
    #expect(
      corner(XYFigure.Series(name: "", mark: .points(radius: 1), x: [], y: []))
        == (right: true, top: true))
  }
}
