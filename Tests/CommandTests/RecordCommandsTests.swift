import Foundation
import Testing

@Suite("Correcting and retracting records")
struct RecordCommandsTests {
  private func number(_ table: String, _ folder: CommandFolder) throws -> String {
    let records = try #require(
      try folder.succeed("registry", "records", "P001", "--table", table, "--json").json()
        as? [[String: Any]])
    return String(try #require(records.first?["id"] as? Int))
  }

  @Test func aCorrectionShowsInTrendsAndInTheAudit() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let value = try number("measurement", folder)
    let run = try folder.succeed(
      "registry", "correct", value, "value=121.5", "--reason", "digits transposed", "--author",
      "monitor")
    #expect(run.output.contains("value=121.5"))
    let trend = try folder.succeed("trend", "P001", "--measure", "munix", "--json").object()
    let series = try #require((trend["series"] as? [[String: Any]])?.first)
    let values = try #require(series["values"] as? [[String: Any]])
    #expect(values.first?["value"] as? Double == 121.5)
    let history = try #require(
      try folder.succeed("registry", "history", value, "--json").json() as? [[String: Any]])
    #expect(history.map { $0["action"] as? String } == ["add", "correct"])
    #expect(history.last?["author"] as? String == "monitor")
    #expect(history.last?["reason"] as? String == "digits transposed")
    #expect(try folder.succeed("registry", "history", value).output.contains("120.4"))
    try folder.succeed("registry", "export-audit", "--to", "audit.jsonl")
    let audit = try String(
      contentsOf: folder.url.appendingPathComponent("audit.jsonl"), encoding: .utf8)
    #expect(audit.contains("digits transposed") && audit.contains("120.4"))
    #expect(try folder.succeed("registry", "verify", "--json").object()["isSound"] as? Bool == true)
  }

  @Test func aRetractionAsksForWhatGoesWithIt() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let visit = try number("visit", folder)
    try folder.fail(
      "registry", "retract", visit, "--reason", "wrong patient", code: 65, says: "1 measurement")
    let report = try folder.succeed(
      "registry", "retract", visit, "--reason", "wrong patient", "--with-dependents", "--json"
    ).object()
    #expect(report["dependents"] as? [String: Int] == ["measurement": 1])
    let therapy = try number("intervention", folder)
    try folder.succeed("registry", "retract", therapy, "--reason", "never given")
    let text = try folder.succeed("trend", "P001", "--measure", "munix").output
    #expect(text.contains("no therapy noted") && !text.contains("2025-01-15"))
    try folder.succeed("registry", "check")
  }

  @Test func wrongCorrectionsSayWhy() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let value = try number("measurement", folder)
    try folder.fail(
      "registry", "correct", value, "value=lots", "--reason", "x", code: 65, says: "a number")
    try folder.fail(
      "registry", "correct", value, "weight=3", "--reason", "x", code: 65, says: "quality")
    try folder.fail(
      "registry", "correct", value, "value=3", "--reason", " ", code: 65, says: "reason")
    try folder.fail(
      "registry", "correct", "4000", "value=3", "--reason", "x", code: 65, says: "4000")
    #expect(try folder.run("registry", "correct", value, "value", "--reason", "x").code == 64)
  }
}
