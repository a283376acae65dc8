import Testing

@testable import Reports

struct SVGCanvasTests {
  @Test func drawingsAreNamedAndDescribed() {
    var canvas = SVGCanvas(width: 10, height: 5.5)
    canvas.circle(1, 2, radius: 0.75, fill: "#000")
    let markup = canvas.svg(id: "a b", title: "T & T", description: "<d>").rendered()
    let checker = check(markup)
    #expect(checker.references == ["a-b-title", "a-b-desc"])
    #expect(checker.text == "T & T<d>")
    #expect(markup.contains("viewBox=\"0 0 10 5.5\""))
    #expect(markup.contains("role=\"img\""))
    #expect(markup.hasSuffix("<circle cx=\"1\" cy=\"2\" r=\"0.75\" fill=\"#000\"/></svg>"))
  }

  @Test func shapesWithoutAFinitePlaceAreNotDrawn() {
    var canvas = SVGCanvas(width: 10, height: 10)
    canvas.line(0, .nan, 1, 1, stroke: "#000")
    canvas.circle(.infinity, 0, radius: 1, fill: "#000")
    canvas.rect(0, 0, .nan, 1, fill: "#000")
    canvas.text("x", 0, .nan)
    canvas.stroked(SVGPath(), stroke: "#000")
    #expect(canvas.elements.isEmpty)
    canvas.rect(0, 0, -3, 1, fill: "#000")
    #expect(canvas.elements.count == 1)
    check(canvas.svg(id: "a", title: "t", description: "d").rendered())
  }

  @Test func decimalsAreShort() {
    #expect(SVGCanvas.decimal(0.5) == ".5")
    #expect(SVGCanvas.decimal(0.75) == "0.75")
    #expect(SVGCanvas.decimal(-0.05) == "-0.05")
    #expect(SVGCanvas.decimal(2) == "2")
    #expect(SVGCanvas.decimal(.nan) == "0")
  }
}
