import Foundation
import TestSupport
import Testing

@Suite("Death and dropout in comparisons")
struct DropoutComparisonTests {
  /// The reference cohort with dropout as a table with times of death.
  private func table(_ folder: CommandFolder) throws -> String {
    let values = try SharedData.file("reference/trends/als40_dropout.csv")
    let survival = try SharedData.file("reference/trends/als40_survival.csv")
    func lines(_ url: URL) throws -> [[Substring]] {
      try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
    }
    var deaths: [Substring: Substring] = [:]
    for cells in try lines(survival).dropFirst() where cells[2] == "1" {
      deaths[cells[0]] = cells[1]
    }
    let rows = try lines(values)
    let text = rows.enumerated().map { index, cells in
      cells.joined(separator: ",") + "," + (index == 0 ? "death" : deaths[cells[0]] ?? "")
    }
    return try folder.write(text.joined(separator: "\n") + "\n", to: "cohort.csv")
  }

  private func arguments(_ file: String) -> [String] {
    [
      "compare", "--table", file, "--subject", "patient", "--time", "month", "--value", "mune",
      "--therapy", "therapy_month", "--log", "--simulations", "0",
    ]
  }

  /// The flow of the patients by the names of its steps.
  private func steps(_ result: [String: Any]) throws -> [String: [Int]] {
    let flow = try #require(result["flow"] as? [String: Any])
    let steps = try #require(flow["steps"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: steps.map {
        ($0["name"] as? String ?? "", $0["patients"] as? [Int] ?? [])
      })
  }

  @Test func deathsAboveATenthBringBothAnalyses() throws {
    let folder = try CommandFolder()
    let file = try table(folder)
    let run = try folder.run(
      arguments(file) + ["--death", "death", "--json", "-o", "cohort.html"])
    try #require(run.code == 0, "\(run.errors)")
    let result = try run.object()
    let dropout = try #require(result["dropout"] as? [String: Any])
    #expect((dropout["occasion"] as? String)?.contains("exceed 10 %") == true)
    let pattern = try #require(dropout["patternMixture"] as? [String: Any])
    #expect(pattern["leavers"] as? Int == 11 && pattern["completers"] as? Int == 29)
    let joint = try #require(dropout["joint"] as? [String: Any])
    #expect(joint["deaths"] as? Int == 11)
    let flow = try steps(result)
    #expect(flow["with a value"] == [40] && flow["died"] == [11])
    // Everyone ends in one of the last boxes.
    let unexplained = try #require(flow["stopped without a recorded reason"]?.first)
    #expect(flow["complete or still followed"] == [29 - unexplained])
    let change = try #require(joint["change"] as? [String: Any])
    let plain = try #require(joint["changeWithoutDeaths"] as? [String: Any])
    #expect(abs(try #require(plain["value"] as? Double) - 0.0215) < 0.001)
    #expect(try #require(change["standardError"] as? Double) > 0.005)
    let page = try String(
      contentsOf: folder.url.appendingPathComponent("cohort.html"), encoding: .utf8)
    #expect(page.contains("Death and dropout") && page.contains("joint model with deaths"))
    #expect(page.contains("None of these assumptions can be tested"))
    #expect(page.contains("Flow of the patients") && page.contains("Quantiles of the residuals"))
    #expect(page.contains("Influence of single patients"))
    let text = try folder.run(arguments(file) + ["--death", "death"]).output
    #expect(text.contains("pattern mixture: average") && text.contains("missing at random"))
  }

  @Test func withoutDeathsTheyAreMadeOnlyWhenAskedFor() throws {
    let folder = try CommandFolder()
    let file = try table(folder)
    #expect(try folder.run(arguments(file) + ["--json"]).object()["dropout"] == nil)
    let asked = try folder.run(arguments(file) + ["--dropout", "--json"]).object()
    let dropout = try #require(asked["dropout"] as? [String: Any])
    #expect(dropout["patternMixture"] == nil)
    #expect((dropout["jointReason"] as? String)?.contains("nothing is known") == true)
  }

  /// Deaths noted in the registry count, and those of other kinds of events do not.
  @Test func theRegistryKnowsWhoDied() throws {
    let folder = try CommandFolder()
    var rows =
      "subject,date,kind,value,muscle,side,therapy_kind,therapy_start,event_kind,event_date\n"
    for patient in 0..<12 {
      for (index, visit) in PatientFlowTests.visits.enumerated() {
        // The first three die after their sixth visit.
        if patient < 3 && index > 5 { continue }
        let value = visit.value * (1 + 0.05 * Double((patient * 7 + index * 3) % 11 - 5) / 5)
        let event = patient < 3 ? "death,2025-07-0\(patient + 1)" : "niv,2025-07-01"
        rows +=
          "R\(patient + 10),\(visit.date),munix,\(value),apb,left,drug,2025-05-20,\(event)\n"
      }
    }
    try folder.write(rows, to: "cohort.csv")
    try folder.succeed("import", "cohort.csv")
    let result = try folder.succeed(
      "compare", "--measure", "munix", "--simulations", "0", "--json"
    ).object()
    #expect(result["deaths"] as? Int == 3)
    let flow = try steps(result)
    #expect(flow["recorded"] == [12] && flow["with a value after it"] == [12])
    #expect(flow["died"] == [3] && flow["complete or still followed"] == [9])
    let dropout = try #require(result["dropout"] as? [String: Any])
    let pattern = try #require(dropout["patternMixture"] as? [String: Any])
    #expect(pattern["leavers"] as? Int == 3)
    // Three deaths are too few for a joint model, which is said.
    #expect((dropout["jointReason"] as? String)?.contains("at least 5") == true)
  }
}
