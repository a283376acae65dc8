import Foundation
import MATFiles
import Recordings
import TestSupport
import Testing

/// Reference recordings through the built program; the accuracy tests want an optimised one, which
/// `MOTORPOOL_BINARY` names.
@Suite("Reference recordings")
struct ReferenceRecordingTests {
  private static let hasOptimisedProgram =
    TestTier.isLong && ProcessInfo.processInfo.environment["MOTORPOOL_BINARY"] != nil

  @Test(.enabled(if: hasOptimisedProgram)) func simulatedGrid() throws {
    let file = try SharedData.file("data/hdsemg/sim64.wav")
    let truth = try SharedData.file("data/hdsemg/sim64_truth.csv")
    let folder = try CommandFolder()
    try folder.succeed(
      "decompose", file.path, "--mv-per-fs", "1.0959", "--output", "out", "--seed", "1")
    let score = try folder.run("score", "out", "--truth", truth.path, "--json").object()
    #expect(try #require(score["matchedAtRoA90"] as? Int) >= 42)
    #expect((score["falseUnits"] as? [String])?.isEmpty == true)
  }

  @Test(.enabled(if: hasOptimisedProgram)) func vastusLateralis() throws {
    let file = try SharedData.file("data/hdsemg/vastus_lateralis_64ch.mat")
    let folder = try CommandFolder()
    try folder.succeed("decompose", file.path, "--output", "out", "--seed", "1")
    let recording = try Recording.open(file.path, readers: .standard + [MATReader()])
    let stored = try #require(try recording.storedSpikes())
    var table = "unit,sample\n"
    for (index, train) in stored.trains.enumerated() {
      for sample in train.samples(samplingRate: recording.samplingRate) {
        table += "\(index),\(Int(sample.rounded()))\n"
      }
    }
    try folder.write(table, to: "truth.csv")
    let score = try folder.run("score", "out", "--truth", "truth.csv", "--json").object()
    let pairs = try #require(score["pairs"] as? [[String: Any]])
    var agreement: [String: Double] = [:]
    var precision: [String: Double] = [:]
    for pair in pairs {
      guard let unit = pair["truth"] as? String else { continue }
      agreement[unit] = pair["agreement"] as? Double
      precision[unit] = pair["precision"] as? Double
    }
    // The first of the five stored trains has gaps: a right answer cannot agree with it wholly.
    for unit in ["1", "2", "3", "4"] { #expect((agreement[unit] ?? 0) >= 0.9, "unit \(unit)") }
    #expect((precision["0"] ?? 0) >= 0.9 || (agreement["0"] ?? 0) >= 0.65)
  }

  @Test(.enabled(if: hasOptimisedProgram)) func formatsGiveTheSameTrains() throws {
    let folder = try CommandFolder()
    for format in ["csv", "wav", "edf", "bdf", "mat"] {
      try folder.succeed(
        "simulate", "array", "-o", "array.\(format)", "--truth", "truth.csv", "--rows", "5",
        "--columns", "4", "--fs", "1000", "--duration", "12", "--units", "40", "--seed", "8")
      try folder.succeed("decompose", "array.\(format)", "--output", format)
      let score = try folder.run("score", format, "--truth", "csv/spikes.csv", "--json").object()
      let found = try #require(score["foundUnits"] as? Int)
      let expected = try #require(score["trueUnits"] as? Int)
      // 16-bit formats round the samples, which may move a discharge at the threshold and decide
      // whether one weak unit is found.
      let pairs = try #require(score["pairs"] as? [[String: Any]])
      #expect(pairs.count > 9 && pairs.count >= max(found, expected) - 1, "\(format)")
      // All discharges agree but at most one, which may be missing on either side.
      for pair in pairs {
        let matched = try #require(pair["matched"] as? Int)
        for share in ["precision", "recall"] {
          let all = try Double(matched) / #require(pair[share] as? Double)
          #expect(all - Double(matched) < 1.5, "\(format), \(share)")
        }
      }
    }
  }

  @Test(arguments: [
    "emg_TwoHDsEMG/sub-01/emg/sub-01_task-isometric_emg.edf",
    "emg_CustomBipolar/sub-01/emg/sub-01_task-holdWeight_emg.edf",
  ])
  func shortRecordingsAreRefusedWithTheReason(name: String) throws {
    let file = try SharedData.file("data/formats/bids-emg/" + name)
    let folder = try CommandFolder()
    let run = try folder.run("decompose", file.path, "--output", "out")
    #expect(run.code == 65 && run.errorLines.count == 1)
    #expect(run.errors.contains("s are needed to tell one motor unit's discharges from chance"))
    #expect(folder.contents.isEmpty)
  }
}
