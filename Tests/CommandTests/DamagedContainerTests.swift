import Foundation
import TestSupport
import Testing

/// Files of HDF5 and MATLAB are read by foreign libraries behind a wall: whatever their bytes hold, the
/// program gives a description or one line, in bounded time.
@Suite("Damaged HDF5, NWB and MAT files through the program")
struct DamagedContainerTests {
  /// How a good file of each kind is made from a sample, and what its name ends in.
  enum Container: String, CaseIterable, CustomTestStringConvertible {
    case mat, mat73, nwb, muedit, demuse

    var testDescription: String { rawValue }

    func make(in folder: CommandFolder) throws -> String {
      let sample = SharedData.packageFolder.appendingPathComponent("Samples/grid.wav").path
      let short = folder.path("short.wav")
      try folder.succeed(
        "convert", sample, "-o", short, "--channels", "1-8", "--start", "5", "--end", "6")
      let file = folder.path(self == .nwb ? "good.nwb" : "good.mat")
      switch self {
      case .mat, .nwb: try folder.succeed("convert", short, "-o", file)
      case .mat73: try folder.succeed("convert", short, "-o", file, "--mat73")
      case .muedit, .demuse:
        let rows = (0..<20).map { "\($0 % 2),\(40 + 45 * $0)" }
        try folder.write("unit,sample\n" + rows.joined(separator: "\n"), to: "spikes.csv")
        try folder.succeed(
          "import-units", "spikes.csv", "--recording", short, "-o", folder.path("units"))
        try folder.succeed(
          "export-units", folder.path("units"), "--recording", short, "--format", rawValue, "-o",
          file)
      }
      return file
    }
  }

  /// Runs `info` with a limit on processor time, which ends a hang by a signal.
  private func info(_ file: String, _ folder: CommandFolder) throws -> CommandRun {
    let (out, err) = (folder.path("out"), folder.path("err"))
    let process = folder.process([])
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -t 20; exec \"$0\" info \"$1\" --unit uV --json > \"$2\" 2> \"$3\"",
      CommandRun.program.path, file, out, err,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    return CommandRun(
      code: process.terminationStatus,
      output: try String(contentsOfFile: out, encoding: .utf8),
      errors: try String(contentsOfFile: err, encoding: .utf8))
  }

  @Test(.enabled(if: TestTier.isLong), arguments: Container.allCases)
  func everyCopyIsDescribedOrRefusedInOneLine(container: Container) throws {
    let folder = try CommandFolder()
    let good = try container.make(in: folder)
    #expect(try info(good, folder).code == 0)
    var damage = DamagedBytes([UInt8](try Data(contentsOf: URL(fileURLWithPath: good))), seed: 7707)
    let suffix = URL(fileURLWithPath: good).pathExtension
    var refused = 0
    for turn in 0..<40 {
      let copy = folder.path("copy.\(suffix)")
      try Data(damage.next()).write(to: URL(fileURLWithPath: copy))
      let run = try info(copy, folder)
      #expect([0, 65].contains(run.code), "turn \(turn): \(run.code) \(run.errors)")
      if run.code == 0 {
        _ = try #require(try run.json() as? [String: Any], "turn \(turn)")
      } else {
        refused += 1
        #expect(run.errorLines.count == 1, "turn \(turn): \(run.errors)")
        #expect(run.errors.contains("copy.\(suffix)"), "turn \(turn): \(run.errors)")
        #expect(run.output.isEmpty, "turn \(turn)")
      }
    }
    // Otherwise the damage never reached what the library parses.
    #expect(refused > 5)
  }
}
