import Testing

@testable import Reports

struct UnitSizeFigureTests {
  @Test func allSizesAreInABin() throws {
    let sizes = [10.0, 20, 20, 50, 100, 1000, 0, -3, .nan]
    let figure = UnitSizeFigure(sizesMicrovolts: sizes, a50Microvolts: 200).figure(id: "sizes")
    let checker = check(try #require(figure.svg))
    #expect(figure.caption.hasPrefix("6 units; bins of equal ratio."))
    #expect(figure.caption.contains("3 sizes without a positive value left out."))
    #expect(checker.text.contains("A50 200 µV"))
    #expect(checker.elementCounts["rect"] == 5)
  }

  @Test(arguments: [[5.0], [5, 5, 5], [1e-9, 1e9]])
  func edgeCases(sizes: [Double]) throws {
    check(try #require(UnitSizeFigure(sizesMicrovolts: sizes).figure(id: "sizes").svg))
  }
}
