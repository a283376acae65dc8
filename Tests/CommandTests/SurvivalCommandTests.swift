import Foundation
import TestSupport
import Testing

@Suite("Survival from tables and the registry")
struct SurvivalCommandTests {
  private func near(_ value: Any?, _ expected: Double, _ tolerance: Double) -> Bool {
    (value as? Double).map { abs($0 - expected) <= tolerance } ?? false
  }

  /// R 4.2, survival 3.5-3: coxph, lm of the ranks with the baseline, wilcox.test of the scores.
  @Test func tableAsInR() throws {
    let file = try SharedData.file("reference/trials/cafs.csv")
    let folder = try CommandFolder()
    let result = try folder.succeed(
      "survival", "--table", file.path, "--subject", "id", "--time", "time", "--event", "event",
      "--arm", "arm", "--baseline", "base", "--visits", "X1,X2,X3,X4,X5,X6", "--json"
    ).object()
    let ratios = try #require(result["hazardRatios"] as? [[String: Any]])
    #expect(near(ratios[0]["logHazardRatio"], -0.5960551, 1e-6))
    #expect(near(ratios[1]["se"], 0.07578789, 1e-5))
    let joint = try #require((result["jointRanks"] as? [[String: Any]])?.first)
    let difference = try #require(joint["difference"] as? [String: Any])
    #expect(near(difference["estimate"], 9.82950678, 1e-7))
    #expect(near(difference["se"], 4.46016771, 1e-7) && near(joint["rankSumP"], 0.03265094, 1e-7))
  }

  /// Events of the registry by kind; what is no event ends follow-up only.
  @Test func registryEvents() throws {
    let folder = try CommandFolder()
    for index in 1...6 {
      let name = "ALS-0\(index)"
      try folder.succeed("patient", "add", name, "--arm", index % 2 == 0 ? "placebo" : "active")
      for month in [1, 4, 7] {
        try folder.succeed(
          "outcome", "add", name, "--date", "2026-0\(month)-1\(index)", "--alsfrs",
          "\(44 - month * (1 + index % 2) - index % 3)", "--accept")
      }
    }
    for (name, date, kind) in [
      ("ALS-02", "2026-08-02", "death"), ("ALS-05", "2026-08-20", "permanent-ventilation"),
      ("ALS-06", "2026-09-12", "lost-to-follow-up"), ("ALS-03", "2026-07-20", "niv"),
    ] { try folder.succeed("event", "add", name, "--date", date, "--kind", kind) }
    let page = folder.path("survival.html")
    let result = try folder.succeed(
      "survival", "--measure", "alsfrs-r", "--json", "-o", page
    ).object()
    #expect(result["patients"] as? Int == 6)
    #expect(result["events"] as? [String: Int] == ["death": 1, "permanent ventilation": 1])
    #expect((result["jointRanks"] as? [Any])?.count == 1)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("Kaplan and Meier") && html.contains("at risk"))
    let deaths = try folder.succeed("survival", "--events", "death", "--json").object()
    #expect(deaths["events"] as? [String: Int] == ["death": 1])
    #expect((deaths["jointRanks"] as? [Any])?.isEmpty == true)
  }

  @Test func wrongRequestsAreRefused() throws {
    let folder = try CommandFolder()
    let file = try folder.write("id,t,e\nA,3,1\nB,4,0\n", to: "t.csv")
    let columns = ["survival", "--table", file, "--subject", "id", "--time", "t"]
    #expect(try folder.run(columns).code == 64)
    #expect(try folder.run(columns + ["--event", "e", "--death", "t"]).code == 64)
    let kinds = try folder.run(columns + ["--event", "e", "--events", "death"])
    #expect(kinds.code == 65 && kinds.errors.contains("line 2, column e"))
    #expect(try folder.run(columns + ["--event", "e", "--events", "nonsense"]).code == 64)
    let twice = try folder.write("id,t,e\nA,3,1\nA,4,0\n", to: "twice.csv")
    let run = try folder.run([
      "survival", "--table", twice, "--subject", "id", "--time", "t", "--event", "e",
    ])
    #expect(run.code == 65 && run.errors.contains("one row for each patient"))
  }
}
