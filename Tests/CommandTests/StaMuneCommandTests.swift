import Foundation
import Testing

@Suite("Spike-triggered averaging and shared pools on the command line")
struct StaMuneCommandTests {
  @Test func poolServesEveryMethod() throws {
    let folder = try CommandFolder()
    try folder.succeed(
      "simulate", "pool", "-o", "pool", "--units", "30", "--living", "24", "--mean-uv", "200",
      "--duration", "9", "--seed", "4")
    let truth = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.url.appendingPathComponent("pool/truth.json")))
        as? [String: Any])
    #expect(truth["unitCount"] as? Int == 24 && truth["healthyUnits"] as? Int == 30)
    #expect((truth["units"] as? [Any])?.count == 24)
    let trueCMAP = try #require(truth["cmapMillivolts"] as? Double)

    let scan = try folder.succeed("scan", "pool/scan.csv", "--json").object()
    let interval = try #require(scan["interval90"] as? [Double])
    #expect(interval[0] <= 24 && 24 <= interval[1], "\(interval)")
    let munix = try folder.succeed(
      "munix", "pool/sip.edf", "--cmap", "pool/cmap.edf", "--json"
    ).object()
    let cmap = try #require((munix["cmap"] as? [String: Any])?["amplitudeMillivolts"] as? Double)
    #expect(abs(cmap / trueCMAP - 1) < 0.05, "\(cmap), \(trueCMAP)")
    #expect(try #require(munix["munix"] as? Double) > 5)
    for (method, file) in [
      ("incremental", "levels"), ("multipoint", "sites"), ("mps", "units"), ("statistical", "runs"),
    ] {
      let result = try folder.succeed(
        "mune", method, "pool/\(file).csv", "--cmap-mv", "\(cmap)", "--json"
      ).object()
      let count = try #require(result["unitCount"] as? Double)
      #expect(count > 5 && count < 100, "\(method): \(count)")
    }

    // The grid, with the true trains as decomposition.
    let run = try folder.succeed(
      "sta-mune", "pool/grid-truth.csv", "--recording", "pool/grid.edf", "--cmap",
      "pool/grid-cmap.edf", "--json", "-o", "sta")
    let result = try run.object()
    let count = try #require(result["unitCount"] as? Double)
    let ends = try #require(result["interval90"] as? [Double])
    #expect(ends[0] < count && count < ends[1] && count > 4 && count < 150, "\(count)")
    #expect(result["unitCountByArea"] is Double)
    #expect(result["unitCountByPeakOfMean"] is Double)
    #expect(result["medianUnitCountOverChannels"] is Double)
    // Units at rest may make the number too high: by how much is said, and the interval holds it.
    let factor = try #require(result["recruitmentFactor90"] as? [Double])
    #expect(factor.count == 2 && factor[0] >= 1 && factor[1] > factor[0], "\(factor)")
    #expect(ends[0] < count / factor[1], "\(ends), \(factor)")
    // The force comes from the recording's own channel.
    let force = try #require(result["forcePercent"] as? Double)
    #expect(force > 10 && force < 30, "\(force)")
    let rejected = try #require(result["rejected"] as? [[String: Any]])
    #expect(rejected.allSatisfy { ($0["reason"] as? String)?.isEmpty == false })
    let report = try String(
      contentsOf: folder.url.appendingPathComponent("sta/report.html"), encoding: .utf8)
    #expect(report.contains("Surface potentials of the units") && report.contains("Split-half"))
    #expect(folder.contents.contains("sta/sta-mune.json"))
    let text = try folder.succeed(
      "sta-mune", "pool/grid-truth.csv", "--recording", "pool/grid.edf", "--channels", "6",
      "--cmap-mv", "2", "--force", "25"
    ).output
    #expect(text.contains("not a count") && !text.contains("(area)"))
    #expect(text.contains("1 surface channel;"))

    // The visit takes all of it, and two visits are compared.
    try Self.visits(folder)
  }

  private static func visits(_ folder: CommandFolder) throws {
    try folder.succeed(
      "simulate", "scan", "-o", "later.csv", "--truth", "later.json", "--units", "6", "--mean-uv",
      "300", "--seed", "9")
    try folder.succeed("patient", "add", "P001")
    let place = ["--muscle", "apb", "--side", "left"]
    let first = try folder.run(
      [
        "visit", "add", "P001", "pool/scan.csv", "--cmap", "pool/cmap.edf", "--sip",
        "pool/sip.edf", "--incremental", "pool/levels.csv", "--responses",
        "multipoint=pool/sites.csv",
        "--mps", "pool/units.csv", "--statistical", "pool/runs.csv", "--date", "2025-01-15",
        "--json",
      ] + place)
    #expect(first.code == 0, "\(first.errors)")
    let files = try #require(try first.object()["files"] as? [[String: Any]])
    #expect(
      files.compactMap { $0["modality"] as? String } == [
        "cmap-scan", "cmap", "surface-interference-pattern", "stimulated-responses",
        "stimulated-responses", "stimulated-responses", "stimulated-responses",
      ])
    let values = files.flatMap { $0["measurements"] as? [[String: Any]] ?? [] }
    #expect(
      Set(values.compactMap { $0["kind"] as? String }) == [
        "scan-unit-count", "scan-n50", "cmap-amplitude", "munix", "musix", "incremental-mune",
        "multipoint-mune", "mps-mune", "statistical-mune",
      ])
    for value in values { #expect((value["standardError"] as? Double ?? 0) > 0, "\(value)") }
    let second = try folder.run(
      ["visit", "add", "P001", "later.csv", "--date", "2025-07-15"] + place)
    #expect(second.code == 0, "\(second.errors)")

    let change = try folder.succeed(
      "visit", "change", "P001", "--from", "2025-01-15", "--to", "2025-07-15", "--json"
    ).object()
    let rows = try #require(change["rows"] as? [[String: Any]])
    let count = try #require(rows.first { $0["measure"] as? String == "scan-unit-count" })
    let byError = try #require(count["byError"] as? [String: Any])
    #expect(try #require(byError["changePercent"] as? Double) < -50)
    #expect(try #require(byError["probabilityExceedsError"] as? Double) > 0.99)
    let retest = try #require(count["withRetest"] as? [String: Any])
    let weaker = try #require(retest["probabilityExceedsError"] as? Double)
    #expect(try #require(byError["probabilityExceedsError"] as? Double) >= weaker)
    let text = try folder.succeed(
      "visit", "change", "P001", "--from", "2025-01-15", "--to", "2025-07-15", "--measure",
      "scan-n50"
    ).output
    #expect(text.contains("scan-n50") && text.contains("association"))
    try folder.fail(
      "visit", "change", "P001", "--from", "2025-01-15", "--to", "2025-08-15", code: 65,
      says: "on both 2025-01-15 and 2025-08-15")
    #expect(
      try folder.run(
        ["visit", "add", "P001", "--sip", "pool/sip.edf", "--date", "2025-08-15"] + place
      ).code == 64)
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
  }

  @Test func foreignRecordingsAreRefused() throws {
    let folder = try CommandFolder()
    for seed in ["3", "4"] {
      try folder.succeed(
        "simulate", "array", "-o", "grid\(seed).edf", "--truth", "truth\(seed).csv", "--rows", "5",
        "--columns", "4", "--duration", "10", "--fs", "1024", "--units", "30", "--seed", seed)
    }
    try folder.succeed("decompose", "grid3.edf", "--output", "out", "--rounds", "2")
    try folder.fail(
      "sta-mune", "out", "--recording", "grid4.edf", "--channels", "1", "--cmap-mv", "5", code: 65,
      says: "not the recording that was decomposed")
    try folder.fail(
      "sta-mune", "out", "--recording", "grid3.edf", "--cmap-mv", "5", code: 64,
      says: "expected one with the amplitude of a CMAP")
    let run = try folder.succeed(
      "sta-mune", "out", "--recording", "grid3.edf", "--channels", "9", "--cmap-mv", "5",
      "--min-discharges", "20", "--min-split-half", "0", "--json")
    #expect((try run.object()["unitNames"] as? [String])?.isEmpty == false)
    #expect(try folder.run("sta-mune", "out", "--recording", "grid3.edf").code == 64)
    // A CMAP of the array belongs to an array that is decomposed in the same command.
    try folder.succeed("patient", "add", "P001")
    let alone = try folder.run(
      "visit", "add", "P001", "--array-cmap", "grid4.edf", "--stimulus-ms", "5000", "--date",
      "2025-01-15", "--muscle", "ta", "--side", "left")
    #expect(alone.code == 64 && alone.errors.contains("no decomposed recording"))
  }

  @Test func methodsAreScoredOnTheSameTruth() throws {
    let folder = try CommandFolder()
    let result = try folder.succeed(
      "simulate", "methods", "--pools", "2", "--stages", "12,6", "--method", "CMAP scan",
      "--method", "incremental", "--json"
    ).object()
    let rows = try #require(result["rows"] as? [[String: Any]])
    #expect(rows.compactMap { $0["method"] as? String } == ["CMAP scan", "incremental, 10 steps"])
    let ratios = try #require(rows[0]["medianRatios"] as? [Double])
    #expect(ratios.count == 2 && ratios.allSatisfy { $0 > 0.6 && $0 < 1.6 }, "\(ratios)")
    #expect(rows[0]["pairs"] as? Int == 4)
    let none = try folder.run("simulate", "methods", "--pools", "1", "--method", "mps")
    #expect(none.code == 64 && none.errors.contains("single units"))
    #expect(try folder.run("simulate", "methods", "--stages", "5,160").code == 64)
  }

  @Test func coverageIsShownAtEachStageAndForEachLawOfSizes() throws {
    let folder = try CommandFolder()
    func row(_ sizes: String) throws -> [String: Any] {
      let result = try folder.succeed(
        "simulate", "methods", "--pools", "2", "--stages", "20,10", "--method", "DE-STA, one",
        "--sizes", sizes, "--json"
      ).object()
      let configuration = try #require(result["configuration"] as? [String: Any])
      #expect(configuration["sizes"] as? String == sizes)
      return try #require((result["rows"] as? [[String: Any]])?.first)
    }
    let gamma = try row("gamma")
    let lognormal = try row("lognormal")
    for found in [gamma, lognormal] {
      let stages = try #require(found["stageCoverage"] as? [Double])
      #expect(stages.count == 2 && stages.allSatisfy { (0...1).contains($0) })
      let all = try #require(found["coverage"] as? Double)
      #expect(abs(all - (stages[0] + stages[1]) / 2) < 1e-9)
      #expect(try #require(found["medianWidth"] as? Double) > 1)
    }
    #expect(gamma["medianRatios"] as? [Double] != lognormal["medianRatios"] as? [Double])
    #expect(try folder.run("simulate", "methods", "--sizes", "cubic").code == 64)
  }
}
