import Foundation
import TestSupport
import Testing

@Suite("Randomised arms visit by visit")
struct RandomisedComparisonTests {
  /// nlme's gls: armcells plus visit14:armcells of the unstructured model.
  @Test func repeatedMeasuresAsInNLME() throws {
    let file = try SharedData.file("reference/trials/arms2.csv")
    let folder = try CommandFolder()
    let columns = [
      "compare", "--table", file.path, "--subject", "id", "--time", "t", "--value", "y", "--arm",
      "arm", "--method",
    ]
    let run = try folder.run(columns + ["mmrm", "--json"])
    #expect(run.code == 0, "\(run.errors)")
    let randomised = try #require(try run.object()["randomised"] as? [String: Any])
    #expect(randomised["arms"] as? [String] == ["placebo", "cells"])
    let visits = try #require(randomised["visits"] as? [[String: Any]])
    let last = try #require((visits.last?["differences"] as? [[String: Any]])?.first)
    let value = try #require(last["value"] as? Double)
    #expect(abs(value - 0.195982424) < 1e-6)
    let text = try folder.run(columns + ["ancova"])
    #expect(text.code == 0 && text.output.contains("each visit alone"))
    #expect(try folder.run(columns + ["nonsense"]).code == 64)
  }

  /// The registry's arms, months from each patient's first dose, and the page.
  @Test func armsOfTheRegistry() throws {
    let folder = try CommandFolder()
    for index in 1...8 {
      let name = "ALS-0\(index)"
      let isActive = index % 2 == 1
      try folder.succeed("patient", "add", name, "--arm", isActive ? "active" : "placebo")
      try folder.succeed(
        "therapy", "add", name, "--start", "2026-02-1\(index)", "--kind", "cells")
      for month in [1, 2, 3, 4, 5] {
        let scatter = (index * 7 + month * month * 3 + index * month) % 5
        let score = 45 - (isActive ? 1 : 2) * max(0, month - 2) - month - index % 3 + scatter
        try folder.succeed(
          "outcome", "add", name, "--date", "2026-0\(month)-1\(index)", "--alsfrs", "\(score)",
          "--accept")
      }
    }
    let page = folder.path("arms.html")
    let result = try folder.succeed(
      "compare", "--measure", "alsfrs-r", "--method", "clda", "--covariance",
      "compound-symmetry", "--simulations", "0", "--json", "-o", page
    ).object()
    let randomised = try #require(result["randomised"] as? [String: Any])
    #expect(randomised["arms"] as? [String] == ["placebo", "active"])
    let visits = try #require(randomised["visits"] as? [[String: Any]])
    #expect(visits.count == 3 && visits.allSatisfy { $0["patients"] as? [Int] == [4, 4] })
    // The same values as a table give 2.5 points.
    let last = try #require((visits.last?["differences"] as? [[String: Any]])?.first)
    #expect(abs((last["value"] as? Double ?? 0) - 2.5) < 0.02)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("Randomised arms visit by visit") && html.contains("Mean of placebo"))
  }

  @Test func whatLeaversWouldHaveShownIsImputed() throws {
    let folder = try CommandFolder()
    var rows = ["id,arm,month,munix"]
    for patient in 0..<40 {
      let isTreated = patient % 2 == 1
      for month in 0..<5 {
        // Every fifth pair leaves after the second month.
        if patient / 2 % 5 == 0, month > 2 { continue }
        let scatter = Double((patient * 37 + month * 53 + patient * month * 11) % 17) / 17 - 0.5
        let slope = isTreated ? -0.02 : -0.08
        let value = exp(4.5 + 0.02 * Double(patient % 7) + slope * Double(month) + 0.1 * scatter)
        rows.append("P\(patient),\(isTreated ? "cells" : "placebo"),\(month),\(value)")
      }
    }
    try folder.write(rows.joined(separator: "\n") + "\n", to: "trial.csv")
    let columns = [
      "compare", "--table", "trial.csv", "--subject", "id", "--time", "month", "--value", "munix",
      "--arm", "arm", "--method", "mmrm", "--log", "--impute", "j2r,mar", "--imputations", "40",
    ]
    let run = try folder.run(columns + ["--tipping-point", "--json"])
    #expect(run.code == 0, "\(run.errors)")
    let imputation = try #require(try run.object()["imputation"] as? [String: Any])
    #expect(imputation["seed"] != nil)
    let results = try #require(imputation["results"] as? [[String: Any]])
    #expect(results.map { $0["rule"] as? String } == ["j2r", "mar"])
    #expect(results.allSatisfy { $0["leavers"] as? [Int] == [4, 4] })
    let effects = try results.map { result -> Double in
      let visits = try #require(result["visits"] as? [[String: Any]])
      let last = try #require((visits.last?["differences"] as? [[String: Any]])?.first)
      let estimate = try #require(last["estimate"] as? [String: Any])
      return try #require(estimate["value"] as? Double)
    }
    // The true difference at month 4 is .24; jumping to the placebo arm loses a fifth of it.
    #expect(effects[0] < effects[1] && abs(effects[1] - 0.24) < 0.05)
    #expect(effects[0] > 0.7 * effects[1])
    let none = try folder.run(columns + ["--delta", "-200"])
    #expect(none.code == 64 && none.errors.contains("above -100"))
  }

  /// nlme's lme with corCAR1 on the same table: -215.8058, phi .195, post -.00157.
  @Test func residualsAsInNLME() throws {
    let file = try SharedData.file("reference/trials/sp50.csv")
    let folder = try CommandFolder()
    let columns = [
      "compare", "--table", file.path, "--subject", "id", "--time", "t", "--value", "y",
      "--therapy", "T", "--simulations", "0", "--residuals",
    ]
    let residuals = try #require(
      try folder.run(columns + ["--json"]).object()["residuals"] as? [String: Any])
    let lines = try #require(residuals["lines"] as? [[String: Any]])
    #expect(lines.count == 2 && residuals["effect"] as? String == "post")
    #expect(abs((lines[1]["criterion"] as? Double ?? 0) + 215.8057) < 2e-3)
    #expect(abs((lines[1]["phi"] as? Double ?? 0) - 0.195) < 2e-3)
    let estimate = try #require(lines[1]["estimate"] as? [String: Any])
    #expect(abs((estimate["value"] as? Double ?? 0) + 0.001573645) < 2e-5)
    let text = try folder.run(columns)
    #expect(text.output.contains("continuous AR(1)") && text.output.contains("Robust p"))
    #expect(try folder.run(columns + ["--variance-by", "nothing"]).code == 65)
  }
}
