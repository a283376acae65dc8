import Foundation
import TestSupport
import Testing

@Suite("Many recordings by command")
struct BatchCommandTests {
  /// A BIDS dataset of small recordings, and the same files in a plain folder with a list.
  private func recordings(_ count: Int) throws -> CommandFolder {
    let folder = try CommandFolder()
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder.path("plain"), withIntermediateDirectories: true)
    var list = "path\tpatient\tdate\tmuscle\tside\n"
    for number in 1...count {
      let place = folder.path("data/sub-0\(number)/emg")
      try manager.createDirectory(atPath: place, withIntermediateDirectories: true)
      let file = "\(place)/sub-0\(number)_task-hold_emg.edf"
      try folder.succeed(
        "simulate", "array", "-o", file, "--truth", "truth\(number).csv", "--rows", "3",
        "--columns", "4", "--duration", "6", "--units", "20", "--seed", "\(number)")
      for name in [file + ".provenance.json", folder.path("truth\(number).csv")] {
        try? manager.removeItem(atPath: name)
      }
      try manager.copyItem(atPath: file, toPath: folder.path("plain/grid \(number).edf"))
      list += "grid \(number).edf\tP\(number)\t2026-01-1\(number)\tvastus lateralis\tleft\n"
    }
    try folder.write(
      "{\"Name\": \"simulated\", \"BIDSVersion\": \"1.11.1\"}", to: "data/dataset_description.json")
    try folder.write(list, to: "files.tsv")
    return folder
  }

  /// The units of a result, without what tells where it came from.
  private func units(_ folder: CommandFolder, _ place: String) throws -> NSArray {
    let data = try Data(contentsOf: folder.url.appendingPathComponent(place + "/units.json"))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try #require(object["units"] as? NSArray)
  }

  /// All files of an output folder but logs and left-overs, with their bytes.
  private func bytes(_ folder: CommandFolder, _ output: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path(output)) {
      if name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) { continue }
      if let data = FileManager.default.contents(atPath: folder.path(output + "/" + name)) {
        found[name] = data
      }
    }
    return found
  }

  @Test func datasetFolderAndListGiveTheSameUnits() throws {
    let folder = try recordings(2)
    let before = folder.contents.filter { $0.hasPrefix("data") || $0.hasPrefix("plain") }
    try folder.succeed("bids", "data", "out", "participant")
    try folder.succeed("bids", "plain", "out2", "participant")
    try folder.succeed("bids", "plain", "out3", "participant", "--manifest", "files.tsv")
    for number in 1...2 {
      let name = "sub-0\(number)/emg/sub-0\(number)_task-hold"
      let dataset = try units(folder, "out/" + name)
      #expect(dataset.count > 0)
      #expect(try units(folder, "out2/grid-\(number)") == dataset)
      #expect(try units(folder, "out3/grid-\(number)") == dataset)
      let events = try String(
        contentsOfFile: folder.path("out/\(name)_desc-decomposition_events.tsv"), encoding: .utf8)
      #expect(events.split(separator: "\n").count > 10)
    }
    // The input is never written.
    #expect(folder.contents.filter { $0.hasPrefix("data") || $0.hasPrefix("plain") } == before)
    let again = try folder.succeed("bids", "data", "out", "participant")
    #expect(again.output.contains("0 done, 2 there already"))

    let group = [
      "bids", "plain", "out3", "group", "--manifest", "files.tsv", "--registry", "registry.sqlite",
      "--json",
    ]
    let first = try #require(try folder.run(group).object()["imported"] as? [String: Any])
    #expect(first["newValues"] as? Int ?? 0 >= 4)
    let second = try #require(try folder.run(group).object()["imported"] as? [String: Any])
    #expect(second["newValues"] as? Int == 0)
    let page = try String(contentsOfFile: folder.path("out3/group.html"), encoding: .utf8)
    #expect(page.contains("2 of 2"))
  }

  @Test func aRefusedRecordingAmidGoodOnes() throws {
    let folder = try recordings(2)
    try folder.write("no signal", to: "data/sub-01/emg/sub-01_task-rest_emg.edf")
    let run = try folder.run("bids", "data", "out", "participant", "--log-format", "json", "--json")
    #expect(run.code == 65)
    let states = try #require(try run.json() as? [[String: Any]]).map { $0["state"] as? String }
    #expect(states == ["done", "refused", "done"])
    let events = try run.errorLines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(events.first?["event"] as? String == "run-started")
    #expect(events.last?["event"] as? String == "run-ended")
    #expect(events.count { $0["stage"] as? String == "decompose" } == 3)
    try folder.succeed("bids", "data", "out", "group")
    let failures = try String(
      contentsOfFile: folder.path("out/group_failures.tsv"), encoding: .utf8)
    #expect(failures.split(separator: "\n").count == 2)
    #expect(failures.contains("sub-01_task-rest_emg.edf"))
  }

  @Test func packsAreDoneByTheScriptThatIsSubmitted() throws {
    let folder = try recordings(3)
    let dry = try folder.succeed("slurm", "submit", "data", "out", "--shards", "2", "--dry-run")
    #expect(dry.output.contains("#SBATCH --array=0-1"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    try folder.succeed("slurm", "submit", "data", "out", "--shards", "2", "--write-only")
    func status() throws -> [String: Any] {
      try folder.succeed("slurm", "status", "out", "--json").object()
    }
    #expect(try status()["untried"] as? Int == 3)
    for task in 0...1 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [folder.path("out/.slurm/participant.sh")]
      process.environment = [
        "PATH": "/usr/bin:/bin", "SLURM_ARRAY_TASK_ID": "\(task)", "SLURM_ARRAY_JOB_ID": "7",
      ]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let after = try status()
    #expect(after["done"] as? Int == 3)
    #expect(after["finishedPacks"] as? Int == 2)
    let many = try folder.run("slurm", "submit", "data", "out", "--shards", "2000")
    #expect(many.code == 64)
    #expect(many.errors.contains("MaxArraySize"))
    try folder.fail("slurm", "status", "data", code: 66, says: "no plan")
  }

  /// Two workers on one output folder, killed at many moments, then done to the end: the bytes of a
  /// run that nothing disturbed.
  @Test(.enabled(if: TestTier.isLong)) func killedWorkersLeaveWhatAnUndisturbedRunMakes() throws {
    let folder = try recordings(4)
    try folder.succeed("bids", "data", "plainly", "participant")
    var killed = 0
    for attempt in 0..<20 {
      let workers = (0..<2).map { _ in folder.process(["bids", "data", "out", "participant"]) }
      for worker in workers { try worker.run() }
      usleep(UInt32(60_000 + 97_000 * (attempt * 7 % 11)))
      for worker in workers where worker.isRunning {
        kill(worker.processIdentifier, SIGKILL)
        killed += 1
      }
      for worker in workers { worker.waitUntilExit() }
    }
    #expect(killed > 0)
    // Programs whose leader was killed may still be at work; their results are thrown away.
    let last = try folder.run("bids", "data", "out", "participant")
    #expect(last.code == 0, "\(last.output)")
    #expect(try bytes(folder, "out") == bytes(folder, "plainly"))
  }

  /// A real Slurm of one node, made for the test, whose programs, step daemons and node daemon are
  /// killed; skipped with a message where Slurm is not installed or the user is not root.
  @Test(.enabled(if: TestTier.isLong)) func tasksOfSlurmThatAreKilledLoseNothing() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      SharedData.packageFolder.appendingPathComponent("Scripts/slurm-test.sh").path,
      CommandRun.program.path, "20", "3",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    if text.contains("slurm-test: skipped") {
      print("skipped: \(text)")
    } else {
      #expect(text.contains("Results lost: 0; doubled: 0; bytes as in the undisturbed run: yes"))
    }
  }
}
