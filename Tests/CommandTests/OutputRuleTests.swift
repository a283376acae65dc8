import Foundation
import TestSupport
import Testing

@Suite("Outputs destroy nothing")
struct OutputRuleTests {
  private func bytes(_ folder: CommandFolder, _ name: String) -> Data? {
    FileManager.default.contents(atPath: folder.path(name))
  }

  @Test func theRegistryIsNeverAnOutput() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    try folder.succeed("registry", "backup", "--to", "backup.sqlite")
    symlink(folder.path("registry.sqlite"), folder.path("soft.html"))
    link(folder.path("registry.sqlite"), folder.path("hard.csv"))
    let commands: [[String]] = [
      ["report", "P001", "-o", "registry.sqlite"], ["report", "P001", "-o", "soft.html"],
      ["report", "P001", "-o", "registry.sqlite-wal"], ["export", "-o", "hard.csv"],
      ["export", "-o", "backup.sqlite"], ["compare", "-o", "registry.sqlite"],
      ["export", "-o", ".", "--format", "bids"],
      ["registry", "export-audit", "--to", "registry.sqlite"],
      ["simulate", "scan", "-o", "registry.sqlite", "--truth", "t.json"],
      ["simulate", "scan", "-o", "s.csv", "--truth", "backup.sqlite"],
      ["simulate", "pool", "-o", "."], ["simulate", "patient", "-o", "."],
    ]
    let before = bytes(folder, "registry.sqlite")
    let backup = bytes(folder, "backup.sqlite")
    for command in commands {
      let flag = command.contains("pool") ? "--overwrite" : "--force"
      let run = try folder.run(command + [flag])
      #expect(run.code == 73, "\(command): \(run.errors)")
      #expect(run.errorLines.count == 1)
    }
    #expect(bytes(folder, "registry.sqlite") == before)
    #expect(bytes(folder, "backup.sqlite") == backup)
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
    let refused = try folder.run("registry", "backup", "--to", "backup.sqlite")
    #expect(refused.code == 73)
    #expect(bytes(folder, "backup.sqlite") == backup)
  }

  @Test func anotherCommandsOutputNeedsForce() throws {
    let folder = try CommandFolder()
    try PatientFlowTests.addPatient(to: folder)
    try folder.write("my thesis", to: "thesis.csv")
    try folder.fail("export", "-o", "thesis.csv", code: 73, says: "--force")
    try folder.succeed("export", "-o", "thesis.csv", "--force")
    try folder.succeed("export", "-o", "thesis.csv", "--format", "wide")
    try folder.succeed("report", "P001", "-o", "P001.html")
    try folder.succeed("report", "P001", "-o", "P001.html")
    try folder.fail("compare", "-o", "P001.html", code: 73, says: "compare did not write it")
  }

  @Test func outputsAreCheckedBeforeTheComputation() throws {
    let folder = try CommandFolder()
    try folder.write("notes", to: "truth.csv")
    // A recording of this length would take minutes.
    try folder.fail(
      "simulate", "array", "-o", "a.edf", "--truth", "truth.csv", "--duration", "3600", code: 73,
      says: "truth.csv")
    try folder.fail(
      "simulate", "array", "-o", "a.edf", "--truth", "a.edf", "--duration", "3600", code: 73,
      says: "twice")
    try folder.fail(
      "simulate", "array", "-o", "no/a.edf", "--truth", "t.csv", "--duration", "3600", code: 73,
      says: "no folder")
  }

  @Test func whatAKilledRunLeftIsRemovedByTheNext() throws {
    let folder = try CommandFolder()
    let process = folder.process(["simulate", "patient", "-o", "p", "--visits", "500"])
    try process.run()
    for _ in 0..<400 {
      if folder.contents.contains(where: { $0.hasPrefix(".motorpool-") }) { break }
      usleep(10_000)
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(folder.contents.contains { $0.hasPrefix(".motorpool-") })
    try folder.succeed("simulate", "scan", "-o", "s.csv", "--truth", "t.json")
    #expect(
      folder.contents == [
        "s.csv", "s.csv.provenance.json", "t.json", "t.json.provenance.json",
      ])
  }
}

@Suite("Names of files in results")
struct NoNamesTests {
  @Test(.enabled(if: TestTier.isLong)) func noNamesMeansNone() throws {
    let folder = try CommandFolder()
    try folder.succeed(
      "simulate", "needle", "-o", "Mustermann-1957.edf", "--truth", "t.csv", "--duration", "5",
      "--units", "2")
    try folder.succeed("decompose", "Mustermann-1957.edf", "--electrodes", "needle", "-o", "named")
    try folder.succeed(
      "decompose", "Mustermann-1957.edf", "--electrodes", "needle", "-o", "coded", "--no-names")
    func isNamed(_ results: String) throws -> [String] {
      let url = folder.url.appendingPathComponent(results)
      return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { name in
        try Data(contentsOf: url.appendingPathComponent(name)).range(of: Data("Mustermann".utf8))
          != nil
      }
    }
    #expect(try isNamed("named").contains("units.json"))
    #expect(try isNamed("coded") == [])
  }
}
