import Foundation
import TestSupport
import Testing

@Suite("Needle recordings")
struct NeedleCommandTests {
  /// A simulated needle recording with two units before a small background, quick to decompose.
  private static func simulate(
    _ folder: CommandFolder, _ name: String, duration: String = "4", channels: String = "1"
  ) throws {
    try folder.succeed(
      "simulate", "needle", "-o", name, "--truth", "truth.csv", "--duration", duration, "--units",
      "2", "--background-units", "3", "--channels", channels, "--seed", "5")
  }

  @Test func needleIsDecomposedScoredAndStored() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "needle.edf")
    let summary = try folder.succeed("decompose", "needle.edf", "-o", "out", "--json").object()
    #expect(summary["electrodes"] as? String == "needle")
    let units = try #require(summary["identifiedUnits"] as? Int)
    #expect(units >= 1)
    for name in [
      "units.json", "units.csv", "spikes.csv", "counts.csv", "interference.csv", "units.eaf",
      "units.mu", "report.html",
    ] {
      #expect(folder.contents.contains("out/\(name)"))
    }
    let score = try folder.succeed("score", "out", "--truth", "truth.csv", "--json").object()
    #expect(try #require(score["matchedAtRoA90"] as? Int) >= 1)
    // The annotations hold the same discharges as the table, to a microsecond or a sample.
    for annotations in ["out/units.eaf", "out/units.mu"] {
      let same = try folder.succeed("score", "out", "--truth", annotations, "--json").object()
      #expect(same["matchedUnits"] as? Int == units)
      #expect(same["pooledPrecision"] as? Double == 1 && same["pooledRecall"] as? Double == 1)
    }
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.url.appendingPathComponent("out/units.json")))
        as? [String: Any])
    let entries = try #require(json["units"] as? [[String: Any]])
    #expect(
      entries.allSatisfy {
        (0...1).contains($0["predictedAgreement"] as? Double ?? -1) && $0["tentative"] is Bool
      })
    // What the page tells of potentials and interference pattern stands in JSON and CSV too.
    for measure in ["durationMilliseconds", "phases", "jiggle", "meanRateHertz"] {
      #expect(entries.contains { $0[measure] is Double }, "\(measure)")
    }
    let epochs = try #require(json["interference"] as? [[String: Any]])
    #expect(epochs.count >= 3 && epochs.allSatisfy { $0["rmsMicrovolts"] is Double })
    let tables = try ["units", "interference"].map { name in
      try String(
        contentsOf: folder.url.appendingPathComponent("out/\(name).csv"), encoding: .utf8
      ).split(separator: "\n")
    }
    #expect(tables[0].count == units + 1 && tables[0][0].contains(",duration_ms,"))
    #expect(tables[1].count == epochs.count + 1 && tables[1][0].hasSuffix(",rms_uv"))

    let report = try String(
      contentsOf: folder.url.appendingPathComponent("out/report.html"), encoding: .utf8)
    for part in ["Signal with labelled discharges", "Jiggle", "Interference pattern"] {
      #expect(report.contains(part), "\(part)")
    }

    try folder.succeed("patient", "add", "P001")
    let stored = try folder.succeed(
      "visit", "add", "P001", "needle.edf", "--date", "2025-01-15", "--muscle", "ta", "--side",
      "left", "--json"
    ).object()
    let file = try #require((stored["files"] as? [[String: Any]])?.first)
    #expect(file["identifiedUnits"] as? Int == units)
    let kinds = (file["measurements"] as? [[String: Any]])?.compactMap { $0["kind"] as? String }
    #expect(
      Set(kinds ?? []).isSuperset(of: [
        "identified-units-max", "identified-units-median", "mean-discharge-rate",
        "muap-amplitude", "muap-area",
      ]))
  }

  @Test func refusalIsReportedWithItsReason() throws {
    let folder = try CommandFolder()
    // An electrode that lost its contact: three seconds of one value.
    let rows = (0..<6_000).map { "\(Double($0) / 2_000),0.5" }
    try folder.write(
      (["time,EMG [uV]"] + rows).joined(separator: "\n") + "\n", to: "muted.csv")
    let summary = try folder.succeed("decompose", "muted.csv", "-o", "out", "--json").object()
    #expect(summary["identifiedUnits"] as? Int == 0)
    #expect((summary["refusal"] as? String)?.contains("constant") == true)
    let report = try String(
      contentsOf: folder.url.appendingPathComponent("out/report.html"), encoding: .utf8)
    #expect(report.contains("constant"))
    try folder.succeed("patient", "add", "P001")
    try folder.fail(
      "visit", "add", "P001", "muted.csv", "--date", "2025-01-15", "--muscle", "ta", "--side",
      "left", code: 65, says: "nothing was added")
  }

  @Test func shortRecordingsAreRefused() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "short.edf", duration: "1")
    try folder.fail("decompose", "short.edf", "-o", "out", code: 65, says: "at least 2 s")
    #expect(!folder.contents.contains("out"))
  }

  @Test func electrodesDecide() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "one.edf", duration: "2")
    try folder.fail(
      "decompose", "one.edf", "-o", "out", "--electrodes", "surface", code: 65, says: "one.edf")
    try folder.fail(
      "decompose", "one.edf", "-o", "out", "--rounds", "2", code: 64, says: "--rounds")
    try Self.simulate(folder, "four.edf", duration: "2", channels: "4")
    let needle = try folder.succeed(
      "decompose", "four.edf", "-o", "needle", "--electrodes", "needle", "--json"
    ).object()
    #expect(needle["electrodes"] as? String == "needle" && needle["channelCount"] as? Int == 4)
    // Four channels are an array unless told otherwise, which wants more than two seconds.
    try folder.fail("decompose", "four.edf", "-o", "array", code: 65, says: "four.edf")
  }

  @Test(.enabled(if: TestTier.isLong))
  func annotatedRecordingIsFoundAgain() throws {
    let header = try SharedData.file("data/needle/R00108.hea")
    let truth = try SharedData.file("data/needle/R00108.eaf")
    let folder = try CommandFolder()
    try folder.succeed("decompose", header.path, "-o", "out")
    let score = try folder.succeed("score", "out", "--truth", truth.path, "--json").object()
    let pairs = try #require(score["pairs"] as? [[String: Any]])
    #expect(pairs.count { ($0["agreement"] as? Double ?? 0) >= 0.95 } == 8)
    #expect(try #require(score["pooledPrecision"] as? Double) >= 0.985)
    #expect(try #require(score["pooledRecall"] as? Double) >= 0.985)
  }
}
