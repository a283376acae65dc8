import Foundation
import Testing

@Suite("Mix-ups of patients, days, muscles and values")
struct MixUpTests {
  private func registry() throws -> CommandFolder {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P001")
    try folder.succeed("patient", "add", "P002")
    return folder
  }

  @Test(arguments: [
    (["--date", "2052-03-11", "--value", "80", "--muscle", "apb"], "future"),
    (["--date", "2025-03-11", "--value", "8000", "--muscle", "apb"], "plausible range"),
    (
      ["--date", "2025-03-11", "--value", "80", "--muscle", "tibialis anteroir"],
      "did you mean tibialis anterior"
    ),
  ]) func valuesStopUnlessAccepted(_ options: [String], _ words: String) throws {
    let folder = try registry()
    let command = ["measure", "add", "P001", "--kind", "munix", "--side", "left"] + options
    let refused = try folder.run(command)
    #expect(refused.code == 65 && refused.errors.contains(words), "\(refused.errors)")
    #expect(refused.errors.contains("--accept"))
    #expect(try folder.succeed("visit", "list", "P001").output.contains("no visits"))
    let accepted = try folder.run(command + ["--accept"])
    #expect(accepted.code == 0, "\(accepted.errors)")
    // Said until somebody answers for it, wherever the values are shown.
    let list = try folder.succeed("visit", "list", "P001").output
    #expect(list.contains("Warning") && list.contains(words))
    #expect(try folder.succeed("patient", "show", "P001").output.contains(words))
    try folder.succeed("report", "P001", "-o", "r.html")
    let report = try String(contentsOfFile: folder.path("r.html"), encoding: .utf8)
    #expect(report.contains(words))
    let warnings = try #require(
      try folder.succeed("patient", "show", "P001", "--json").object()["warnings"]
        as? [[String: Any]])
    let number = try #require(warnings.first?["warning"] as? Int)
    try folder.succeed("registry", "accept", "\(number)", "--reason", "checked the source")
    #expect(try !folder.succeed("visit", "list", "P001").output.contains(words))
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
  }

  @Test func aScanOfAnotherPatientOrDayStops() throws {
    let folder = try registry()
    try folder.succeed("simulate", "scan", "-o", "s.csv", "--truth", "t.json", "--units", "30")
    let add = ["visit", "add", "P001", "s.csv", "--date", "2025-03-11", "--side", "left"]
    #expect(try folder.run(add + ["--muscle", "apb"]).code == 0)
    var other = add
    other[2] = "P002"
    let refused = try folder.run(other + ["--muscle", "apb"])
    #expect(refused.code == 65 && refused.errors.contains("another patient"))
    #expect(try folder.succeed("visit", "list", "P002").output.contains("no visits"))
    #expect(try folder.run(other + ["--muscle", "apb", "--accept"]).code == 0)
    #expect(try folder.succeed("visit", "list", "P002").output.contains("another patient"))
  }

  @Test func theDeathOfAPatientEndsTheirVisits() throws {
    let folder = try registry()
    try folder.succeed("event", "add", "P001", "--date", "2025-01-10", "--kind", "death")
    try folder.fail(
      "outcome", "add", "P001", "--date", "2025-02-01", "--alsfrs", "30", code: 65,
      says: "after the death")
    try folder.fail("visit", "add", "P001", "--date", "2025-02-01", code: 65, says: "after the")
    try folder.succeed("visit", "add", "P001", "--date", "2025-01-09")
  }
}
