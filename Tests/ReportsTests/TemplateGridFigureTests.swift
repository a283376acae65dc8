import Testing

@testable import Reports

struct TemplateGridFigureTests {
  @Test func missingElectrodesAreMarked() throws {
    let waveform: [Float] = [0, 10, -20, 5, 0]
    let figure = TemplateGridFigure(
      rows: 2, columns: 2, samplingRate: 1000,
      units: [
        .init(
          id: "1", waveforms: [waveform, nil, [], waveform], overlay: [waveform, nil, nil, nil])
      ], overlayName: "visit 2"
    ).figure(id: "grid")
    let checker = check(try #require(figure.svg))
    #expect(checker.elementCounts["circle"] == 2)
    #expect(figure.caption.contains("Orange: visit 2."))
    #expect(figure.caption.contains("5 ms each"))
  }

  @Test func flatAndBrokenWaveformsDoNotBreakTheFigure() throws {
    let figure = TemplateGridFigure(
      rows: 1, columns: 3, samplingRate: 2048,
      units: [
        .init(id: "flat", waveforms: [[0, 0], [0, 0], [0, 0]]),
        .init(id: "nan", waveforms: [[.nan, 1], [.infinity, 2], [3]]),
        .init(id: "short", waveforms: []),
      ]
    ).figure(id: "grid")
    check(try #require(figure.svg))
  }

  @Test func uncalibratedWaveformsAreNotCalledMicrovolts() throws {
    let figure = TemplateGridFigure(
      rows: 1, columns: 1, samplingRate: 2048, units: [.init(id: "1", waveforms: [[0, 1, 0]])],
      amplitudeUnit: "a.u.")
    let text = check(try #require(figure.figure(id: "grid").svg)).text
    #expect(text.contains("a.u."))
    #expect(!text.contains("µV"))
  }

  @Test func panelsFillTheirRows() {
    #expect((1...9).map(Figure.panelsAcross) == [2, 2, 3, 4, 3, 3, 4, 4, 3])
  }

  @Test func noUnitsSaySo() {
    let figure = TemplateGridFigure(rows: 8, columns: 8, samplingRate: 2048, units: [])
      .figure(id: "grid")
    #expect(figure.drawing == nil)
  }
}
