import Foundation
import TestSupport
import Testing

extension CommandFolder {
  /// A run that is sent a signal after some seconds; a program of its own sends it, since the thread of a
  /// test may wait longer than that.
  func interrupt(
    _ arguments: [String], after seconds: Double, signal: String = "INT"
  ) throws -> CommandRun {
    let process = process([])
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments =
      ["--foreground", "--preserve-status", "-s", signal, "\(seconds)", CommandRun.program.path]
      + arguments
    let (output, errors, input) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    // An open pipe into which nothing is written, as a device that is still.
    process.standardInput = input
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let told = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try input.fileHandleForWriting.close()
    #expect(process.terminationReason == .exit)
    return CommandRun(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: told, as: UTF8.self))
  }

  /// A long run that is interrupted while it works; where the signal came before the program had begun
  /// to work, which nobody can know beforehand on a busy machine, it is run once more with more time.
  func interruptAtWork(_ arguments: [String], signal: String = "INT") throws -> CommandRun {
    var seconds = 0.2
    while true {
      let run = try interrupt(arguments, after: seconds, signal: signal)
      guard run.errors.isEmpty, run.code > 128, seconds < 5 else { return run }
      seconds *= 1.5
    }
  }
}

@Suite("Interrupted commands")
struct InterruptionTests {
  private static let grid = SharedData.packageFolder.appendingPathComponent("Samples/grid.wav").path

  /// An interrupted command says so in one line, with the exit code of its signal, and leaves nothing.
  @Test(arguments: [("INT", 130), ("TERM", 143)] as [(String, Int32)])
  func interruptedCommandLeavesNothing(_ name: String, _ code: Int32) throws {
    let folder = try CommandFolder()
    // Ten minutes of a large grid take seconds.
    let run = try folder.interruptAtWork(
      ["simulate", "array", "-o", "long.wav", "--truth", "truth.csv", "--duration", "600"],
      signal: name)
    #expect(run.code == code && run.errors == "motorpool: interrupted\n")
    #expect(folder.contents.isEmpty, "\(folder.contents)")
  }

  /// Commands that work for seconds, whatever they do, each with outputs.
  private static let long: [[String]] = [
    ["decompose", grid, "--mv-per-fs", "1.0959", "-o", "results", "--save-model", "a.filters"],
    [
      "visit", "add", "P001", grid, "--mv-per-fs", "1.0959", "--date", "2026-01-15", "--muscle",
      "ta",
      "--side", "left",
    ],
    ["validate", grid, "--mv-per-fs", "1.0959", "-o", "check.csv"],
    ["simulate", "methods", "--pools", "40"],
    ["simulate", "patient", "-o", "patient", "--visits", "9"],
    ["simulate", "pool", "-o", "pool"],
    [
      "compare", "--table", "trial.csv", "--subject", "id", "--time", "time", "--value", "y",
      "--therapy", "therapy", "--arm", "arm", "--simulations", "20000", "--sensitivity",
      "-o", "cohort.html", "--sap", "plan.md",
    ],
    ["scan"] + Array(repeating: "scan.csv", count: 400) + ["-o", "scans"],
    ["munix"] + Array(repeating: "sip.csv", count: 200) + ["--cmap", "cmap.csv", "-o", "munix"]
      + MunixCommandTests.reading,
  ]

  @Test(arguments: long) func longCommandsLeaveNothing(_ arguments: [String]) throws {
    let folder = try CommandFolder()
    switch arguments[0] {
    case "compare": try folder.write(Self.trial, to: "trial.csv")
    case "scan": try folder.succeed("simulate", "scan", "-o", "scan.csv", "--truth", "truth.json")
    case "munix": try MunixCommandTests.files(folder)
    case "visit": try folder.succeed("patient", "add", "P001")
    default: break
    }
    let before = folder.contents
    let run = try folder.interruptAtWork(arguments)
    #expect(run.code == 130 && run.errors == "motorpool: interrupted\n", "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(folder.contents == before, "\(folder.contents)")
    if arguments[0] == "visit" {
      #expect(try folder.succeed("visit", "list", "P001").output.contains("no visits yet"))
      #expect(try folder.succeed("registry", "check").output.contains("sound"))
    }
  }

  /// What works on earlier results leaves them as they were; a live stream ends while it waits.
  @Test func resultsStayAsTheyWere() throws {
    let folder = try CommandFolder()
    try folder.succeed(
      "decompose", Self.grid, "--mv-per-fs", "1.0959", "-o", "first", "--save-model", "a.filters")
    let before = folder.contents
    for arguments in [
      ["rerun", "first", Self.grid],
      [
        "apply", "a.filters", "-", "--stream", "--fs", "1000", "--channels", "30", "--sample",
        "int16le", "--uv-per-count", "0.1",
      ],
    ] {
      let run = try folder.interruptAtWork(arguments)
      #expect(run.code == 130 && run.errors == "motorpool: interrupted\n", "\(run.errors)")
      #expect(folder.contents == before, "\(folder.contents)")
    }
    // Units are followed in less than a second; the JSON of them is there whole or not at all.
    for seconds in [0.1, 0.2, 0.4, 0.8] {
      let run = try folder.interrupt(
        ["track", "--json"] + Array(repeating: "first", count: 10), after: seconds)
      #expect([0, 130].contains(run.code), "\(run.errors)")
      if run.code == 0 { #expect(try run.object()["links"] != nil) }
      #expect(run.code == 0 || run.output.isEmpty)
    }
    #expect(folder.contents == before, "\(folder.contents)")
  }

  /// A batch ends the recording that it works on, keeps none of it and can be called again.
  @Test(arguments: [("INT", 130), ("TERM", 143)] as [(String, Int32)])
  func batchLeavesNoHalfRecording(_ name: String, _ code: Int32) throws {
    let folder = try CommandFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("input"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Self.grid, toPath: folder.path("input/grid.wav"))
    let run = try folder.interruptAtWork(
      [
        "bids", "input", "output", "participant", "--log-format", "json", "--", "--mv-per-fs",
        "1.0959",
      ], signal: name)
    #expect(run.code == code && run.output.isEmpty, "\(run.errors)")
    let left = folder.contents.filter { $0.hasPrefix("output/") }
    #expect(!left.contains { $0.contains("units") || $0.contains("report") }, "\(left)")
    let list = try folder.succeed("bids", "input", "output", "participant", "--list")
    #expect(list.output.contains("grid.wav"))
  }

  /// Short commands that are interrupted at any moment have written all or nothing.
  @Test(arguments: [0.02, 0.05, 0.1, 0.2, 0.4])
  func shortCommandsWriteAllOrNothing(_ seconds: Double) throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    let before = folder.contents
    let report = try folder.interrupt(["report", "P001", "-o", "page.html"], after: seconds)
    #expect([0, 130].contains(report.code), "\(report.errors)")
    let page = try? String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    #expect(report.code == 130 || page != nil)
    if let page { #expect(page.contains("</html>")) }
    let export = try folder.interrupt(["export", "-o", "values.csv"], after: seconds)
    #expect([0, 130].contains(export.code), "\(export.errors)")
    let outputs = ["page.html", "values.csv"]
    #expect(
      folder.contents.allSatisfy { name in
        before.contains(name) || outputs.contains { name == $0 || name == $0 + ".provenance.json" }
      }, "\(folder.contents)")
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
  }

  /// Sixty patients with thirteen visits, whose simulations take long.
  private static let trial: String = {
    var rows = ["id,time,y,therapy,arm"]
    for patient in 0..<60 {
      let slope = -1 - 2 * Double(patient % 7) / 7
      for month in 0...12 {
        let value = 50 + slope * Double(month) + 2 * sin(Double(31 * patient + 17 * month))
        rows.append("p\(patient),\(month),\(value),6,\(patient % 2 == 0 ? "a" : "b")")
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }()
}
