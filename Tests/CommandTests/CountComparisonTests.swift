import Foundation
import TestSupport
import Testing

@Suite("Counts and sides in a comparison")
struct CountComparisonTests {
  private func near(_ value: Any?, _ expected: Double, _ tolerance: Double) -> Bool {
    (value as? Double).map { abs($0 - expected) <= tolerance } ?? false
  }

  /// glmer and glmmTMB on the same table; zeros stay in the models of the counts.
  @Test func countsAsInLME4() throws {
    let file = try SharedData.file("reference/trials/counts_ties_raw.csv")
    let folder = try CommandFolder()
    let columns = [
      "compare", "--table", file.path, "--subject", "id", "--time", "t", "--value", "y",
      "--therapy", "T", "--log", "--counts", "--simulations", "0",
    ]
    let page = folder.path("counts.html")
    let run = try folder.run(columns + ["--json", "-o", page])
    #expect(run.code == 0, "\(run.errors)")
    let counts = try #require(try run.object()["counts"] as? [String: Any])
    let lines = try #require(counts["lines"] as? [[String: Any]])
    #expect(lines.map { $0["family"] as? String } == ["poisson", "negative-binomial"])
    #expect(counts["counts"] as? Int == 320 && counts["effect"] as? String == "post")
    let poisson = try #require(lines[0]["estimate"] as? [String: Any])
    #expect(near(poisson["value"], 0.04567606, 2e-4))
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("Models of the counts"))
    let text = try folder.run(columns + ["--model", "m1", "--quadrature", "5"])
    #expect(text.code == 0 && text.output.contains("negative-binomial"))
    #expect(text.output.contains("5 nodes for each random effect"))
  }

  @Test func whatIsNoCountIsRefused() throws {
    let folder = try CommandFolder()
    var text = "id,t,y,T\n"
    for patient in 1...4 {
      for t in 0...5 { text += "P\(patient),\(t),\(patient + t).5,2.5\n" }
    }
    let file = try folder.write(text, to: "scores.csv")
    let columns = ["--table", file, "--subject", "id", "--time", "t", "--value", "y"]
    let run = try folder.run(["compare"] + columns + ["--therapy", "T", "--counts"])
    #expect(run.code != 0 && run.errors.contains("a count") && run.errors.contains("scores.csv"))
    #expect(try folder.run(["compare"] + columns + ["--quadrature", "3"]).code == 64)
    #expect(try folder.run(["compare"] + columns + ["--within", "side"]).code == 64)
  }

  /// lme4 with pbkrtest: post:treated .008632343, SE .01036064, 210.9 df.
  @Test func sidesAsInLME4() throws {
    let file = try SharedData.file("reference/trials/split2.csv")
    let folder = try CommandFolder()
    let columns = [
      "compare", "--table", file.path, "--subject", "id", "--time", "t", "--value", "y",
      "--therapy", "T", "--within", "side", "--treated", "treated", "--simulations", "0",
    ]
    let page = folder.path("sides.html")
    let run = try folder.run(columns + ["--json", "-o", page])
    #expect(run.code == 0, "\(run.errors)")
    let result = try run.object()
    let sides = try #require(result["sides"] as? [String: Any])
    #expect(sides["patients"] as? Int == 16)
    let line = try #require((sides["lines"] as? [[String: Any]])?.first)
    let estimate = try #require(line["estimate"] as? [String: Any])
    #expect(near(estimate["value"], 0.008632343, 5e-7))
    #expect(near(estimate["standardError"], 0.01036064, 1e-6))
    let fixed = try #require(result["fixed"] as? [[String: Any]])
    #expect(fixed.contains { $0["name"] as? String == "post:treated" })
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("Treated against untreated side"))
    let text = try folder.run(columns)
    #expect(text.output.contains("16 patients with both"))
    let wrong = try folder.run(columns.map { $0 == "treated" ? "y" : $0 })
    #expect(wrong.code != 0 && wrong.errors.contains("1 on the treated side"))
  }

  /// Responders of both arms, with Fisher's test and the odds ratio.
  @Test func respondersByArm() throws {
    let file = try SharedData.file("reference/trends/als60_two_arm.csv")
    let folder = try CommandFolder()
    let columns = [
      "compare", "--table", file.path, "--subject", "patient", "--time", "month", "--value",
      "log_mune", "--therapy", "therapy_month", "--arm", "arm", "--simulations", "2", "--json",
    ]
    func contrast(_ share: String) throws -> [String: Any] {
      let run = try folder.run(columns + ["--responder-share", share])
      #expect(run.code == 0, "\(run.errors)")
      let responders = try #require(try run.object()["responders"] as? [String: Any])
      return try #require(responders["contrast"] as? [String: Any])
    }
    let half = try contrast("50")
    let full = try contrast("100")
    #expect(half["treated"] as? Int == 30 && half["controls"] as? Int == 30)
    let (few, many) = (full["responders"] as? Int ?? 99, half["responders"] as? Int ?? -1)
    #expect(few <= many)
    let fisher = try #require(half["fisher"] as? [String: Any])
    #expect((fisher["p"] as? Double).map { $0 > 0 && $0 <= 1 } == true)
    #expect(try folder.run(columns + ["--responder-share", "0"]).code == 64)
  }
}
