import Foundation
import Testing

@Suite("Many files in one command")
struct ManyFilesTests {
  private func simulate(_ folder: CommandFolder, _ name: String, seed: Int) throws {
    try folder.succeed(
      "simulate", "array", "-o", name, "--truth", "\(name).csv", "--fs", "1000", "--rows", "4",
      "--columns", "3", "--units", "20", "--duration", "10", "--seed", "\(seed)")
  }

  @Test func oneRecordingThatFailsStopsNoOther() throws {
    let folder = try CommandFolder()
    try simulate(folder, "a.edf", seed: 1)
    try simulate(folder, "b.edf", seed: 2)
    try folder.write("no recording", to: "broken.edf")
    let run = try folder.run([
      "decompose", "a.edf", "broken.edf", "b.edf", "--output", "results", "--rounds", "2",
    ])
    #expect(run.code == 65)
    #expect(run.errors.contains("broken.edf"))
    #expect(run.errors.contains("1 of 3 recordings failed"))
    for name in ["a", "b"] {
      #expect(FileManager.default.fileExists(atPath: folder.path("results/\(name)/units.json")))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("results/broken")))
  }

  @Test func scansOfAFolderAreEstimatedTogether() throws {
    let folder = try CommandFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("scans"), withIntermediateDirectories: false)
    for seed in [3, 4] {
      try folder.succeed(
        "simulate", "scan", "-o", "scans/s\(seed).csv", "--truth", "t\(seed).json", "--units", "12",
        "--seed", "\(seed)")
    }
    let scans = try folder.succeed("scan", "scans", "--json").json() as? [Any]
    #expect(scans?.count == 2)
    try folder.write("stimulus,cmap\n", to: "scans/empty.csv")
    let again = try folder.run(["scan", "scans", "--json"])
    #expect(again.code == 65)
    #expect((try again.json() as? [Any])?.count == 2)
    #expect(again.errors.contains("empty.csv"))
  }
}
