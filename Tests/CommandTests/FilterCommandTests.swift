import Foundation
import TestSupport
import Testing

@Suite("Kept filters, segments and validation")
struct FilterCommandTests {
  /// A small simulated array recording, quick to decompose; one muscle whatever the seed.
  private static func simulate(
    _ folder: CommandFolder, _ name: String, seed: String, _ more: String...
  ) throws {
    _ = try folder.run(
      [
        "simulate", "array", "-o", name, "--truth", "\(name).csv", "--fs", "1000", "--rows", "4",
        "--columns", "4", "--spacing", "10", "--units", "20", "--duration", "12", "--snr", "25",
        "--muscle-seed", "3", "--seed", seed,
      ] + more)
  }

  private static let quick = ["--rounds", "2"]

  @Test func filtersServeAnotherRecording() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "first.wav", seed: "3")
    try Self.simulate(folder, "second.wav", seed: "4", "--drive", "sine")
    let made = try folder.run(
      ["decompose", "first.wav", "-o", "first", "--save-model", "arm.filters", "--json"]
        + Self.quick
    ).object()
    let units = try #require(made["identifiedUnits"] as? Int)
    #expect(units >= 2 && made["model"] as? String == "arm.filters")

    let applied = try folder.succeed(
      "apply", "arm.filters", "second.wav", "-o", "second", "--json"
    ).object()
    #expect(applied["modelUnits"] as? Int == units)
    for name in ["units.json", "spikes.csv", "counts.csv", "report.html"] {
      #expect(folder.contents.contains("second/\(name)"))
    }
    let score = try folder.succeed("score", "second", "--truth", "second.wav.csv", "--json")
      .object()
    #expect(try #require(score["matchedAtRoA90"] as? Int) >= 2)

    let text = try folder.succeed(
      "apply", "arm.filters", "second.wav", "-o", "live", "--stream", "--timings"
    ).output
    #expect(text.contains("processor time of a block"))
    let live = try folder.succeed("score", "live", "--truth", "second.wav.csv", "--json").object()
    #expect(try #require(live["matchedAtRoA90"] as? Int) >= 2)
  }

  @Test func otherElectrodesAndFilesAreRefused() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "first.wav", seed: "3")
    _ = try folder.run(
      ["decompose", "first.wav", "-o", "first", "--save-model", "arm.filters"] + Self.quick)
    let fewer = try folder.run(
      ["apply", "arm.filters", "first.wav", "-o", "out", "--channels", "1-8"])
    #expect(fewer.code == 65 && fewer.errors.contains("16 EMG channels"))
    let noModel = try folder.run(["apply", "first.wav", "first.wav", "-o", "out"])
    #expect(noModel.code == 65 && noModel.errors.contains("separation filters"))
    let missing = try folder.run(["apply", "none.filters", "first.wav", "-o", "out"])
    #expect(missing.code == 66)
    #expect(!folder.contents.contains { $0.hasPrefix("out") })
    let timed = try folder.run(["decompose", "first.wav", "-o", "timed", "--timings"] + Self.quick)
    #expect(timed.output.contains(#/Stage +Seconds +CPU seconds/#))
  }

  @Test func segmentsGiveTheSameFiles() throws {
    let folder = try CommandFolder()
    try Self.simulate(
      folder, "long.wav", seed: "5", "--duration", "24", "--repeat", "12", "--drift", "1")
    let summary = try folder.run(
      ["decompose", "long.wav", "-o", "out", "--segment", "15", "--json"] + Self.quick
    ).object()
    #expect(summary["segments"] as? Int == 2)
    let drift = try String(
      contentsOf: folder.url.appendingPathComponent("out/drift.csv"), encoding: .utf8)
    #expect(drift.hasPrefix("unit,start_s,end_s,discharges"))
    let score = try folder.succeed("score", "out", "--truth", "long.wav.csv", "--json").object()
    #expect(try #require(score["matchedUnits"] as? Int) >= 2)
  }

  /// Moving potentials are followed in short segments, unless a length was asked for.
  @Test(.enabled(if: TestTier.isLong)) func segmentsFollowDriftUnlessTold() throws {
    let folder = try CommandFolder()
    try Self.simulate(
      folder, "moving.wav", seed: "5", "--duration", "48", "--repeat", "12", "--drift", "4")
    let followed = try folder.run(
      ["decompose", "moving.wav", "-o", "followed", "--json"] + Self.quick
    ).object()
    #expect(try #require(followed["segments"] as? Int) > 1)
    let drift = try String(
      contentsOf: folder.url.appendingPathComponent("followed/drift.csv"), encoding: .utf8)
    #expect(drift.split(separator: "\n").count > 4)
    let whole = try folder.run(
      ["decompose", "moving.wav", "-o", "whole", "--segment", "0", "--json"] + Self.quick
    ).object()
    #expect(whole["segments"] as? Int == 1)
    #expect(!folder.contents.contains("whole/drift.csv"))
    let halves = try folder.run(
      ["decompose", "moving.wav", "-o", "halves", "--segment", "40", "--json"] + Self.quick
    ).object()
    #expect(halves["segments"] as? Int == 2)
  }

  @Test func subsetsAreCompared() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "grid.wav", seed: "3")
    let summary = try folder.run(
      ["validate", "grid.wav", "--json", "-o", "check.csv"] + Self.quick
    ).object()
    #expect(summary["channelCounts"] as? [Int] == [16, 8, 8])
    #expect(try #require(summary["confirmedUnits"] as? Int) >= 1)
    #expect(folder.contents.contains("check.csv"))
    let halves = try folder.run(
      ["validate", "grid.wav", "--grid", "4x4,10", "--halves"] + Self.quick)
    #expect(halves.code == 0 && halves.output.contains("its absence is none of a wrong one"))
    let unknown = try folder.run(["validate", "grid.wav", "--halves"])
    #expect(unknown.code == 64 && unknown.errors.contains("--grid"))
  }
}
