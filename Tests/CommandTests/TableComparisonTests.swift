import Foundation
import TestSupport
import Testing

@Suite("Comparison of any long table")
struct TableComparisonTests {
  private func compare(_ file: URL, _ arguments: String...) throws -> [String: Any] {
    let folder = try CommandFolder()
    let run = try folder.run(["compare", "--table", file.path, "--json"] + arguments)
    #expect(run.code == 0, "\(run.errors)")
    return try run.object()
  }

  private func effect(_ name: String, _ result: [String: Any]) throws -> [String: Any] {
    let fixed = try #require(result["fixed"] as? [[String: Any]])
    return try #require(fixed.first { $0["name"] as? String == name })
  }

  private func near(_ value: Any?, _ expected: Double, _ tolerance: Double) -> Bool {
    (value as? Double).map { abs($0 - expected) <= tolerance } ?? false
  }

  @Test func sleepstudyAsPublished() throws {
    let file = try SharedData.file("reference/trends/sleepstudy.csv")
    let result = try compare(
      file, "--subject", "Subject", "--time", "Days", "--value", "Reaction")
    #expect(near(result["criterion"], 1743.628271958, 1e-6))
    #expect(near(result["sigma"], 25.59181569, 1e-5))
    let theta = try #require(result["theta"] as? [Double])
    #expect(zip(theta, [0.96673292, 0.01516906, 0.23090959]).allSatisfy { abs($0 - $1) < 1e-5 })
    let days = try effect("Days", result)
    #expect(near(days["estimate"], 10.46728596, 1e-6))
    #expect(near(days["se"], 1.5457890, 1e-5) && near(days["df"], 17, 1e-3))
    #expect((result["posterior"] as? [Any])?.isEmpty == true)
  }

  @Test func cohortWithTherapyAsPublished() throws {
    let file = try SharedData.file("reference/trends/als40_dropout.csv")
    let result = try compare(
      file, "--subject", "patient", "--time", "month", "--value", "mune", "--therapy",
      "therapy_month", "--log", "--model", "m3", "--simulations", "0")
    #expect(near(result["criterion"], -79.430915336, 1e-6))
    let post = try effect("post", result)
    #expect(near(post["estimate"], 0.0215007890, 1e-8))
    #expect(near(post["se"], 0.0081956597, 1e-6) && near(post["df"], 69.53436, 1e-2))
    let posterior = try #require(result["posterior"] as? [[String: Any]])
    let first = try #require(posterior.first { $0["subject"] as? String == "P00001" })
    // Scripts/references/posterior.py (60,000 steps, seed 11): mean .03223 with Monte Carlo error .00011,
    // SD .01929, P .9650; the lattice of variances keeps within 3 % of it.
    #expect(near(first["change"], 0.03223, 0.001))
    #expect(near(first["changeSD"], 0.01929, 0.0008))
    #expect(near(first["probabilityOfSlowing"], 0.965, 0.003))
    // The plug-in posterior (.02508, .01295) is none of it.
    #expect(!near(first["change"], 0.0250837584, 0.005))
    #expect(result["posteriorExtent"] as? String == "all variances integrated out")
  }

  @Test func armsAsPublished() throws {
    let file = try SharedData.file("reference/trends/als60_two_arm.csv")
    let result = try compare(
      file, "--subject", "patient", "--time", "month", "--value", "log_mune", "--therapy",
      "therapy_month", "--arm", "arm", "--simulations", "0")
    #expect(near(result["criterion"], -209.412172177, 1e-6))
    let arm = try effect("post:arm", result)
    #expect(near(arm["estimate"], 0.0222508782, 1e-8))
    let exact = try #require(arm["kenwardRoger"] as? [String: Any])
    #expect(near(exact["se"], 0.0090453823, 1e-7) && near(exact["df"], 57.83546, 1e-2))
    let satterthwaite = try #require(arm["satterthwaite"] as? [String: Any])
    #expect(near(satterthwaite["se"], 0.0088941745, 1e-7))
    #expect(near(satterthwaite["df"], 56.20697, 1e-2))
  }

  @Test func badTables() throws {
    let folder = try CommandFolder()
    let columns = ["--subject", "id", "--time", "t", "--value", "y"]
    let cases: [(name: String, text: String, says: String)] = [
      ("empty.csv", "", "no rows"), ("nan.csv", "id,t,y\nA,0,1\nA,1,nan\n", "line 3, column y"),
      ("text.csv", "id,t,y\nA,0,1\nA,one,2\n", "line 3, column t"),
      ("missing.csv", "id,t\nA,0\n", "no column y"), ("only.csv", "id,t,y\nA,0,NA\n", "no row"),
      ("wide.csv", "id,t,y\nA,0,1,7\n", "4 cells"), ("twice.csv", "id,t,y,t\nA,0,1,2\n", "twice"),
    ]
    for item in cases {
      let file = try folder.write(item.text, to: item.name)
      let run = try folder.run(["compare", "--table", file] + columns)
      #expect(run.code == 65, "\(item.name): \(run.errors)")
      #expect(run.errorLines.count == 1 && run.errors.contains(item.says), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    let none = try folder.run(["compare", "--table", "none.csv"] + columns)
    #expect(none.code == 66)
    #expect(try folder.run("compare", "--table", "none.csv").code == 64)
  }

  /// A cohort of twelve with a change of slope, as rows of subject, time, value and therapy time.
  private func cohort(patients: Int = 12) -> [[String]] {
    (0..<patients).flatMap { patient in
      (0..<8).map { visit in
        let scatter = Double((patient * 37 + visit * 53) % 23 - 11) / 100
        let slope = -0.5 + 0.03 * Double(patient % 5)
        let value = 60 + slope * Double(visit) + 0.3 * Double(max(0, visit - 3)) + scatter
        return ["P\(patient)", "\(visit)", "\(value)", "3"]
      }
    }
  }

  private static let columns = [
    "--subject", "id", "--time", "t", "--value", "y", "--therapy", "T", "--simulations", "0",
  ]

  private func text(_ rows: [[String]], _ separator: String = ",", _ end: String = "\n") -> String {
    ([["id", "t", "y", "T"]] + rows).map { $0.joined(separator: separator) + end }.joined()
  }

  /// Whatever a spreadsheet program does to a table, the fit is the same.
  @Test func spreadsheetsGiveTheSameFit() throws {
    let folder = try CommandFolder()
    let rows = cohort()
    let commas = rows.map { $0.map { $0.replacing(".", with: ",") } }
    let quoted = rows.map { $0.map { "\"\($0.replacing(".", with: ","))\"" } }
    let utf16 =
      Data([0xFF, 0xFE])
      + Data(text(rows, "\t").utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    let variants: [(String, Data)] = [
      ("plain", Data(text(rows).utf8)),
      ("marked", Data(("\u{FEFF}" + text(rows, ",", "\r\n")).utf8)),
      ("german", Data(text(commas, ";", "\r\n").utf8)), ("quoted", Data(text(quoted).utf8)),
      ("shuffled", Data(text(rows.reversed()).utf8)), ("wide", utf16),
    ]
    var criteria: [Double] = []
    for (name, data) in variants {
      try data.write(to: folder.url.appendingPathComponent(name))
      let run = try folder.run(["compare", "--table", name, "--json"] + Self.columns)
      try #require(run.code == 0, "\(name): \(run.errors)")
      criteria.append(try #require(try run.object()["criterion"] as? Double))
    }
    #expect(criteria.allSatisfy { abs($0 - criteria[0]) < 1e-8 }, "\(criteria)")
  }

  /// What cannot be fitted is one line that names place and remedy.
  @Test func awkwardCohortsAreRefusedWithAReason() throws {
    let folder = try CommandFolder()
    let rows = cohort()
    func changed(_ index: Int, _ column: Int, _ cell: String) -> String {
      var rows = rows
      rows[index][column] = cell
      return text(rows)
    }
    func all(_ column: Int, _ cell: String) -> String {
      text(rows.map { row in row.indices.map { $0 == column ? cell : row[$0] } })
    }
    let cases: [(name: String, text: String, says: String)] = [
      ("date", changed(4, 1, "15.01.2026"), "line 6, column t: found \"15.01.2026\""),
      ("iso", changed(4, 1, "2026-01-15"), "not a date"),
      ("mixed", changed(4, 2, "\"60,5\""), "commas and points"),
      ("limit", changed(4, 2, "<5"), "beyond a limit"),
      ("nan", changed(4, 2, "NaN"), "line 6, column y"),
      ("subject", changed(4, 0, ""), "line 6, column id: found no subject"),
      ("twice", changed(4, 3, "5"), "line 6, column T: found therapy time 5 for P0, expected 3"),
      ("late", all(3, "50"), "no visit comes after the first dose"),
      ("early", all(3, "0"), "no visit comes before the first dose"),
      ("constant", all(2, "60"), "residual variance"),
      ("one", text(cohort(patients: 1)), "1 subjects"),
      ("row", text(Array(rows.prefix(1))), "no visit comes after"),
      ("bytes", "id,t,y,T\nA,0,1\0,3\n", "no text"),
    ]
    for item in cases {
      try folder.write(item.text, to: item.name)
      for more in [[], ["--log", "--json", "-o", "page.html"]] {
        let run = try folder.run(["compare", "--table", item.name] + Self.columns + more)
        #expect(run.code == 65 && run.output.isEmpty, "\(item.name): \(run.output)")
        #expect(run.errorLines.count == 1, "\(item.name): \(run.errors)")
        #expect(run.errors.contains(item.says), "\(item.name): \(run.errors)")
        #expect(run.errors.contains(item.name), "\(run.errors)")
      }
    }
    #expect(!folder.contents.contains("page.html"))
  }

  /// What can be fitted in spite of gaps is fitted, and what was done is said.
  @Test func gapsAndRepetitionsAreSaid() throws {
    let folder = try CommandFolder()
    var rows = cohort()
    rows[5][2] = "NA"
    rows[9][2] = ""
    rows += Array(rows[20..<23]) + [["Q1", "0", "55", "3"]]
    let file = try folder.write(text(rows), to: "gaps.csv")
    let result = try folder.run(["compare", "--table", file, "--json"] + Self.columns).object()
    let warnings = try #require(result["warnings"] as? [String])
    #expect(warnings.contains { $0.hasPrefix("2 rows without a value") }, "\(warnings)")
    #expect(warnings.contains { $0.hasPrefix("3 rows repeat the time") }, "\(warnings)")
    let two = try folder.write(text(cohort(patients: 2)), to: "two.csv")
    #expect(try folder.run(["compare", "--table", two] + Self.columns).code == 0)
  }

  private func table(
    _ rows: [[String]], _ name: String, _ more: String..., cell: (Int) -> [String]
  ) -> String {
    let header = (["id", "t", "y", "T"] + more).joined(separator: ",") + "\n"
    return header
      + rows.map { row in
        let patient = Int(row[0].dropFirst()) ?? 0
        return (row + cell(patient)).joined(separator: ",") + "\n"
      }.joined()
  }

  /// Labels are factors, and codes that look like numbers are said to be lines.
  @Test func factorsOfSeveralLabels() throws {
    let folder = try CommandFolder()
    let rows = cohort(patients: 15)
    let labels = ["Ulm", "Bonn", "Jena", "Kiel", "Mainz"]
    let text = table(rows, "sites", "site", "code") {
      [labels[$0 % 5], "\($0 % 5 + 1)"]
    }
    let file = try folder.write(text, to: "sites.csv")
    func run(_ more: String...) throws -> (names: [String], warnings: [String]) {
      let run = try folder.run(
        ["compare", "--table", file, "--json"] + Self.columns + more)
      try #require(run.code == 0, "\(run.errors)")
      let result = try run.object()
      let fixed = try #require(result["fixed"] as? [[String: Any]])
      return (
        fixed.compactMap { $0["name"] as? String },
        try #require(result["warnings"] as? [String])
      )
    }
    let named = try run("--covariates", "site")
    #expect(named.names.filter { $0.hasPrefix("site=") }.count == 4)
    #expect(named.warnings.contains { $0.contains("each compared with Bonn") })
    let line = try run("--covariates", "code")
    #expect(line.names.contains("code"))
    #expect(
      line.warnings.contains { $0.contains("straight line") && $0.contains("name it as a factor") })
    let coded = try run("--factor", "code")
    #expect(
      coded.names.filter { $0.hasPrefix("code=") } == ["code=2", "code=3", "code=4", "code=5"])
  }

  /// Untreated controls: a hint, and a start at the median of the treated.
  @Test func controlsWithoutTherapyTimes() throws {
    let folder = try CommandFolder()
    let rows = cohort().map { row in
      let patient = Int(row[0].dropFirst()) ?? 0
      return Array(row.prefix(3)) + [patient % 2 == 0 ? "3" : ""]
    }
    let text = table(rows, "arms", "arm") { [$0 % 2 == 0 ? "active" : "placebo"] }
    let file = try folder.write(text, to: "arms.csv")
    let arguments = ["compare", "--table", file, "--arm", "arm"] + Self.columns
    let refused = try folder.run(arguments)
    #expect(refused.code == 65 && refused.errors.contains("--control-start median"))
    let run = try folder.run(arguments + ["--control-start", "median", "--json"])
    try #require(run.code == 0, "\(run.errors)")
    let result = try run.object()
    let fixed = try #require(result["fixed"] as? [[String: Any]])
    #expect(fixed.contains { $0["name"] as? String == "post:arm" })
    #expect(
      (result["warnings"] as? [String])?.contains { $0.hasPrefix("6 subjects without") } == true)
  }

  /// Slopes carry the unit of the table's time.
  @Test func unitsOfTime() throws {
    let folder = try CommandFolder()
    let file = try folder.write(text(cohort()), to: "cohort.csv")
    let base = ["compare", "--table", file, "--log", "--json"] + Self.columns
    #expect(try folder.run(base).object()["slopeUnit"] as? String == "% per unit of t")
    let days = try folder.run(base + ["--time-unit", "day"]).object()
    #expect(days["slopeUnit"] as? String == "% per day")
  }

  @Test func planTellsPowerOfOnePatient() throws {
    let folder = try CommandFolder()
    let plan = try folder.succeed("plan", "--json").object()
    let single = try #require(plan["single"] as? [String: Any])
    // Monthly visits from -3 to +6, one muscle, 12 %: the published power for a full arrest.
    #expect(near(single["standardError"], 0.0598, 0.0005))
    #expect(near(single["power"], 0.10, 0.01))
    let six = try folder.succeed("plan", "--muscles", "6", "--json").object()
    #expect(near((six["single"] as? [String: Any])?["power"], 0.36, 0.02))
    let runIn = try #require(plan["runIn"] as? [[String: Any]])
    #expect(near(runIn.last?["standardError"], 0.035, 0.001))
    let visits = try folder.succeed(
      "plan", "--method", "scan", "--muscle", "TA", "--scans-per-visit", "2", "--patients", "40",
      "--json"
    ).object()
    let detectable = try #require(visits["detectable"] as? [[String: Any]])
    #expect(detectable.count == 2)
    let falls = detectable.compactMap { $0["fallPercent"] as? Double }
    #expect(falls.count == 2 && falls[1] < falls[0] && falls[0] > 40 && falls[0] < 70)
    #expect(try folder.run("plan", "--muscle", "TA").code == 64)
    #expect(try folder.run("plan", "--cv", "10", "--method", "scan").code == 64)
    #expect(try folder.run("plan", "--visits", "-1,x").code == 64)
    try folder.fail("plan", "--visits", "-1,0,1", code: 65, says: "at least 4 visits")
  }
}
