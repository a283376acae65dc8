import Foundation
import Testing

@Suite("Stored recordings analysed again")
struct ReanalysisTests {
  @Test func newResultsStandInPlaceOfTheOld() throws {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P1")
    for (name, seed) in [("a", "3"), ("b", "4")] {
      try folder.succeed(
        "simulate", "scan", "-o", "\(name).csv", "--truth", "\(name).json", "--units", "12",
        "--seed", seed)
    }
    try folder.succeed(
      "visit", "add", "P1", "a.csv", "--date", "2026-01-15", "--muscle", "tibialis anterior",
      "--side", "left")
    let before = try folder.succeed("visit", "list", "P1", "--json").output
    try folder.succeed("visit", "reanalyse", "P1", "a.csv", "--reason", "again")
    let after = try folder.succeed("visit", "list", "P1", "--json").output
    #expect(after.contains("2026-01-15"))
    // One estimate, as before: the earlier one is withdrawn, not counted beside the new one.
    let count = { (text: String) in text.components(separatedBy: "scan-unit-count").count }
    #expect(count(after) == count(before))
    let records = try folder.succeed("registry", "verify").output
    #expect(records.contains("intact"))
    try folder.fail(
      "visit", "reanalyse", "P1", "b.csv", "--reason", "again", code: 65, says: "is not stored")
    let empty = try folder.run(["visit", "reanalyse", "P1", "a.csv", "--reason", " "])
    #expect(empty.code == 64 && empty.errors.contains("--reason is empty"))
  }
}
