import Foundation
import Testing

@Suite("The effect in subgroups of a trial")
struct SubgroupCommandTests {
  /// 36 patients of two arms and three sites, monthly visits; the therapy works at site 3 alone.
  private static func rows(_ line: (Int, Int, Double) -> String) -> String {
    var lines: [String] = []
    for patient in 0..<36 {
      for month in 0..<9 {
        let code = patient * 37 + month * 53 + (patient * month) % 7
        let noise = 0.6 * Double(code % 23 - 11) / 11
        let isTreated = patient % 2 == 1
        let own = 0.25 * Double(patient % 5 - 2)
        let gain = isTreated && patient / 2 % 3 == 2 ? 0.9 * max(0, Double(month) - 3) : 0
        let change = 0.1 * Double(patient % 7 - 3) * max(0, Double(month) - 3)
        let value = 42 + Double(patient % 6) - (1 + own) * Double(month) + gain + change + noise
        lines.append(line(patient, month, value))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func arm(_ patient: Int) -> String { patient % 2 == 1 ? "active" : "control" }

  private static var table: String {
    "id,month,score,start,arm,site,sex,age\n"
      + rows { patient, month, value in
        "P\(patient),\(month),\(value),3,\(arm(patient)),\(patient / 2 % 3 + 1),"
          + "\(patient % 4 < 2 ? "f" : "m"),\(patient < 4 ? "NA" : String(40 + patient))"
      }
  }

  private let columns = [
    "compare", "--subject", "id", "--time", "month", "--value", "score", "--therapy", "start",
    "--arm", "arm", "--simulations", "0",
  ]

  private func subgroups(_ run: CommandRun) throws -> [[String: Any]] {
    #expect(run.code == 0, "\(run.errors)")
    return try #require(try run.object()["subgroups"] as? [[String: Any]])
  }

  private func p(_ subgroup: [String: Any]) throws -> Double {
    let test = try #require(subgroup["interaction"] as? [String: Any])
    return try #require(test["p"] as? Double)
  }

  @Test func columnsOfATable() throws {
    let folder = try CommandFolder()
    let file = try folder.write(Self.table, to: "trial.csv")
    let found = try subgroups(
      folder.run(
        columns + ["--table", file, "--subgroup", "site,sex,age,baseline", "--json"]))
    #expect(found.map { $0["attribute"] as? String } == ["site", "sex", "age", "baseline"])
    let site = found[0]
    let groups = try #require(site["groups"] as? [[String: Any]])
    #expect(groups.map { $0["name"] as? String } == ["1", "2", "3"])
    #expect(groups.allSatisfy { $0["patients"] as? [Int] == [6, 6] })
    #expect(site["arms"] as? [String] == ["control", "active"])
    #expect(site["effects"] as? [String] == ["post:arm"])
    let values = try groups.map { group -> Double in
      let estimates = try #require(group["estimates"] as? [[String: Any]])
      return try #require(estimates[0]["value"] as? Double)
    }
    #expect(abs(values[2] - 0.9) < 0.3 && abs(values[0]) < 0.3 && abs(values[1]) < 0.3)
    #expect(try p(site) < 0.01)
    #expect(try p(found[1]) > 0.05)
    #expect(found[2]["unknown"] as? Int == 4)
    let ages = try #require(found[2]["groups"] as? [[String: Any]])
    #expect(ages.count == 2 && (ages[0]["name"] as? String)?.hasPrefix("< ") == true)
    // At the last visit the same subgroups give the same answer.
    let visits = try subgroups(
      folder.run(
        columns + [
          "--table", file, "--method", "mmrm", "--covariance", "ar1", "--subgroup", "site",
          "--json",
        ]))
    #expect(visits[0]["effects"] as? [String] == ["active against control"])
    #expect(try p(visits[0]) < 0.05)
  }

  @Test func textAndPageSayThatTheyAreExploratory() throws {
    let folder = try CommandFolder()
    let file = try folder.write(Self.table, to: "trial.csv")
    let run = try folder.run(
      columns + ["--table", file, "--subgroup", "site", "-o", "trial.html", "--sap", "plan.md"])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("By site") && run.output.contains("interaction p"))
    #expect(run.output.contains("Subgroups are exploratory"))
    let page = try String(contentsOfFile: folder.path("trial.html"), encoding: .utf8)
    #expect(page.contains("Effect by subgroup") && page.contains("Subgroups are exploratory"))
    #expect(page.contains("6 + 6"))
    let plan = try String(contentsOfFile: folder.path("plan.md"), encoding: .utf8)
    #expect(plan.contains("subgroups by site"))
  }

  @Test func attributesOfARegistry() throws {
    let folder = try CommandFolder()
    for patient in 0..<36 {
      try folder.succeed(
        "patient", "add", "P\(patient)", "--arm", Self.arm(patient), "--site",
        "S\(patient / 2 % 3 + 1)", "--attribute", "sex=\(patient % 4 < 2 ? "f" : "m")",
        "--onset-site", "limb")
    }
    try folder.write(
      "subject,date,kind,value,therapy_kind,therapy_start\n"
        + Self.rows { patient, month, value in
          "P\(patient),2025-0\(month + 1)-10,svc,\(value),,"
        } + (0..<36).map { "P\($0),,,,trial,2025-04-10" }.joined(separator: "\n") + "\n",
      to: "values.csv")
    try folder.succeed("import", "values.csv")
    let found = try subgroups(
      folder.run("compare", "--simulations", "0", "--subgroup", "site,sex,onset-site", "--json"))
    let groups = try #require(found[0]["groups"] as? [[String: Any]])
    #expect(groups.map { $0["name"] as? String } == ["S1", "S2", "S3"])
    #expect(try p(found[0]) < 0.01)
    #expect((found[1]["groups"] as? [[String: Any]])?.count == 2)
    // One label only: told, and the other attributes stay.
    #expect((found[2]["reason"] as? String)?.contains("1 of 1 subgroups") == true)
    try folder.fail(
      "compare", "--subgroup", "colour", code: 65,
      says: "no patient has this attribute (there are site, onset-site, sex, baseline)")
  }

  @Test func whatIsRefused() throws {
    let folder = try CommandFolder()
    let file = try folder.write(Self.table, to: "trial.csv")
    let changing = try folder.write(
      Self.table.replacing("P3,4,", with: "P3,4.0,").split(separator: "\n").map { line in
        line.hasPrefix("P3,4.0,") ? line.replacing(",2,m,", with: ",1,m,") : line
      }.joined(separator: "\n"), to: "changing.csv")
    var run = try folder.run(columns + ["--table", file, "--subgroup", "nothing"])
    #expect(run.code == 65 && run.errors.contains("no column nothing"))
    run = try folder.run(columns + ["--table", changing, "--subgroup", "site"])
    #expect(run.code == 65 && run.errors.contains("one subgroup for each subject"), "\(run.errors)")
  }
}
