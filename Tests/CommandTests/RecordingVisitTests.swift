import Foundation
import Testing

@Suite("Visits with recordings")
struct RecordingVisitTests {
  /// A simulated recording of 20 channels and 10 s, quick enough for every run of the tests.
  private static func simulate(_ folder: CommandFolder, _ name: String, seed: Int) throws {
    try folder.succeed(
      "simulate", "array", "-o", name, "--truth", "\(name)-truth.csv", "--rows", "5", "--columns",
      "4", "--duration", "10", "--fs", "1024", "--units", "30", "--seed", "\(seed)")
  }

  @Test func recordingIsDecomposedAndStoredOnce() throws {
    let folder = try CommandFolder()
    try Self.simulate(folder, "visit1.edf", seed: 3)
    try folder.succeed("patient", "add", "P001")
    let visit = [
      "--date", "2025-01-15", "--muscle", "ta", "--side", "left", "--rounds", "2",
    ]
    let run = try folder.run(["visit", "add", "P001", "visit1.edf", "--json"] + visit)
    #expect(run.code == 0, "\(run.errors)")
    let summary = try run.object()
    let file = try #require((summary["files"] as? [[String: Any]])?.first)
    let units = try #require(file["identifiedUnits"] as? Int)
    #expect(units > 0)
    #expect(summary["muscle"] as? String == "tibialis anterior")
    #expect((summary["note"] as? String)?.contains("not an estimate of the number") == true)
    let values = try #require(file["measurements"] as? [[String: Any]])
    let kinds = Set(values.compactMap { $0["kind"] as? String })
    #expect(
      kinds.isSuperset(of: [
        "identified-units-max", "identified-units-median", "mean-discharge-rate",
        "residual-power-share", "power-completeness", "muap-amplitude",
      ]))
    let most = values.first { $0["kind"] as? String == "identified-units-max" }?["value"] as? Double
    #expect(try #require(most) <= Double(units))

    let again = try folder.run(["visit", "add", "P001", "visit1.edf"] + visit)
    #expect(again.code == 65 && again.errorLines.count == 1)
    #expect(again.errors.contains("is stored already for P001, visit of 2025-01-15"))
    let twice = try folder.run(["visit", "add", "P001", "visit1.edf", "./visit1.edf"] + visit)
    #expect(twice.code == 65)

    let list = try #require(
      try folder.succeed("visit", "list", "P001", "--json").json() as? [[String: Any]])
    #expect(list.count == 1)
    let recordings = try #require(list[0]["recordings"] as? [[String: Any]])
    #expect(recordings.count == 1)
    #expect(recordings[0]["sha256"] as? String == file["sha256"] as? String)
    #expect((recordings[0]["sha256"] as? String)?.count == 64)
    #expect(try folder.succeed("registry", "check").output.contains("sound"))
    // Every text that shows identified counts over visits says what they are not.
    for command in ["trend", "visit"] {
      let text =
        try command == "trend"
        ? folder.succeed("trend", "P001").output
        : folder.succeed("visit", "list", "P001").output
      #expect(text.contains("They are not an estimate of the number of motor units"))
    }
  }

  @Test func badRecordingsLeaveNothing() throws {
    let folder = try CommandFolder()
    try folder.succeed("patient", "add", "P001")
    try Self.simulate(folder, "good.wav", seed: 3)
    let good = try Data(contentsOf: folder.url.appendingPathComponent("good.wav"))
    try good.prefix(30).write(to: folder.url.appendingPathComponent("truncated.wav"))
    try Data().write(to: folder.url.appendingPathComponent("empty.wav"))
    try folder.write("this is no sound\n", to: "text.wav")
    var absurd = good
    absurd.replaceSubrange(22..<24, with: [0xff, 0xff])
    try absurd.write(to: folder.url.appendingPathComponent("absurd.wav"))
    let header = (1...8).map { "EMG \($0)" }.joined(separator: ",")
    let constant = (0..<4096).map { _ in Array(repeating: "1", count: 8).joined(separator: ",") }
    try folder.write(([header] + constant).joined(separator: "\n") + "\n", to: "constant.csv")
    var noise = (0..<4096).map { row in
      (0..<8).map { "\((row * 7919 + $0 * 104_729) % 997)" }.joined(separator: ",")
    }
    noise[2000] = "1,2,nan,4,5,6,7,8"
    try folder.write(([header] + noise).joined(separator: "\n") + "\n", to: "nan.csv")
    let options = ["--date", "2025-01-15", "--muscle", "ta", "--side", "left"]
    for (file, extra) in [
      ("truncated.wav", ["--mv-per-fs", "5"]), ("empty.wav", ["--mv-per-fs", "5"]),
      ("text.wav", ["--mv-per-fs", "5"]), ("absurd.wav", ["--mv-per-fs", "5"]),
      ("constant.csv", ["--fs", "1024", "--unit", "uV"]),
      ("nan.csv", ["--fs", "1024", "--unit", "uV"]),
    ] {
      let before = folder.contents
      for command in [["visit", "add", "P001", file] + options, ["decompose", file, "-o", "out"]] {
        let run = try folder.run(command + extra)
        #expect(run.code == 65, "\(file): \(run.code) \(run.errors)")
        #expect(run.errorLines.count == 1, "\(file): \(run.errors)")
        #expect(run.errors.contains(file), "\(run.errors)")
      }
      #expect(folder.contents == before, "\(file)")
    }
    try folder.fail("info", "none.edf", code: 66, says: "none.edf")
    #expect(try folder.succeed("visit", "list", "P001", "--json").output.contains("[\n\n]"))
  }
}
