import Foundation
import TestSupport
import Testing

@Suite("CMAP scans on the command line")
struct ScanCommandTests {
  private static func simulate(
    _ folder: CommandFolder, _ name: String, units: Int, seed: Int
  ) throws -> [String: Any] {
    let truth = "\(name)-truth.json"
    try folder.succeed(
      "simulate", "scan", "-o", name, "--truth", truth, "--units", "\(units)", "--mean-uv", "300",
      "--noise-uv", "5", "--seed", "\(seed)")
    let data = try Data(contentsOf: folder.url.appendingPathComponent(truth))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func estimateHoldsTheTruth() throws {
    let folder = try CommandFolder()
    let truth = try Self.simulate(folder, "scan.csv", units: 20, seed: 3)
    #expect(truth["unitCount"] as? Int == 20)
    let run = try folder.succeed("scan", "scan.csv", "--json", "--output", "out")
    let result = try run.object()
    let count = try #require(result["unitCount"] as? Double)
    let interval = try #require(result["interval90"] as? [Double])
    #expect(interval.count == 2 && interval[0] <= 20 && 20 <= interval[1])
    #expect(interval[0] <= count && count <= interval[1])
    #expect(abs(count - 20) <= 4)
    let trueN50 = try #require(truth["n50"] as? Double)
    #expect(abs(try #require(result["n50"] as? Double) / trueN50 - 1) < 0.4)
    let trueCMAP = try #require(truth["cmapMillivolts"] as? Double)
    #expect(abs(try #require(result["cmapMillivolts"] as? Double) / trueCMAP - 1) < 0.03)
    #expect(try #require(result["a50Microvolts"] as? Double) > 100)
    #expect(try #require(result["d50"] as? Int) >= 2)
    #expect(result["flags"] is [Any])
    #expect((result["sha256"] as? String)?.count == 64)
    let report = try String(
      contentsOf: folder.url.appendingPathComponent("out/report.html"), encoding: .utf8)
    #expect(report.contains("CMAP scan") && report.contains("Distribution of unit sizes"))
    #expect(report.contains("Not for diagnosis"))
    #expect(folder.contents.contains("out/scans.json"))
  }

  @Test func severalFilesGiveAnArrayInOrder() throws {
    let folder = try CommandFolder()
    _ = try Self.simulate(folder, "few.csv", units: 2, seed: 5)
    _ = try Self.simulate(folder, "many.csv", units: 60, seed: 6)
    let list = try #require(
      try folder.succeed("scan", "many.csv", "few.csv", "--json").json() as? [[String: Any]])
    #expect(list.map { $0["file"] as? String } == ["many.csv", "few.csv"])
    let counts = list.compactMap { $0["unitCount"] as? Double }
    #expect(counts.count == 2 && counts[0] > 3 * counts[1])
    #expect(list[0]["fewUnits"] == nil)
    let few = try #require(list[1]["fewUnits"] as? [String: Any])
    let probabilities = try #require(few["probabilities"] as? [Double])
    #expect(probabilities[1] > 0.5)
    let text = try folder.succeed("scan", "many.csv", "few.csv", "-o", "out").output
    #expect(text.contains("90 % interval") && text.contains("few.csv"))
    #expect(text.contains("not a count") && text.contains("few.csv: Read from the levels"))
    let reports = ["out/many-report.html", "out/few-report.html"]
    #expect(Set(folder.contents).isSuperset(of: reports))
  }

  @Test func scansOfAVisitAreCombined() throws {
    let folder = try CommandFolder()
    for (name, session) in [("a.csv", "1"), ("b.csv", "2")] {
      try folder.succeed(
        "simulate", "scan", "-o", name, "--truth", "\(name)-truth.json", "--units", "60",
        "--noise-uv", "5", "--nerve-seed", "4", "--seed", session)
    }
    let result = try folder.succeed(
      "scan", "a.csv", "b.csv", "--same-visit", "--json", "-o", "out"
    ).object()
    let scans = try #require(result["scans"] as? [[String: Any]])
    let visit = try #require(result["visit"] as? [String: Any])
    let number = try #require(visit["unitCount"] as? [String: Any])
    let value = try #require(number["value"] as? Double)
    let single = scans.compactMap { $0["unitCount"] as? Double }
    #expect(single.count == 2 && single.min() ?? 0 <= value && value <= single.max() ?? 0)
    let repeated = try #require(number["repeatLogStandardError"] as? Double)
    #expect(try #require(scans[0]["repeatLogStandardError"] as? Double) > repeated)
    let page = try String(
      contentsOf: folder.url.appendingPathComponent("out/overlay.html"), encoding: .utf8)
    #expect(page.contains("scans of one visit") && page.contains("All scans"))
    let text = try folder.succeed("scan", "a.csv", "b.csv", "--same-visit").output
    #expect(text.contains("The visit, 2 scans"))
  }

  @Test func scanInProgressTellsWhatItLacks() throws {
    let folder = try CommandFolder()
    _ = try Self.simulate(folder, "whole.csv", units: 40, seed: 8)
    let lines = try String(contentsOfFile: folder.path("whole.csv"), encoding: .utf8)
      .split(separator: "\n")
    try folder.write(lines.prefix(200).joined(separator: "\n") + "\n", to: "part.csv")
    let part = try folder.run("scan", "part.csv", "--live-check")
    #expect(part.code == 1 && part.errors.isEmpty)
    #expect(part.output.contains("go on until there are none"))
    let json = try folder.run("scan", "part.csv", "--live-check", "--json").object()
    let progress = try #require(json["progress"] as? [String: Any])
    #expect((progress["items"] as? [[String: Any]])?.count == 5)
    #expect(progress["stimulusCount"] as? Int ?? 0 > 100)
  }

  @Test func badScansAreRefused() throws {
    let folder = try CommandFolder()
    try folder.write("not,a\nscan,file\n", to: "text.csv")
    try folder.write("", to: "empty.csv")
    try folder.write("no scan at all\n", to: "bad.MEM")
    let short = (0..<10).map { "\(10 - Double($0) * 0.1),\($0)" }
    try folder.write(
      "stimulus_mA,cmap_mV\n" + short.joined(separator: "\n") + "\n", to: "short.csv")
    for file in ["text.csv", "empty.csv", "bad.MEM", "short.csv"] {
      try folder.fail("scan", file, "--output", "out", code: 65, says: file)
    }
    try folder.fail("scan", "none.MEM", code: 66, says: "none.MEM")
  }

  @Test func visitStoresEstimatesWithTheirErrors() throws {
    let folder = try CommandFolder()
    _ = try Self.simulate(folder, "scan.csv", units: 30, seed: 8)
    try folder.succeed("patient", "add", "P001")
    let arguments = [
      "visit", "add", "P001", "scan.csv", "--date", "2025-01-15", "--muscle", "apb", "--side",
      "left",
    ]
    let run = try folder.run(arguments + ["--json"])
    #expect(run.code == 0, "\(run.errors)")
    let file = try #require((try run.object()["files"] as? [[String: Any]])?.first)
    #expect(file["identifiedUnits"] == nil)
    let values = try #require(file["measurements"] as? [[String: Any]])
    #expect(
      values.compactMap { $0["kind"] as? String }.sorted()
        == ["cmap-amplitude", "scan-n50", "scan-unit-count"])
    for value in values {
      let error = try #require(value["standardError"] as? Double)
      #expect(error > 0 && error < (value["value"] as? Double ?? 0))
    }
    let again = try folder.run(arguments)
    #expect(again.code == 65 && again.errors.contains("is stored already"))
    let trend = try folder.succeed("trend", "P001").output
    #expect(trend.contains("Motor units by CMAP scan"))
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
  }

  @Test
  func qtracScanShowsItsComparator() throws {
    let folder = try CommandFolder()
    let file = try SharedData.file("data/cmap-scan/MSCC00128A_OM2.MEM").path
    let result = try folder.succeed("scan", file, "--json").object()
    let comparator = try #require(result["comparator"] as? [String: Any])
    #expect(try #require(comparator["unitCount"] as? Double) > 20)
    #expect((result["acquisition"] as? [String: Any])?["muscle"] as? String == "APB")
    #expect(try folder.succeed("scan", file).output.contains("Comparator N"))
  }

  @Test func missingWeightsAreOneLine() throws {
    let folder = try CommandFolder()
    _ = try Self.simulate(folder, "scan.csv", units: 6, seed: 5)
    let alone = folder.url.appendingPathComponent("bin")
    try FileManager.default.createDirectory(at: alone, withIntermediateDirectories: true)
    let program = alone.appendingPathComponent("motorpool")
    try FileManager.default.copyItem(at: CommandRun.program, to: program)
    let process = folder.process(["scan", "scan.csv"])
    process.executableURL = program
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 66, "\(errors)")
    #expect(errors.contains("cmap-scan-weights.bin") && errors.contains("install"))
    #expect(errors.split(separator: "\n").count == 1)
  }
}
