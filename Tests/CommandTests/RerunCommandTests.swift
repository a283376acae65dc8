import Foundation
import TestSupport
import Testing

@Suite("A decomposition made again")
struct RerunCommandTests {
  /// An array of 12 channels with its results, made with settings of its own.
  private func decomposed() throws -> CommandFolder {
    let folder = try CommandFolder()
    try folder.succeed(
      "simulate", "array", "-o", "a.edf", "--truth", "t.csv", "--rows", "4", "--columns",
      "3", "--fs", "1000", "--duration", "12", "--units", "20", "--seed", "4")
    try folder.succeed("decompose", "a.edf", "--output", "results", "--seed", "9", "--rounds", "4")
    return folder
  }

  @Test func sameSettingsGiveTheSameDischarges() throws {
    let folder = try decomposed()
    let again = try folder.succeed("rerun", "results", "a.edf", "--json").object()
    #expect(again["isSame"] as? Bool == true)
    #expect((again["units"] as? [Any])?.isEmpty == false)
    let text = try folder.succeed("rerun", "results", "a.edf", "--threads", "1").output
    #expect(text.hasPrefix("the same: "))
  }

  @Test func aChangedTrainIsTold() throws {
    let folder = try decomposed()
    let path = folder.path("results/units.json")
    var run = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        as? [String: Any])
    var units = try #require(run["units"] as? [[String: Any]])
    var times = try #require(units[0]["timesSeconds"] as? [Double])
    times[3] += 0.002
    units[0]["timesSeconds"] = times
    run["units"] = units
    try JSONSerialization.data(withJSONObject: run).write(to: URL(fileURLWithPath: path))
    let again = try folder.run(["rerun", "results", "a.edf"])
    #expect(again.code == 1)
    #expect(again.output.hasPrefix("not the same: \(units.count - 1) of \(units.count) units"))
  }

  @Test func anotherRecordingAndAnOldFolderAreRefused() throws {
    let folder = try decomposed()
    try folder.succeed(
      "simulate", "array", "-o", "b.edf", "--truth", "u.csv", "--rows", "4", "--columns",
      "3", "--fs", "1000", "--duration", "12", "--units", "20", "--seed", "5")
    try folder.fail("rerun", "results", "b.edf", code: 65, says: "is not the recording")
    try folder.fail("rerun", "nowhere", "a.edf", code: 66, says: "cannot be opened")
    let path = folder.path("results/units.json")
    var run = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        as? [String: Any])
    run["recipe"] = nil
    try JSONSerialization.data(withJSONObject: run).write(to: URL(fileURLWithPath: path))
    try folder.fail("rerun", "results", "a.edf", code: 65, says: "says nothing of how")
  }
}
