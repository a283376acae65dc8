import Testing

@testable import Reports

struct RunReportTests {
  private func report(units count: Int) -> RunReport {
    RunReport(
      recordingName: "a & <b>.wav", context: ["Biceps brachii, left"], duration: 5,
      samplingRate: 2048, channelCount: 64,
      badChannels: [.init(name: "ch 3", reason: "constant")],
      units: TestValues.units(count, duration: 5), residualPowerShare: 0.25,
      counts: ActiveUnitCountFigure(
        series: [.init(windowSeconds: 2, windows: [.init(time: 1, count: count)])], duration: 5),
      figures: [InterspikeIntervalFigure(units: TestValues.discharges(count, duration: 5))],
      warnings: ["Mains & hum"], provenance: TestValues.provenance)
  }

  @Test(arguments: [0, 1, 2, 60])
  func pagesAreWellFormedAndSelfContained(count: Int) {
    let html = report(units: count).html()
    let checker = check(html)
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(checker.elementCounts["script"] == nil)
    #expect(checker.elementCounts["link"] == nil)
    #expect(!html.contains("url("))
    #expect(!html.contains("@import"))
    #expect(checker.text.contains(ReportWording.researchUse))
    #expect(checker.text.contains("What the count is and is not"))
    #expect(checker.text.contains("detections, not the number of motor units"))
  }

  @Test func provenanceIsComplete() {
    let text = check(report(units: 3).html()).text
    for part in ["MotorPool 1.2.3", "18446744073709551615", "00ff", "Window (s)", "a&b.wav"] {
      #expect(text.contains(part))
    }
  }

  @Test func fewUnitsAreWarnedAbout() {
    #expect(report(units: 2).html().contains("Fewer than five units"))
    #expect(report(units: 0).html().contains("No unit passed the quality criteria"))
    #expect(!report(units: 5).html().contains("Fewer than five units"))
  }

  @Test func columnsWithoutValuesAreLeftOut() {
    let html = report(units: 3).html()
    #expect(html.contains("<th scope=\"col\" class=\"number\">SIL</th>"))
    #expect(!html.contains("<th scope=\"col\" class=\"number\">PNR (dB)</th>"))
  }

  @Test func pagesAreDeterministic() {
    #expect(report(units: 7).html() == report(units: 7).html())
  }
}
