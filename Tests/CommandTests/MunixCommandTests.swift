import Foundation
import Testing

@Suite("MUNIX and stimulation methods on the command line")
struct MunixCommandTests {
  private static let rate = 5000.0

  /// A CMAP of 8 mV, 25 ms after the start, with a smaller second phase.
  private static func response(_ milliseconds: Double) -> Double {
    let time = milliseconds - 28
    if time < 0 || time > 14 { return 0 }
    return time < 7 ? 8000 * sin(.pi * time / 7) : -2500 * sin(.pi * (time - 7) / 7)
  }

  private static func write(_ values: [Double], _ folder: CommandFolder, _ name: String) throws {
    let lines = values.map { String(format: "%.3f", $0) }
    try folder.write("EMG 1\n" + lines.joined(separator: "\n") + "\n", to: name)
  }

  /// A CMAP and 24 epochs of Gaussian noise of graded size; a third file holds both.
  static func files(_ folder: CommandFolder) throws {
    let quiet = { (index: Int) in Double((index * 7919) % 13 - 6) * 0.2 }
    let cmap = (0..<2500).map { response(Double($0) / rate * 1000) + quiet($0) }
    var state: UInt64 = 12_345
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    let pattern = (0..<24).flatMap { epoch -> [Double] in
      let size = 100.0 + 20 * Double(epoch)
      return (0..<2500).map { _ in
        size * ((0..<12).reduce(0.0) { sum, _ in sum + uniform() } - 6)
      }
    }
    try write(cmap, folder, "cmap.csv")
    try write(pattern, folder, "sip.csv")
    try write(cmap + pattern, folder, "both.csv")
  }

  static let reading = ["--fs", "5000", "--unit", "uV", "--stimulus-ms", "25"]

  @Test func gaussianPatternIsDominatedByTheCMAP() throws {
    let folder = try CommandFolder()
    try Self.files(folder)
    let run = try folder.run(
      ["munix", "sip.csv", "--cmap", "cmap.csv", "--json", "-o", "out"] + Self.reading)
    #expect(run.code == 0, "\(run.errors)")
    let result = try run.object()
    #expect(result["epochsUsed"] as? Int == 24)
    #expect(result["cmapDominated"] as? Bool == true)
    let munix = try #require(result["munix"] as? Double)
    let limit = try #require(result["gaussianLimit"] as? Double)
    #expect(abs(munix / limit - 1) < 0.1)
    let cmap = try #require((result["cmap"] as? [String: Any])?["amplitudeMillivolts"] as? Double)
    #expect(abs(cmap - 8) < 0.1)
    let musix = try #require(result["musixMicrovolts"] as? Double)
    #expect(abs(musix * munix / (1000 * cmap) - 1) < 1e-9)
    #expect(abs(try #require(result["alpha"] as? Double) + 1) < 0.1)
    let interval = try #require(result["interval90"] as? [Double])
    #expect(interval[0] < munix && munix < interval[1])
    let report = try String(
      contentsOfFile: folder.path("out/report.html"), encoding: .utf8)
    #expect(report.contains("Exponent alpha") && report.contains("CMAP latency (ms)"))

    // One file with both: the epoch of the response is left out, the rest is the same.
    let both = try folder.run(["munix", "both.csv", "--json"] + Self.reading)
    #expect(both.code == 0, "\(both.errors)")
    let other = try both.object()
    #expect(other["epochsUsed"] as? Int == 24)
    #expect(abs(try #require(other["munix"] as? Double) / munix - 1) < 1e-3)
  }

  @Test func aTriggerChannelCanBeNamed() throws {
    let folder = try CommandFolder()
    try Self.files(folder)
    // Two channels without roles, as in a WAV file: the stimulus first, the muscle second.
    let rows = (0..<2500).map { index in
      let time = Double(index) / Self.rate * 1000
      return String(
        format: "%d,%.3f", time >= 25 && time < 27 ? 5 : 0,
        Self.response(time) + Double((index * 7919) % 13 - 6) * 0.2)
    }
    try folder.write("EMG 1,EMG 2\n" + rows.joined(separator: "\n") + "\n", to: "two.csv")
    let reading = ["--fs", "5000", "--unit", "uV"]
    let named = try folder.run(
      ["munix", "sip.csv", "--cmap", "two.csv", "--trigger-channel", "1", "--json"] + reading)
    #expect(named.code == 0, "\(named.errors)")
    let cmap = try #require(try named.object()["cmap"] as? [String: Any])
    #expect(abs(try #require(cmap["amplitudeMillivolts"] as? Double) - 8) < 0.1)
    #expect(abs(try #require(cmap["latencyMilliseconds"] as? Double) - 3) < 0.5)
    let wrong = try folder.run(
      ["munix", "sip.csv", "--cmap", "two.csv", "--trigger-channel", "3"] + reading)
    #expect(
      wrong.code == 64 && wrong.errors.contains("two.csv") && wrong.errors.contains("2 channels"))
  }

  @Test func munixRefusesWhatItCannotUse() throws {
    let folder = try CommandFolder()
    try Self.files(folder)
    let unit = ["--fs", "5000", "--unit", "uV"]
    let none = try folder.run(["munix", "sip.csv", "--cmap", "cmap.csv"] + unit)
    #expect(none.code == 65 && none.errors.contains("--stimulus-ms"))
    let few = try folder.run(
      ["munix", "sip.csv", "--cmap", "cmap.csv", "--epoch-ms", "30000"] + Self.reading)
    #expect(few.code == 65 && few.errorLines.count == 1 && few.errors.contains("sip.csv"))
    let late = try folder.run(
      ["munix", "sip.csv", "--cmap", "cmap.csv", "--stimulus-ms", "9000"] + unit)
    #expect(late.code == 65 && late.errors.contains("cmap.csv"))
    let two = try folder.run(["munix", "sip.csv", "both.csv"] + Self.reading)
    #expect(two.code == 64)
  }

  @Test func stimulationMethodsDivideTheCMAP() throws {
    let folder = try CommandFolder()
    try folder.write(
      "level_mV\n" + (1...10).map { "\(0.1 * Double($0))\n" }.joined(), to: "levels.csv")
    let sites = (1...3).flatMap { site in (1...3).map { "\(site),\(0.08 * Double($0))" } }
    try folder.write("site,level_mV\n" + sites.joined(separator: "\n") + "\n", to: "sites.csv")
    try folder.write("# units\n" + (0..<12).map { "\(80 + 4 * $0)\n" }.joined(), to: "units.csv")
    // 0, 1 or 2 units of 100 uV above a floor of 1 mV: variance 5000 over mean 100.
    let runs = (1...4).flatMap { run in
      (0..<40).map { "\(run),\(1 + 0.1 * Double([0, 1, 1, 2][$0 % 4]))" }
    }
    try folder.write("run,response_mV\n" + runs.joined(separator: "\n") + "\n", to: "runs.csv")
    for (method, file, expected) in [
      ("incremental", "levels.csv", 100.0), ("multipoint", "sites.csv", 125),
      ("mps", "units.csv", 10_000.0 / 102), ("statistical", "runs.csv", 196.0),
    ] {
      let result = try folder.succeed(
        "mune", method, file, "--cmap-mv", "10", "--json"
      ).object()
      let count = try #require(result["unitCount"] as? Double)
      #expect(abs(count / expected - 1) < 0.02, "\(method): \(count)")
      let interval = try #require(result["interval90"] as? [Double])
      #expect(interval[0] < count && count < interval[1], "\(method)")
      #expect(
        try folder.succeed("mune", method, file, "--cmap-mv", "10").output.contains("not a count"))
    }
    // Settings change the method, whose result tells them; those of something else are refused.
    let call = ["mune", "multipoint", "sites.csv", "--cmap-mv", "10", "--json"]
    let few = try folder.run(call + ["--minimum-uv", "900"])
    #expect(few.code == 65 && few.errors.contains("at least 2"), "\(few.errors)")
    let changed = try folder.run(
      call + ["--set", "multipoint.errors.bias.cancellation=1"]
    ).object()
    let configuration = try #require(changed["configuration"] as? [String: Any])
    #expect(configuration["minimumIncrementMicrovolts"] as? Double == 10)
    let usual = try folder.run(call).object()
    let (narrow, wide) = (
      try #require(changed["interval90"] as? [Double]),
      try #require(usual["interval90"] as? [Double])
    )
    #expect(narrow[0] == wide[0] && narrow[1] < wide[1])
    let other = try folder.run(call + ["--set", "array.seed=2"])
    #expect(other.code == 64 && other.errors.contains("decides nothing here"), "\(other.errors)")
    // Wrong arguments are told with the usage behind them.
    for (arguments, says) in [
      (["statistical", "runs.csv", "--cmap-mv", "10", "--minimum-uv", "5"], "no such setting"),
      (["median", "runs.csv", "--cmap-mv", "10"], "incremental"),
    ] {
      let refused = try folder.run(["mune"] + arguments)
      #expect(refused.code == 64 && refused.errors.contains(says), "\(refused.errors)")
      #expect(refused.output.isEmpty)
    }
    try folder.write("level_mV\n0.1\nx\n", to: "bad.csv")
    try folder.fail(
      "mune", "incremental", "bad.csv", "--cmap-mv", "10", code: 65, says: "bad.csv: line 3")
    try folder.fail("mune", "mps", "none.csv", "--cmap-mv", "10", code: 66, says: "none.csv")
    #expect(try folder.run("mune", "mps", "units.csv", "--cmap-mv", "0").code == 64)
  }
}
