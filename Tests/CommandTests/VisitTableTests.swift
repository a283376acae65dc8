import Foundation
import Testing

@Suite("Many visits from a table")
struct VisitTableTests {
  /// A registry with two patients and three small scans.
  private func prepared() throws -> CommandFolder {
    let folder = try CommandFolder()
    for patient in ["P1", "P2"] { try folder.succeed("patient", "add", patient) }
    for (index, name) in ["a", "b", "c"].enumerated() {
      try folder.succeed(
        "simulate", "scan", "-o", "\(name).csv", "--truth", "\(name).json", "--units", "12",
        "--seed", "\(index + 3)")
    }
    return folder
  }

  private func visits(_ folder: CommandFolder, _ patient: String) throws -> String {
    try folder.succeed("visit", "list", patient).output
  }

  @Test func oneFailureStopsNoOther() throws {
    let folder = try prepared()
    try folder.write(
      """
      patient,date,muscle,side,file,status,reason,living_units
      P1,2026-01-15,tibialis anterior,left,a.csv,,,40
      P1,2026-02-15,tibialis anterior,left,nowhere.csv,,,39
      P9,2026-02-15,tibialis anterior,left,b.csv,,,39
      P2,2026-01-20,tibialis anterior,left,c.csv,,,38
      P2,2026-02-20,,,,missed,hospital stay,
      P2,20.3.2026,tibialis anterior,left,b.csv,,,38
      """ + "\n", to: "visits.csv")
    let preview = try folder.run(["visit", "add", "--from", "visits.csv", "--preview"])
    #expect(preview.code == 65)
    #expect(
      preview.output.contains("3 to add, 0 there already, 3 not possible; nothing was stored"))
    #expect(preview.output.contains("columns passed over: living_units"))
    #expect(try !visits(folder, "P1").contains("2026-01-15"))

    let first = try folder.run(["visit", "add", "--from", "visits.csv", "--json"])
    #expect(first.code == 65)
    let summary = try first.object()
    #expect(summary["stored"] as? Int == 3)
    #expect(summary["failed"] as? Int == 3)
    #expect(try visits(folder, "P1").contains("2026-01-15"))
    #expect(try visits(folder, "P2").contains("missed"))
    let failed = try String(contentsOfFile: folder.path("visits-failed.csv"), encoding: .utf8)
    let lines = failed.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasSuffix(",problem"))
    #expect(lines[1].contains("nowhere.csv") && lines[1].contains("cannot be read"))
    #expect(lines[3].contains("expected YYYY-MM-DD"))
  }

  @Test func theTableCanBeGivenAgainAndMended() throws {
    let folder = try prepared()
    let head = "patient;date;muscle;side;file\n"
    try folder.write(
      head + "P1;2026-01-15;ta;left;a.csv\nP1;2026-02-15;ta;left;no.csv\n", to: "visits.csv")
    #expect(try folder.run(["visit", "add", "--from", "visits.csv"]).code == 65)
    try folder.write(
      head + "P1;2026-01-15;ta;left;a.csv\nP1;2026-02-15;ta;left;b.csv\n", to: "visits.csv")
    let again = try folder.succeed("visit", "add", "--from", "visits.csv", "--json").object()
    #expect(again["stored"] as? Int == 1)
    #expect(again["there"] as? Int == 1)
    try folder.succeed("registry", "verify")
  }

  @Test func aTableOfOnePatientNamesThemBeforeIt() throws {
    let folder = try prepared()
    try folder.write("date,muscle,side,file\n2026-01-15,ta,left,a.csv\n", to: "visits.csv")
    try folder.fail("visit", "add", "--from", "visits.csv", code: 64, says: "no column patient")
    try folder.succeed("visit", "add", "P2", "--from", "visits.csv")
    #expect(try visits(folder, "P2").contains("2026-01-15"))
    let both = try folder.run([
      "visit", "add", "P2", "--from", "visits.csv", "--date", "2026-01-15",
    ])
    #expect(both.code == 64 && both.errors.contains("leave them out"))
  }
}
