import Foundation
import TestSupport
import Testing

@testable import Reports

struct UnitMeasureTests {
  /// A unit with a value for every measure, each another one.
  private var complete: UnitMeasures {
    UnitMeasures(UnitMeasure.all.enumerated().map { ($0.element, Double($0.offset + 1)) })
  }

  private func export(_ measures: UnitMeasures, isTentative: Bool? = nil) -> DecompositionExport {
    DecompositionExport(
      version: "1", samplingRate: 1000, sampleCount: 5000, channels: ["1"],
      units: [
        .init(
          id: "1", positions: [10, 20], samplingRate: 1000, measures: measures,
          isTentative: isTentative)
      ])
  }

  @Test func namesAreUnique() {
    let names = UnitMeasure.all.flatMap { [$0.name] + $0.earlierNames }
    #expect(Set(names).count == names.count)
    let columns = UnitMeasure.all.map(\.column)
    #expect(Set(columns).count == columns.count)
    #expect(columns.allSatisfy { $0 == $0.lowercased() })
  }

  @Test func everyMeasureIsInJSONAndReadBack() throws {
    let original = export(complete)
    let text = original.unitsJSON()
    for measure in UnitMeasure.all { #expect(text.contains("\"\(measure.name)\": ")) }
    #expect(text.contains("\"round\": 8,"))
    #expect(try DecompositionExport.reading(unitsJSON: Data(text.utf8), name: "u") == original)
  }

  @Test func everyMeasureIsAColumn() {
    let lines = export(complete).unitsCSV().split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines[0].dropFirst(2).map(String.init) == UnitMeasure.all.map(\.column))
    #expect(
      lines[1].dropFirst(2).compactMap { Double($0) }
        == (1...UnitMeasure.all.count).map(Double.init))
    // Columns without any value are left out, doubt is said.
    let few = export(UnitMeasures([(.phases, 3), (.jiggle, .nan)]), isTentative: true)
    #expect(few.unitsCSV() == "unit,discharges,phases,tentative\n1,2,3,yes\n")
  }

  @Test func everyMeasureIsOnThePage() {
    let report = RunReport(
      recordingName: "a", duration: 5, samplingRate: 1000, channelCount: 1,
      units: [RunReport.Unit(id: "1", times: [0.01, 0.02], measures: complete)],
      provenance: Provenance(version: "1"))
    let titles = report.unitTables.flatMap { $0.columns.map(\.title) }
    for measure in UnitMeasure.all { #expect(titles.contains(measure.title)) }
    #expect(report.unitTables.count == 2)
  }

  @Test("docs/schema lists the measures of the list, and no others")
  func schemas() throws {
    for (file, further) in [
      ("units", ["id", "samples", "timesSeconds", "tentative"]),
      ("batch-done", ["id", "discharges"]),
    ] {
      let url = SharedData.packageFolder.appendingPathComponent("docs/schema/\(file).json")
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
      let definitions = object?["$defs"] as? [String: Any]
      let unit = definitions?["unit"] as? [String: Any]
      let properties = try #require(unit?["properties"] as? [String: Any])
      #expect(
        properties.keys.sorted() == (further + UnitMeasure.all.map(\.name)).sorted(), "\(file)")
    }
  }
}
