import Foundation
import TestSupport
import Testing

/// Files of HDF5 and MATLAB are read by foreign libraries behind a wall: whatever their bytes hold, the
/// program gives a description or one line, in bounded time.
@Suite("Damaged HDF5, NWB and MAT files through the program")
struct DamagedContainerTests {
  /// How a good file of each kind is made from a sample, and what its name ends in.
  enum Container: String, CaseIterable, CustomTestStringConvertible {
    case mat, nwb, openhdemg, muedit, demuse

    var testDescription: String { rawValue }

    func make(in folder: CommandFolder) throws -> String {
      let sample = SharedData.packageFolder.appendingPathComponent("Samples/grid.wav").path
      let truth = SharedData.packageFolder.appendingPathComponent("Samples/grid-truth.csv").path
      switch self {
      case .mat, .nwb:
        let file = folder.path("good.\(rawValue)")
        try folder.succeed(
          "convert", sample, "-o", file, "--channels", "1-4", "--from", "1", "--to", "2")
        return file
      case .openhdemg, .muedit, .demuse:
        try folder.succeed("import-units", truth, "--recording", sample, "-o", folder.path("units"))
        let file = folder.path("good.mat")
        try folder.succeed(
          "export-units", folder.path("units"), "--format", rawValue, "-o", file)
        return file
      }
    }
  }

  /// Runs `info` with a limit on processor time, which ends a hang by a signal.
  private func info(_ file: String, _ folder: CommandFolder) throws -> CommandRun {
    let (out, err) = (folder.path("out"), folder.path("err"))
    let process = folder.process([])
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -t 10; exec \"$0\" info \"$1\" --json > \"$2\" 2> \"$3\"",
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
    for turn in 0..<60 {
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
