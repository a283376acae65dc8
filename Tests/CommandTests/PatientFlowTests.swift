import Foundation
import Testing

@Suite("A patient from the first value to the report")
struct PatientFlowTests {
  /// Monthly values that fall by 6 % a month, and by 2 % after the fifth visit.
  static let visits: [(date: String, value: Double)] = [
    ("2025-01-15", 120.4), ("2025-02-14", 112.1), ("2025-03-17", 106.9), ("2025-04-16", 99.2),
    ("2025-05-16", 94.8), ("2025-06-16", 92.2), ("2025-07-16", 91.1), ("2025-08-15", 88.7),
    ("2025-09-15", 87.6), ("2025-10-15", 85.2),
  ]

  static func addPatient(_ name: String = "P001", to folder: CommandFolder) throws {
    try folder.succeed("patient", "add", name, "--arm", "treated")
    for visit in visits {
      try folder.succeed(
        "measure", "add", name, "--date", visit.date, "--kind", "munix", "--value",
        "\(visit.value)", "--muscle", "apb", "--side", "left")
    }
    try folder.succeed(
      "therapy", "add", name, "--start", "2025-05-20", "--kind", "tofersen", "--dose", "100",
      "--dose-unit", "mg / 4 weeks")
  }

  @Test func trendTellsBothSlopes() throws {
    let folder = try CommandFolder()
    try Self.addPatient(to: folder)
    let run = try folder.succeed("trend", "P001", "--json")
    let trend = try run.object()
    let series = try #require((trend["series"] as? [[String: Any]])?.first)
    #expect(series["muscle"] as? String == "abductor pollicis brevis")
    let comparison = try #require(series["comparison"] as? [String: Any])
    func slope(_ name: String) throws -> [String: Any] {
      try #require(comparison[name] as? [String: Any])
    }
    // The values were made with -6 and -2 % a month and two digits of noise.
    #expect(abs(try #require(try slope("before")["value"] as? Double) + 5.8) < 0.6)
    #expect(abs(try #require(try slope("after")["value"] as? Double) + 2.1) < 0.6)
    let difference = try slope("difference")
    let lower = try #require(difference["valueLower"] as? Double)
    let upper = try #require(difference["valueUpper"] as? Double)
    #expect(lower > 2 && upper < 5.5 && lower < upper)
    #expect(try #require(difference["p"] as? Double) < 0.001)
    let data = try #require(trend["data"] as? [String: Any])
    #expect((data["dataHash"] as? String)?.count == 64)
    #expect((data["ledgerHash"] as? String)?.count == 64)
    #expect(data["count"] as? Int == 10)
    try Snapshot.expect(
      Snapshot.stable(
        // The run that it comes from has a test of its own.
        run.output.replacing(#/  "provenance" : \{(?s:.*?)\n  \},\n/#, with: ""),
        hiding: ["dataHash", "ledgerHash", "ledgerPosition"]),
      "trend.json")
    try Snapshot.expect(
      try folder.succeed("trend", "P001", "--measure", "munix").output
        .replacing(#/Data: .*/#, with: "Data: …"), "trend.txt")
  }

  @Test func reportIsOnePage() throws {
    let folder = try CommandFolder()
    try Self.addPatient(to: folder)
    try folder.succeed("outcome", "add", "P001", "--date", "2025-01-15", "--alsfrs", "44")
    try folder.succeed("report", "P001", "-o", "P001.html")
    let page = try String(
      contentsOf: folder.url.appendingPathComponent("P001.html"), encoding: .utf8)
    #expect(page.contains("<svg") && page.contains("MUNIX") && page.contains("tofersen"))
    #expect(page.contains("association") && page.contains("Hash of the data"))
    #expect(!page.contains(folder.url.path))
    #expect(folder.contents == ["P001.html"])
    try folder.fail(
      "report", "P001", "-o", "missing/P001.html", code: 73, says: "cannot be written")
  }

  @Test func cohortIsCompared() throws {
    let folder = try CommandFolder()
    var rows = "subject,date,kind,value,muscle,side,therapy_kind,therapy_start\n"
    for (index, scale) in [1.0, 0.8, 1.3, 0.6].enumerated() {
      for visit in Self.visits {
        rows += "P00\(index + 1),\(visit.date),munix,\(visit.value * scale),apb,left,,\n"
      }
      rows += "P00\(index + 1),,,,,,tofersen,2025-05-20\n"
    }
    try folder.write(rows, to: "cohort.csv")
    try folder.succeed("import", "cohort.csv")
    try folder.succeed("event", "add", "P002", "--date", "2025-12-01", "--kind", "death")
    let compared = try folder.succeed(
      "compare", "--measure", "munix", "--simulations", "5", "--sensitivity", "--selected",
      "--json",
      "-o", "cohort.html")
    let summary = try compared.object()
    #expect(summary["subjects"] as? Int == 4)
    #expect(summary["deaths"] as? Int == 1)
    let warnings = try #require(summary["warnings"] as? [String])
    #expect(warnings.contains { $0.contains("deaths exceed 10 %") })
    #expect(warnings.contains { $0.contains("regression to the mean") })
    let sensitivity = try #require(summary["sensitivity"] as? [String: Any])
    #expect(try #require(sensitivity["lines"] as? [Any]).count >= 6)
    let responders = try #require(summary["responders"] as? [String: Any])
    #expect(responders["chance"] is [String: Any])
    let sign = try #require(summary["signTest"] as? [String: Any])
    #expect(sign["positive"] as? Int == 4)
    #expect(abs(try #require(sign["p"] as? Double) - 0.125) < 1e-12)
    let mean = try #require(summary["meanDifference"] as? [String: Any])
    #expect(try #require(mean["value"] as? Double) > 2)
    #expect((summary["patients"] as? [Any])?.count == 4)
    let page = try String(
      contentsOf: folder.url.appendingPathComponent("cohort.html"), encoding: .utf8)
    #expect(page.contains("<svg") && page.contains("P003"))
  }

  @Test func armsAreComparedWhereAllHaveOne() throws {
    let folder = try CommandFolder()
    var rows = "subject,arm,date,kind,value,muscle,side,therapy_kind,therapy_start\n"
    for patient in 1...8 {
      let isTreated = patient % 2 == 0
      for (index, visit) in Self.visits.enumerated() {
        // Both arms fall alike before; the treated ones slow down by 2 % a month after.
        let months = Double(index) - 4
        let slowing = isTreated ? max(0, months) * 0.02 : 0
        let wiggle = 0.01 * Double((patient * 7 + index * 5) % 5 - 2)
        let value = 100 * exp(-0.05 * Double(index) + slowing + wiggle + 0.1 * Double(patient))
        rows +=
          "P\(patient),\(isTreated ? "drug" : "placebo"),\(visit.date),munix,\(value),apb,left,,\n"
      }
      rows += "P\(patient),,,,,,,trial,2025-05-16\n"
    }
    try folder.write(rows, to: "trial.csv")
    try folder.succeed("import", "trial.csv")
    func names(_ arguments: String...) throws -> [String] {
      let run = try folder.run(["compare", "--simulations", "0", "--json"] + arguments)
      #expect(run.code == 0, "\(run.errors)")
      let fixed = try #require(try run.object()["fixed"] as? [[String: Any]])
      if let arm = fixed.first(where: { $0["name"] as? String == "post:arm" }) {
        #expect(abs(try #require(arm["estimate"] as? Double) - 0.02) < 0.01)
      }
      return fixed.compactMap { $0["name"] as? String }
    }
    #expect(try names() == ["(Intercept)", "t", "post", "post:arm"])
    #expect(try names("--arm", "no") == ["(Intercept)", "t", "post"])
    #expect(try folder.run("compare", "--arm", "maybe").code == 64)
  }

  @Test func outcomesEventsAndLists() throws {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P001", "--onset", "2024-06-01", "--attribute", "sod1=yes")
    try folder.succeed(
      "outcome", "add", "P001", "--date", "2025-01-15", "--item", "speech=4", "--svc", "88.5")
    try folder.succeed("visit", "add", "P001", "--date", "2025-02-15", "--status", "missed")
    try folder.succeed("event", "add", "P001", "--date", "2025-03-01", "--kind", "niv")
    let list = try folder.succeed("visit", "list", "P001", "--json").json()
    let visits = try #require(list as? [[String: Any]])
    #expect(visits.count == 2)
    #expect((visits[0]["outcomes"] as? [Any])?.count == 2)
    let show = try folder.succeed("patient", "show", "P001").output
    #expect(show.contains("sod1: yes") && show.contains("niv 2025-03-01"))
    #expect(try folder.succeed("patient", "list").output.contains("P001"))
    try folder.fail(
      "outcome", "add", "P001", "--date", "2025-01-15", "--svc", "90", code: 65,
      says: "in the registry already")
    try folder.fail(
      "outcome", "add", "P001", "--date", "2025-04-15", "--alsfrs", "49", code: 65,
      says: "0.0 to 48.0")
    // The visit of the refused outcome was not stored either.
    #expect(
      try #require(
        try folder.succeed("visit", "list", "P001", "--json").json() as? [Any]
      ).count == 2)
  }

  @Test func refusalsOfValues() throws {
    let folder = try CommandFolder()
    try folder.fail("trend", "P001", code: 66, says: "no registry there")
    try folder.fail("patient", "add", "Miller", code: 65, says: "no digit")
    #expect(!FileManager.default.fileExists(atPath: folder.path("registry.sqlite")))
    try Self.addPatient(to: folder)
    try folder.fail("patient", "add", "p001", code: 65, says: "in the registry already")
    try folder.fail("trend", "P009", code: 65, says: "no subject P009")
    try folder.fail(
      "measure", "add", "P001", "--date", "2025-01-15", "--kind", "munix", "--value", "3",
      "--muscle", "apb", "--side", "left", code: 65, says: "in the registry already")
    try folder.fail(
      "measure", "add", "P001", "--date", "2025-01-15", "--kind", "muinx", "--value", "3",
      code: 64, says: "not a kind")
    try folder.fail(
      "therapy", "add", "P001", "--start", "2025-05-20", "--kind", "tofersen", code: 65,
      says: "in the registry already")
    try folder.fail("trend", "P001", "--measure", "muinx", code: 64, says: "not known here")
    let badDate = try folder.run(
      "measure", "add", "P001", "--date", "15.01.2025", "--kind", "munix", "--value", "3")
    #expect(badDate.code == 64 && badDate.errors.contains("--date"))
  }
}
