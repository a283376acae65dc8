import Foundation
import Testing

@testable import Reports

struct SpikeRasterFigureTests {
  @Test func aHundredUnitsStaySmall() throws {
    let figure = SpikeRasterFigure(
      units: TestValues.discharges(100, duration: 60), duration: 60
    ).figure(id: "raster")
    let svg = try #require(figure.svg)
    check(svg)
    #expect(svg.utf8.count < 720_000)
    // One path a unit, apart from axes and the trace.
    let paths = svg.components(separatedBy: "<path").count - 1
    #expect((100...140).contains(paths))
  }

  @Test func everyDischargeIsDrawn() throws {
    let times = [0.5, 1, 1.5, 2]
    let figure = SpikeRasterFigure(
      units: [UnitDischarges(id: "7", times: times)], duration: 4
    ).figure(id: "raster")
    let checker = check(try #require(figure.svg))
    let marks = checker.pathData.filter { $0.filter { $0 == "v" }.count == times.count }
    #expect(marks.count == 1)
    #expect(checker.text.contains("2.0"))
  }

  @Test func rowsAreOrderedByRecruitment() throws {
    let units = [
      UnitDischarges(id: "late", times: [3, 3.1]), UnitDischarges(id: "early", times: [1, 1.1]),
      UnitDischarges(id: "silent", times: []),
    ]
    let figure = SpikeRasterFigure(units: units, duration: 5).figure(id: "raster")
    let checker = check(try #require(figure.svg))
    let places = try ["early", "late", "silent"].map { label in
      try #require(checker.text.range(of: label)).lowerBound
    }
    #expect(places == places.sorted())
  }

  @Test func emptyRecordingsSaySo() {
    let figure = SpikeRasterFigure(units: [], duration: 10).figure(id: "raster")
    #expect(figure.drawing == nil)
    #expect(figure.caption == "No units were identified in this recording.")
    let none = SpikeRasterFigure(units: TestValues.discharges(1, duration: 1), duration: .nan)
    #expect(none.figure(id: "raster").drawing == nil)
  }

  @Test func dischargesOutsideAreLeftOutAndCounted() throws {
    let unit = UnitDischarges(id: "1", times: [-1, 0.5, .nan, 9])
    let figure = SpikeRasterFigure(units: [unit], duration: 2).figure(id: "raster")
    check(try #require(figure.svg))
    #expect(figure.caption.contains("3 discharges outside the recording left out."))
  }

  @Test func unitNamesAreEscapedAndTracesKeptFinite() throws {
    let trace = SampledTrace(
      name: "Force <raw>", unit: "N & m", values: [.nan, 1, .infinity, -2], samplingRate: 2)
    let figure = SpikeRasterFigure(
      units: [UnitDischarges(id: "<1>&", times: [0.1])], duration: 2, trace: trace
    ).figure(id: "raster & more")
    let checker = check(try #require(figure.svg))
    #expect(checker.text.contains("<1>&"))
    #expect(checker.text.contains("Force <raw> (N & m)"))
  }

  @Test func meanRateLeavesOutPauses() throws {
    let rate = try #require(SpikeRasterFigure.meanRate([0, 0.1, 0.2, 5, 5.1]))
    #expect(abs(rate - 10) < 1e-9)
    #expect(SpikeRasterFigure.meanRate([1]) == nil)
  }
}
