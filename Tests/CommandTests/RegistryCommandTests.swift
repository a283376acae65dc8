import Foundation
import Testing

@Suite("Registry, import and export commands")
struct RegistryCommandTests {
  @Test func verifyBackupRestoreAudit() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let verified = try folder.succeed("registry", "verify", "--json").object()
    let entries = try #require(verified["entries"] as? Int)
    // One subject, ten visits, ten values, one therapy.
    #expect(entries == 22)
    #expect(verified["isSound"] as? Bool == true)
    try folder.succeed("registry", "backup", "--to", "backup.sqlite")
    try folder.succeed("registry", "export-audit", "--to", "audit.jsonl")
    let audit = try String(
      contentsOf: folder.url.appendingPathComponent("audit.jsonl"), encoding: .utf8)
    #expect(audit.split(separator: "\n").count == entries)
    try folder.fail(
      "registry", "backup", "--to", "backup.sqlite", code: 73, says: "exists already")
    try folder.succeed("patient", "add", "P002")
    try folder.fail(
      "registry", "restore", "--from", "backup.sqlite", code: 65, says: "1 record")
    try folder.succeed("registry", "restore", "--from", "backup.sqlite", "--discard-later")
    let list = try #require(try folder.succeed("patient", "list", "--json").json() as? [Any])
    #expect(list.count == 1)
    try folder.write("no database", to: "other.sqlite")
    let foreign = try folder.run("registry", "verify", "--registry", "other.sqlite")
    #expect(foreign.code == 66 && foreign.errorLines.count == 1)
  }

  @Test(arguments: ["long", "wide", "redcap", "bids", "fhir"])
  func exportComesBack(format: String) throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let name = format == "bids" ? "out" : format == "fhir" ? "out.json" : "out.csv"
    try folder.succeed("export", "-o", name, "--format", format)
    let preview = try folder.run("import", name, "--registry", "new.sqlite", "--preview")
    #expect(preview.code == 0 && preview.output.contains("would be stored: 1 patients"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("new.sqlite")))
    let imported = try folder.run("import", name, "--registry", "new.sqlite", "--json")
    #expect(imported.code == 0, "\(imported.output) \(imported.errors)")
    let report = try imported.object()
    #expect(report["newSubjects"] as? Int == 1)
    #expect(report["newMeasurements"] as? Int == 10)
    #expect(report["isStored"] as? Bool == true)
    let again = try folder.run("import", name, "--registry", "new.sqlite", "--json")
    #expect(try again.object()["newMeasurements"] as? Int == 0)
    let before = try folder.succeed("trend", "P001", "--measure", "munix", "--json").object()
    let after = try folder.run(
      "trend", "P001", "--measure", "munix", "--json", "--registry", "new.sqlite")
    func values(_ trend: [String: Any]) -> [Double] {
      let series = (trend["series"] as? [[String: Any]])?.first
      return (series?["values"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? Double }
    }
    #expect(values(try after.object()) == values(before))
    #expect(values(before).count == 10)
  }

  @Test func badImportsStoreNothing() throws {
    let folder = try CommandFolder()
    try folder.write(
      "subject,date,kind,value\nP001,2025-01-15,munix,80\nP001,2025-13-15,munix,70\n",
      to: "bad.csv")
    let run = try folder.run("import", "bad.csv")
    #expect(run.code == 65 && run.errorLines.count == 1)
    #expect(run.output.contains("line 3"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("registry.sqlite")))
    try folder.succeed("patient", "add", "P009")
    #expect(try folder.run("import", "bad.csv").code == 65)
    #expect(
      try #require(
        try folder.succeed("patient", "list", "--json").json() as? [Any]
      ).count == 1)
    try folder.fail("import", "none.csv", code: 66, says: "no such file")
    try folder.write("a,b\n1,2\n", to: "other.csv")
    #expect(try folder.run("import", "other.csv").code == 65)
  }

  /// Units as tables print them are the kind's own; others are refused with what would do.
  @Test func unitsAreReadAsTablesPrintThem() throws {
    let folder = try CommandFolder()
    try folder.write(
      "subject,date,kind,value,unit\nP001,2025-01-15,munix,80,units\n"
        + "P001,2025-02-15,munix,78,1\nP001,2025-02-15,scan-unit-count,60,motor units\n"
        + "P001,2025-02-15,musix,55,µV\nP001,2025-03-15,munix,77,\n", to: "units.csv")
    let report = try folder.succeed("import", "units.csv", "--json").object()
    #expect(report["newMeasurements"] as? Int == 5)
    // The same values again, however their unit is written.
    #expect(
      try folder.succeed("import", "units.csv", "--json").object()["unchanged"] as? Int ?? 0 >= 5)
    try folder.write(
      "subject,date,kind,value,unit\nP001,2025-04-15,munix,80,mV\n", to: "wrong.csv")
    let run = try folder.run("import", "wrong.csv")
    #expect(run.code == 65)
    #expect(run.output.contains("is \"mV\", expected \"1\" or \"units\""), "\(run.output)")
  }

  /// A spreadsheet of a German clinic: byte order mark, semicolons, decimal commas, days first, CRLF.
  @Test func aGermanSpreadsheetNeedsNoProfile() throws {
    let folder = try CommandFolder()
    try folder.write(
      "\u{FEFF}subject;date;munix_apb_left;therapy_start;Zimmer\r\n"
        + "P1;15.01.2026;84,5;01.03.2026;12\r\nP1;15.02.2026;80,1;01.03.2026;12\r\n"
        + "P1;15.02.2026;80,1;01.03.2026;12\r\n", to: "german.csv")
    let preview = try folder.succeed("import", "german.csv", "--preview")
    #expect(preview.output.contains("column date: date (DMY)"))
    #expect(preview.output.contains("decimal comma"))
    #expect(preview.output.contains("columns not used: Zimmer"))
    #expect(preview.output.contains("2 measurements") && preview.output.contains("1 known already"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("registry.sqlite")))
    try folder.succeed("import", "german.csv", "--save-profile", "profile.json")
    let trend = try folder.succeed("trend", "P1", "--json").object()
    let series = try #require((trend["series"] as? [[String: Any]])?.first)
    let values = try #require(series["values"] as? [[String: Any]])
    #expect(values.map { $0["value"] as? Double } == [84.5, 80.1])
    let again = try folder.succeed("import", "german.csv", "--profile", "profile.json", "--json")
    #expect(try again.object()["newMeasurements"] as? Int == 0)
  }

  @Test func datesThatCouldBeEitherWayAreRefused() throws {
    let folder = try CommandFolder()
    try folder.write(
      "subject,date,kind,value\nP1,01/02/2026,munix,84\nP1,03/04/2026,munix,80\n", to: "us.csv")
    let run = try folder.run("import", "us.csv", "--preview")
    #expect(run.output.contains("01/02/2026 can have the day or the month first"))
    #expect(try folder.run("import", "us.csv").code == 65)
    // One day beyond 12 settles it.
    try folder.write(
      "subject,date,kind,value\nP1,01/02/2026,munix,84\nP1,03/14/2026,munix,80\n", to: "us.csv")
    let settled = try folder.succeed("import", "us.csv", "--preview")
    #expect(settled.output.contains("date (MDY)") && settled.output.contains("2 measurements"))
  }
}
