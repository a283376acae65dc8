import Foundation
import Testing

@testable import Reports

struct TrendFigureTests {
  @Test func aSinglePanelCarriesItsBox() throws {
    let figure = TrendFigure(title: "MUNIX", panels: [TestValues.panel("APB")]).figure(id: "t")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("+2.5 (+0.1 to +4.9)"))
    #expect(checker.text.contains("p\u{00A0}=\u{00A0}0.042, P(slower) 0.97"))
    #expect(checker.text.contains("Therapy <A>"))
    #expect(checker.elementCounts["circle"] == 5)
    #expect(figure.caption.contains("dashed: the trend before therapy continued"))
    #expect(!figure.caption.contains("not an estimate of the number"))
  }

  @Test func smallMultiplesShareTheTimeAxis() throws {
    let panels = ["a", "b", "c"].map { TestValues.panel($0) }
    let figure = TrendFigure(title: "MUNIX", panels: panels).figure(id: "t")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.components(separatedBy: "Months from start of therapy").count == 4)
  }

  @Test func identifiedCountsCarryTheirSentence() {
    let panel = TestValues.panel("VL", isIdentifiedCount: true)
    let figure = TrendFigure(title: "Identified units", panels: [panel]).figure(id: "t")
    #expect(figure.caption.contains("not an estimate of the number of motor units"))
  }

  @Test func excludedAndImpossibleValuesAreCounted() throws {
    let points = [
      TrendPoint(months: 0, value: 10, standardError: 8),
      TrendPoint(months: 1, value: 0), TrendPoint(months: 2, value: .nan),
      TrendPoint(months: 3, value: 9, exclusion: "drift"),
    ]
    let figure = TrendFigure(
      title: "t", panels: [TrendPanel(title: "APB", measure: "MUNIX", points: points)]
    ).figure(id: "t")
    let checker = check(try #require(figure.svg))
    #expect(checker.elementCounts["circle"] == 2)
    #expect(figure.caption.contains("Hollow: 1 value left out of the fit."))
    #expect(figure.caption.contains("2 values that this axis cannot show left out."))
  }

  /// Every error bar ends inside its plot, those that reach zero on a logarithmic axis with an arrow.
  @Test(arguments: [false, true]) func axesHoldTheIntervals(isLogarithmic: Bool) throws {
    let points = [40.0, 36, 38].enumerated().map {
      TrendPoint(months: Double($0.offset), value: $0.element, standardError: 6)
    }
    let panel = TrendPanel(
      title: "APB", measure: "MUNIX", points: points, isLogarithmic: isLogarithmic)
    let drawing = TrendPanelDrawing(
      panel: panel, left: 0, top: 0, width: 400, header: 20, plotHeight: 200, x: 0...3,
      timeTitle: "Months")
    for point in points {
      #expect(drawing.frame.y.contains(point.value + 1.96 * 6))
      #expect(drawing.frame.y.contains(point.value - 1.96 * 6))
    }
    #expect(!drawing.hasOpenBar)
    let open = TrendFigure(
      title: "t",
      panels: [
        TrendPanel(
          title: "APB", measure: "MUNIX",
          points: [TrendPoint(months: 0, value: 10, standardError: 8)])
      ]
    ).figure(id: "t")
    #expect(open.caption.contains("Arrows: measurement intervals that go on towards zero."))
  }

  @Test func onePointAndNoPoint() throws {
    let one = TrendPanel(
      title: "APB", measure: "CMAP", unit: "mV", points: [TrendPoint(months: 2, value: -3)],
      isLogarithmic: false)
    check(try #require(TrendFigure(title: "t", panels: [one]).figure(id: "t").svg))
    let none = TrendPanel(title: "APB", measure: "CMAP", points: [])
    #expect(TrendFigure(title: "t", panels: [none]).figure(id: "t").drawing == nil)
    #expect(TrendFigure(title: "t", panels: []).figure(id: "t").drawing == nil)
    let both = TrendFigure(title: "t", panels: [one, none]).figure(id: "t")
    #expect(check(try #require(both.svg)).text.contains("No measurements"))
  }

  @Test(arguments: 1...7) func everyPanelLiesWithinThePage(count: Int) throws {
    let panel = TrendPanel(
      title: "APB", measure: "MUNIX",
      points: (0...6).map { TrendPoint(months: Double($0), value: 100 - Double($0)) })
    let figure = TrendFigure(title: "t", panels: Array(repeating: panel, count: count))
      .figure(id: "t")
    let svg = try #require(figure.svg)
    let places = svg.matches(of: /\b(?:cx|x2|x)="([-0-9.]+)"/).compactMap { Double($0.1) }
    #expect(places.count >= 7 * count)
    #expect(places.allSatisfy { $0 >= 0 && $0 <= Figure.pageWidth })
  }
}
