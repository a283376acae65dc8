import Foundation
import TestSupport
import Testing

@Suite("Nominal visits of a table")
struct NominalVisitTests {
  /// Forty patients of two arms, planned at 0, 1, 3 and 6 months and measured up to six weeks late.
  private static func trial(extra: [String] = []) -> String {
    var rows = ["id,month,value,arm,visit,label,died,planned,end"]
    let labels = ["Baseline", "Week 4", "Month 3", "Month 6"]
    for patient in 0..<40 {
      let arm = patient % 2 == 1 ? "active" : "placebo"
      for (index, visit) in [0.0, 1, 3, 6].enumerated() {
        let late = index == 0 ? 0 : Double((patient * 7 + index * 3) % 10) * 0.15
        let noise = Double((patient * 37 + index * 53 + patient * index * 11) % 17) / 17 - 0.5
        let value = 40 + Double(patient % 5) - visit * (patient % 2 == 1 ? 0.6 : 1) + 2 * noise
        rows.append(
          "P\(patient),\(visit + late),\(value),\(arm),\(visit),\(labels[index]),"
            + "\(patient == 6 ? "8" : ""),\(visit),9")
      }
    }
    return (rows + extra).joined(separator: "\n") + "\n"
  }

  private func compare(
    _ table: String, time: String = "month", _ arguments: String...
  ) throws -> CommandRun {
    let folder = try CommandFolder()
    try folder.write(table, to: "trial.csv")
    return try folder.run(
      [
        "compare", "--table", "trial.csv", "--subject", "id", "--time", time, "--value", "value",
        "--arm", "arm", "--method", "mmrm", "--simulations", "0",
      ] + arguments)
  }

  private func visits(_ run: CommandRun) throws -> [[String: Any]] {
    #expect(run.code == 0, "\(run.errors)")
    let arms = try #require(try run.object()["randomised"] as? [String: Any])
    return try #require(arms["visits"] as? [[String: Any]])
  }

  private func difference(_ visit: [String: Any]) -> Double? {
    (visit["differences"] as? [[String: Any]])?.first?["value"] as? Double
  }

  @Test func valuesCountAtTheVisitThatTheyName() throws {
    let planned = try visits(try compare(Self.trial(), time: "planned", "--json"))
    let unscheduled = ["P3,4.5,90,active,,,,4.5,9", "P5,5,90,active,,Unscheduled,,5,9"]
    let named = try compare(Self.trial(extra: unscheduled), "--visit", "visit", "--json")
    #expect(named.output.contains("2 values without a nominal visit left out"))
    let found = try visits(named)
    #expect(found.map { $0["time"] as? Double } == [1, 3, 6])
    for (a, b) in zip(planned, found) {
      let (x, y) = (try #require(difference(a)), try #require(difference(b)))
      #expect(abs(x - y) < 1e-9)
    }
    // Labels stand at the median of their times.
    let labels = try compare(Self.trial(extra: unscheduled), "--visit", "label", "--json")
    let byLabel = try visits(labels)
    #expect(zip(byLabel, found).allSatisfy { difference($0) == difference($1) })
    let times = byLabel.compactMap { $0["time"] as? Double }
    #expect(times.count == 3 && zip(times, [1, 3, 6]).allSatisfy { (0...1.4).contains($0 - $1) })
    #expect(labels.output.contains("Baseline at 0, Week 4 at "))
  }

  @Test func whatNamesNoVisitsIsRefused() throws {
    let both = try compare(Self.trial(), "--visit", "visit", "--visits", "1,3")
    #expect(both.code == 64)
    let folder = try CommandFolder()
    #expect(try folder.run("compare", "--measure", "munix", "--visit", "visit").code == 64)
    let shifted = Self.trial().replacing(",0.0,Baseline", with: ",0.5,Baseline")
    let run = try compare(shifted, "--visit", "visit")
    #expect(run.code != 0 && run.errors.contains("no visit at 0 or before (the first is 0.5)"))
    let missing = try compare(Self.trial(), "--visit", "visits")
    #expect(missing.code != 0 && missing.errors.contains("no column visits"))
  }

  @Test func jointRanksTakeTheVisitsNamed() throws {
    let folder = try CommandFolder()
    try folder.write(Self.trial(), to: "trial.csv")
    func joint(_ time: String, _ arguments: String...) throws -> [Double] {
      let run = try folder.run(
        [
          "survival", "--table", "trial.csv", "--subject", "id", "--time", time, "--value",
          "value", "--arm", "arm", "--death", "died", "--end", "end", "--json",
        ] + arguments)
      #expect(run.code == 0, "\(run.errors)")
      let result = try run.object()
      let rank = try #require((result["jointRanks"] as? [[String: Any]])?.first)
      let difference = try #require(rank["difference"] as? [String: Any])
      return try ["estimate", "se"].map { try #require(difference[$0] as? Double) }
    }
    let planned = try joint("planned")
    let named = try joint("month", "--visit", "visit")
    let labels = try joint("month", "--visit", "label")
    #expect(zip(planned, named).allSatisfy { abs($0 - $1) < 1e-9 } && named == labels)
  }
}
