import Foundation
import Testing

@testable import Batch

@Suite("Job arrays for Slurm")
struct SlurmArrayTests {
  private func array() -> SlurmArray {
    var array = SlurmArray(
      command: ["/opt/it's/motorpool", "bids", "/data in", "out"],
      groupCommand: ["/opt/motorpool", "bids", "in", "out", "group"], packCount: 7,
      limits: .init(minutes: 12, megabytes: 450), logFolder: "/out/50%/log")
    array.trailing = ["--", "--seed", "7"]
    array.tasksAtOnce = 3
    array.partition = "main"
    return array
  }

  @Test func partitionsAndAccountsHavePlainNames() {
    for name in ["main", "gpu-2,b.c_d"] { #expect(SlurmArray.isName(name)) }
    for name in ["", "a b", "ä", "a;b", "$(x)"] { #expect(!SlurmArray.isName(name)) }
  }

  /// Runs a script in bash with commands of our own in the place of the program and of Slurm.
  private func run(
    program: String, restarts: Int?, signal: Bool = false
  ) throws -> (code: Int32, calls: String) {
    let folder = try BatchFolder()
    try folder.write(
      "#!/bin/bash\necho \"program $*\" >> \(folder.path)/calls\n\(program)\n", to: "program")
    try folder.write("#!/bin/bash\necho \"scontrol $*\" >> \(folder.path)/calls\n", to: "scontrol")
    try folder.write("#!/bin/bash\nexit 0\n", to: "bin/sleep")
    for name in ["program", "scontrol", "bin/sleep"] { chmod(folder.path + "/" + name, 0o755) }
    var array = array()
    array.command = [folder.path + "/program"]
    try folder.write(array.participantScript, to: "job.sh")
    let process = Process()
    // Threads of tests block signals, which a program that they start would inherit.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--default-signal=TERM", "/bin/bash", folder.path + "/job.sh"]
    var environment = [
      "PATH": "\(folder.path):/usr/bin:/bin", "SLURM_ARRAY_TASK_ID": "4",
      "SLURM_ARRAY_JOB_ID": "99",
    ]
    // Waiting for Slurm to end the script would take a minute.
    if !signal { environment["PATH"] = "\(folder.path)/bin:" + (environment["PATH"] ?? "") }
    if let restarts { environment["SLURM_RESTART_COUNT"] = "\(restarts)" }
    process.environment = environment
    process.standardError = FileHandle.nullDevice
    try process.run()
    if signal {
      while !FileManager.default.fileExists(atPath: folder.path + "/calls") { usleep(10_000) }
      usleep(200_000)
      process.terminate()
    }
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOfFile: folder.path + "/calls", encoding: .utf8)
    )
  }

  @Test func theHeadStatesArrayLimitsAndRequeue() {
    let lines = array().participantScript.split(separator: "\n").map(String.init)
    #expect(lines[0] == "#!/bin/bash")
    for line in [
      "array=0-6%3", "requeue", "mem=450M", "time=12", "partition=main",
      "output=/out/50%%/log/%A_%a.txt",
    ] { #expect(lines.contains("#SBATCH --" + line), "\(line)") }
    #expect(
      lines.contains {
        $0.hasPrefix("'/opt/it'\\''s/motorpool' bids '/data in' out --shard")
          && $0.hasSuffix("/7\" -- --seed 7 &")
      })
  }

  @Test(arguments: [0, 65])
  func whatAnotherTryWouldNotChangeIsNotTriedAgain(code: Int32) throws {
    let ended = try run(program: "exit \(code)", restarts: nil)
    #expect(ended.code == code)
    #expect(ended.calls == "program --shard 4/7 -- --seed 7\n")
  }

  @Test(arguments: [("exit 75", 75), ("kill -KILL $$", 137), ("kill -SEGV $$", 139)])
  func whatWasCutShortIsTriedAgainThreeTimes(program: String, code: Int32) throws {
    for restarts in [nil, 1, 2] {
      let ended = try run(program: program, restarts: restarts)
      #expect(ended.code == code)
      #expect(ended.calls.hasSuffix("scontrol requeue 99_4\n"))
    }
    let last = try run(program: program, restarts: 3)
    #expect(last.code == code)
    #expect(!last.calls.contains("scontrol"))
  }

  @Test func aRequestToEndReachesTheProgram() throws {
    let ended = try run(
      program: "trap 'exit 143' TERM; for i in {1..100}; do sleep 0.1; done", restarts: 0,
      signal: true)
    #expect(ended.code == 143)
    #expect(!ended.calls.contains("scontrol"))
  }

  @Test func limitsFollowTheDearestPack() {
    let limits = SlurmArray.Limits(costs: [(60, 200), (180, 420)], slowness: 4)
    #expect(limits.minutes == 17)
    #expect(limits.megabytes == 750)
    #expect(SlurmArray.Limits(costs: [], slowness: 0).minutes == 5)
    #expect(SlurmArray.Limits(costs: [(.infinity, .infinity)], slowness: 1).megabytes > 1_000)
  }

  @Test func aPlanIsReadBackAndADamagedOneRefused() throws {
    let folder = try BatchFolder()
    let path = BatchPlan.path(folder.path)
    var items = (0..<5).map { BatchItem(index: $0, path: "\($0).wav", name: "a/\($0)") }
    for index in items.indices { items[index].predictedSeconds = Double(index) }
    let plan = BatchPlan(software: "MotorPool 9", items: items, packCount: 2)
    #expect(throws: BatchError.self) { try BatchPlan(path: path) }
    try plan.write(to: path)
    #expect(try BatchPlan(path: path) == plan)
    #expect(plan.packCosts.map(\.seconds).sorted() == [5, 5])
    var outside = plan
    outside.items[1].name = "../../elsewhere"
    var twice = plan
    twice.items[1].name = "a/0"
    var order = plan
    order.items[1].index = 0
    var packs = plan
    packs.packCount = 0
    for damaged in [outside, twice, order, packs] {
      try damaged.write(to: path)
      #expect(throws: BatchError.self) { try BatchPlan(path: path) }
    }
  }

  @Test func progressCountsWhatTheStatusFilesTell() {
    var items = (0..<5).map { BatchItem(index: $0, path: "\($0).wav", name: "\($0)") }
    for index in items.indices { items[index].predictedSeconds = 10 }
    let plan = BatchPlan(software: "MotorPool 9", items: items, packCount: 5)
    func status(
      _ index: Int, _ state: RecordingStatus.State, path: String? = nil, restarts: Int? = nil
    ) -> RecordingStatus {
      RecordingStatus(
        index: index, path: path ?? "\(index).wav", key: "", state: state, exitCode: 0,
        reason: "why", processorSeconds: 8, restarts: restarts)
    }
    let progress = BatchProgress(
      plan,
      statuses: [
        0: status(0, .done, restarts: 1), 1: status(1, .refused), 2: status(2, .failed),
        // Another list had another recording here.
        3: status(3, .done, path: "other.wav"),
      ])
    #expect(progress.done == 1)
    #expect(progress.refused == 1)
    #expect(progress.failed == 1)
    #expect(progress.untried == 2)
    #expect(progress.finishedPacks == 2)
    #expect(progress.restarted == 1)
    #expect(progress.processorSeconds == 8)
    #expect(progress.predictedSecondsLeft == 30)
    #expect(progress.open.map(\.index) == [1, 2, 3, 4])
    #expect(progress.open[0].reason == "why")
  }
}
