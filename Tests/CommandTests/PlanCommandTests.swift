import Foundation
import Testing

@Suite("Planning a trial")
struct PlanCommandTests {
  private func plan(_ arguments: [String]) throws -> [String: Any] {
    let run = try CommandFolder().run(["plan", "--json"] + arguments)
    #expect(run.code == 0, "\(run.errors)")
    return try run.object()
  }

  private func power(_ arguments: [String]) throws -> Double {
    let cohort = try #require(try plan(arguments)["cohort"] as? [String: Any])
    return try #require(cohort["power"] as? Double)
  }

  /// Bounds of rpact 3.3.4 (Scripts/references/sequential.R) for a power of .8.
  @Test func looksAsInRPACT() throws {
    let found = try plan([
      "--patients", "90", "--controls", "--ratio", "2", "--looks", "3", "--futility",
    ])
    let sequential = try #require(found["sequential"] as? [String: Any])
    let looks = try #require(sequential["looks"] as? [[String: Any]])
    for (look, (z, low)) in zip(
      looks,
      [(3.71030287, -0.23614461), (2.51142748, 1.17037203), (1.99304748, 1.99304748)])
    {
      #expect(abs((look["critical"] as? Double ?? 0) - z) < 1e-6)
      #expect(abs((look["futility"] as? Double ?? 0) - low) < 1e-6)
    }
    #expect(looks.count == 3)
    let needed = try #require(sequential["needed"] as? [String: Any])
    #expect((needed["patients"] as? Int ?? 1) % 3 == 0)
    let single = try #require(sequential["singlePower"] as? Double)
    let under = try #require(sequential["underEffect"] as? [String: Any])
    let shown = try #require(under["efficacy"] as? [Double]).reduce(0, +)
    #expect(shown < single && shown > 0.9 * single)
  }

  @Test func otherBoundsAndUnevenLooks() throws {
    let columns = ["--patients", "60", "--controls"]
    func looks(_ arguments: [String]) throws -> [Double] {
      let sequential = try #require(try plan(columns + arguments)["sequential"] as? [String: Any])
      return try #require(sequential["looks"] as? [[String: Any]]).compactMap {
        $0["critical"] as? Double
      }
    }
    let pocock = try looks(["--looks", "5", "--bounds", "pocock"])
    #expect(pocock.count == 5 && pocock.allSatisfy { abs($0 - 2.41318029) < 1e-6 })
    let spending = try looks(["--looks", "5", "--bounds", "ld-pocock"])
    #expect(abs(spending[0] - 2.43797669) < 1e-6 && abs(spending[4] - 2.38599970) < 1e-6)
    let classic = try looks(["--looks", "5", "--bounds", "obf"])
    #expect(abs(classic[0] - 4.56174233) < 1e-6 && abs(classic[4] - 2.04007319) < 1e-6)
    let uneven = try looks(["--looks", "0.3,0.7,1"])
    #expect(abs(uneven[0] - 3.92857254) < 1e-6 && abs(uneven[1] - 2.43874238) < 1e-6)
    let text = try CommandFolder().succeed(
      "plan", "--patients", "60", "--controls", "--looks", "0.5,1", "--futility")
    #expect(text.output.contains("Futile below z") && text.output.contains("non-binding"))
  }

  @Test func patternsOfDropoutAndRatios() throws {
    let columns = ["--patients", "60", "--controls"]
    let none = try power(columns)
    let leaving = columns + ["--dropout", "25"]
    let even = try power(leaving)
    #expect(try power(leaving + ["--dropout-pattern", "even"]) == even)
    let early = try power(leaving + ["--dropout-pattern", "early"])
    let late = try power(leaving + ["--dropout-pattern", "late"])
    #expect(early < even && even < late && late < none)
    let ratio = try power(columns + ["--ratio", "2"])
    let other = try power(columns + ["--ratio", "0.5"])
    #expect(ratio < none && abs(other - ratio) < 1e-3)
    // Two patients in an arm, one of them gone early, have next to no degrees of freedom.
    let few = ["--patients", "4", "--controls", "--dropout", "25", "--dropout-pattern", "early"]
    #expect(try power(few) < 0.8)
    let text = try CommandFolder().run(
      ["plan", "--ratio", "2", "--dropout-pattern", "early"] + leaving)
    #expect(text.output.contains("2 treated to 1 control, 25 % leave early"))
  }

  @Test(arguments: [
    (["--ratio", "2", "--patients", "30"], "with --controls"),
    (["--ratio", "60", "--patients", "30", "--controls"], "0.02 to 50"),
    (["--looks", "3"], "--looks needs --patients"),
    (["--futility", "--patients", "30"], "--futility needs --looks"),
    (["--looks", "0.6,0.3,1", "--patients", "30"], "growing shares"),
    (["--looks", "0.5,0.9", "--patients", "30"], "growing shares"),
    (["--looks", "21", "--patients", "30"], "1 to 20"),
    (["--dropout", "100", "--patients", "30"], "less than 100"),
    (["--dropout-pattern", "never", "--patients", "30"], "dropout-pattern"),
    (["--bounds", "none", "--patients", "30"], "bounds"),
    (["--sap", "plan.docx"], "ends in .md"),
  ])
  func whatCannotBePlannedIsRefused(arguments: [String], says: String) throws {
    let run = try CommandFolder().run(["plan"] + arguments)
    #expect(run.code == 64 && run.errors.contains(says), "\(run.errors)")
  }

  @Test func thePlanInWords() throws {
    let folder = try CommandFolder()
    let columns = [
      "plan", "--patients", "90", "--controls", "--ratio", "2", "--looks", "3", "--futility",
      "--dropout", "20", "--dropout-pattern", "early", "--sap",
    ]
    let run = try folder.run(columns + ["plan.md"])
    #expect(run.code == 0 && run.output.contains("Statistical analysis plan in plan.md"))
    let text = try String(contentsOfFile: folder.path("plan.md"), encoding: .utf8)
    for part in [
      "# 90 patients", "## Estimands", "y ~ t + post + post:arm + (t | id) + (0 + post | id)",
      "60 to the therapy and 30 to the controls", "Kenward", "hypothetical", "treatment policy",
      "## Interim looks", "3.7103", "non-binding", "Lan and DeMets", "Holm", "MotorPool 0.",
      "20", "first quarter", "level of 0.05",
    ] {
      // Marks of Markdown are escaped in running text.
      #expect(text.replacingOccurrences(of: "\\", with: "").contains(part), "\(part)")
    }
    #expect(try folder.run(columns + ["plan.html"]).code == 0)
    let html = try String(contentsOfFile: folder.path("plan.html"), encoding: .utf8)
    #expect(html.contains("<h2>Interim looks</h2>") && html.contains("Statistical analysis plan"))
    // The command's own file may be replaced, another one only where it is insisted on.
    #expect(try folder.run(columns + ["plan.md"]).code == 0)
    try folder.write("my own", to: "own.md")
    let refused = try folder.run(columns + ["own.md"])
    #expect(refused.code == 73 && refused.errors.contains("--force"))
    #expect(try folder.run(columns + ["own.md", "--force"]).code == 0)
    // One patient, and patients without controls.
    #expect(try folder.run("plan", "--sap", "one.md").code == 0)
    let one = try String(contentsOfFile: folder.path("one.md"), encoding: .utf8)
    #expect(one.contains("# One patient") && one.contains("least squares"))
    #expect(try folder.run("plan", "--sap", "all.md", "--patients", "30").code == 0)
    let all = try String(contentsOfFile: folder.path("all.md"), encoding: .utf8)
    #expect(all.contains("without controls") && all.contains("association"))
  }

  @Test func historicalControls() throws {
    let columns = ["--patients", "60", "--controls", "--ratio", "2"]
    let history = columns + ["--historical", "-4.2/0.5,-4.9/0.7", "--between-trial-prior", "1"]
    let found = try plan(history)
    let own = try #require(found["historical"] as? [String: Any])
    let worth = try #require(own["effectiveSampleSize"] as? Double)
    let lines = try #require(own["lines"] as? [[String: Any]])
    #expect(own["controls"] as? Int == 20 && worth > 5 && worth < 100 && lines.count == 7)
    func share(_ line: [String: Any]?, _ name: String) throws -> Double {
      try #require(line?[name] as? Double)
    }
    // Where history is right it adds power and takes from the false slowings; a positive drift adds them.
    let alone = try #require(own["powerAlone"] as? Double)
    #expect(try share(lines[3], "power") > alone && share(lines[3], "falseSlowing") < 0.025)
    let worst = try share(own["worst"] as? [String: Any], "falseSlowing")
    #expect(try worst >= share(lines[5], "falseSlowing") && worst > 0.04)
    // Without the vague component the worst case has hardly a limit; with much of it little is borrowed.
    func other(_ arguments: [String]) throws -> (worst: Double, worth: Double) {
      let own = try #require(try plan(history + arguments)["historical"] as? [String: Any])
      return (
        try share(own["worst"] as? [String: Any], "falseSlowing"),
        try #require(own["effectiveSampleSize"] as? Double)
      )
    }
    let bare = try other(["--robust-weight", "0"])
    let cautious = try other(["--robust-weight", "0.9"])
    #expect(bare.worst > worst && cautious.worst < worst)
    #expect(bare.worth > worth && cautious.worth < worth)
    let text = try CommandFolder().succeed(
      "plan", history[0], history[1], "--controls", "--historical",
      "-4.4/0.5", "--between-trial-sd", "0.5", "--sap", "plan.md")
    #expect(text.output.contains("False slowing") && text.output.contains("as history says"))
  }

  @Test func historyIsChecked() throws {
    let folder = try CommandFolder()
    for (arguments, text) in [
      (["--historical", "-4/0.5"], "--between-trial-sd"),
      (["--historical", "-4", "--between-trial-sd", "1"], "SLOPE/SE"),
      (["--historical", "-4/0.5", "--between-trial-sd", "1"], "--controls"),
      (["--robust-weight", "0.5"], "need --historical"),
    ] {
      let run = try folder.run(["plan", "--patients", "40"] + arguments)
      #expect(run.code == 64 && run.errors.contains(text), "\(arguments): \(run.errors)")
    }
  }
}
