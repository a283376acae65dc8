import Foundation
import Recordings
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

  /// A client plays a recording block by block; two blocks are lost on the way.
  @Test func liveStreamGivesTheDischargesOfTheFile() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "first.wav", seed: "3")
    _ = try folder.run(
      ["decompose", "first.wav", "-o", "first", "--save-model", "arm.filters"] + Self.quick)
    _ = try folder.succeed("apply", "arm.filters", "first.wav", "-o", "file", "--stream")
    let recording = try Recording.open(folder.path("first.wav"))
    let all = try recording.emgSamples(in: 0..<recording.sampleCount)

    func play(numbered: Bool, without lost: Set<Int> = []) throws -> CommandRun {
      var arguments = [
        "apply", "arm.filters", "-", "--stream", "--fs", "1000", "--channels", "16", "--sample",
        "float32le", "--timings",
      ]
      if numbered { arguments.append("--numbered") }
      let process = folder.process(arguments)
      let (input, output, errors) = (Pipe(), Pipe(), Pipe())
      (process.standardInput, process.standardOutput) = (input, output)
      process.standardError = errors
      try process.run()
      for (number, start) in stride(from: 0, to: recording.sampleCount, by: 100).enumerated()
      where !lost.contains(number) {
        var block = Data()
        if numbered { withUnsafeBytes(of: UInt32(number).littleEndian) { block += $0 } }
        for sample in start..<min(start + 100, recording.sampleCount) {
          for channel in all {
            withUnsafeBytes(of: channel[sample].bitPattern.littleEndian) { block += $0 }
          }
        }
        try input.fileHandleForWriting.write(contentsOf: block)
      }
      try input.fileHandleForWriting.close()
      let text = try output.fileHandleForReading.readToEnd() ?? Data()
      let told = try errors.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return CommandRun(
        code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
        errors: String(decoding: told, as: UTF8.self))
    }
    let live = try play(numbered: false)
    #expect(live.code == 0 && live.errors.contains("processor time of a block"))
    let table = try String(
      contentsOf: folder.url.appendingPathComponent("file/spikes.csv"), encoding: .utf8)
    let expected = table.split(separator: "\n").count - 1
    let lines = live.output.split(separator: "\n")
    #expect(lines.first == "time_s\tunit" && expected > 20 && lines.count - 1 == expected)

    let broken = try play(numbered: true, without: [40, 41])
    #expect(broken.code == 0)
    #expect(broken.errors.contains("lost at 4.00000 s: 2 block(s) from number 40 on never came"))
    // What comes before the loss is not changed by it, and afterwards the time goes on.
    func times(_ run: CommandRun, _ range: Range<Double>) -> [Double] {
      run.output.split(separator: "\n").dropFirst().compactMap {
        $0.split(separator: "\t").first.flatMap { Double($0) }
      }.filter(range.contains)
    }
    #expect(times(broken, 0..<3.7) == times(live, 0..<3.7))
    let later = times(live, 6..<12)
    let kept = Set(times(broken, 6..<12).map { Int((200 * $0).rounded()) })
    let same = later.count { time in
      (-1...1).contains { kept.contains(Int((200 * time).rounded()) + $0) }
    }
    #expect(later.count > 10 && Double(same) > 0.9 * Double(later.count))

    let noRate = try folder.run(
      "apply", "arm.filters", "-", "--stream", "--channels", "16", "--sample", "int16le")
    #expect(noRate.code == 64 && noRate.errors.contains("--fs"))
    let fewer = try folder.run(
      "apply", "arm.filters", "-", "--stream", "--fs", "1000", "--channels", "8", "--sample",
      "float32le")
    #expect(fewer.code == 65 && fewer.errors.contains("16 EMG channels"))
    try Data(repeating: 0xFF, count: 64_000).write(to: folder.url.appendingPathComponent("ones"))
    let process = folder.process([
      "apply", "arm.filters", "-", "--stream", "--fs", "1000", "--channels", "16", "--sample",
      "float32le",
    ])
    process.standardInput = try FileHandle(
      forReadingFrom: folder.url.appendingPathComponent("ones"))
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let told = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 65)
    #expect(String(decoding: told, as: UTF8.self).contains("of the first 1600 samples"))
  }

  @Test func otherElectrodesAndFilesAreRefused() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "first.wav", seed: "3")
    _ = try folder.run(
      ["decompose", "first.wav", "-o", "first", "--save-model", "arm.filters"] + Self.quick)
    let fewer = try folder.run(
      ["apply", "arm.filters", "first.wav", "-o", "out", "--channels", "1-8"])
    #expect(fewer.code == 65 && fewer.errors.contains("16 EMG channels"))
    try Data(repeating: 0xFF, count: 64_000).write(to: folder.url.appendingPathComponent("ones"))
    let process = folder.process([
      "apply", "arm.filters", "-", "--stream", "--fs", "1000", "--channels", "16", "--sample",
      "float32le",
    ])
    process.standardInput = try FileHandle(
      forReadingFrom: folder.url.appendingPathComponent("ones"))
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let told = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 65)
    #expect(String(decoding: told, as: UTF8.self).contains("of the first 1600 samples"))
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
