import Decomposition
import Foundation
import TestSupport
import Testing
import UnitNumber

@testable import Viewer

/// What the viewer writes and prints keeps to the schemas of docs/schema.
struct StoredJSONTests {
  private func expect(_ text: String, _ schema: String) throws {
    let problems = try JSONSchemas.project.get().problems(
      try JSONTree.reading(text), schema: schema)
    #expect(problems.isEmpty, "\(schema): \(problems.prefix(10))")
  }

  private func expect(_ value: some Encodable, _ schema: String) throws {
    try expect(String(decoding: try JSONEncoder().encode(value), as: UTF8.self), schema)
  }

  @Test func runsAndEdits() throws {
    var run = EditedRunTests.run
    run.artefacts = [.init(kind: "pulse", start: 10, end: 20, channels: [0])]
    run.rejectedChannels = [.init(channel: 1, reason: "constant")]
    run.needle = NeedleConfiguration()
    run.units[0].silhouette = 0.9
    try expect(run, "viewer-run")
    let path = NSTemporaryDirectory() + "edits-\(UUID().uuidString).jsonl"
    defer { unlink(path) }
    var log = try EditLog(path: path, base: "base")
    let planning = EditPlanning(run: run, state: EditedRun(run), entries: [])
    var accepted = EditCommand(kind: .accept, unit: 2)
    accepted.added = [50.5]
    for command in [
      EditCommand(kind: .flag, unit: 0), EditCommand(kind: .remove, unit: 1), accepted,
    ] {
      guard var entry = try planning.entry(command, source: nil) else { continue }
      entry.seq = log.entries.count + 1
      entry.previous = log.head
      try log.append(entry)
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count >= 2)
    for line in lines { try expect(String(line), "viewer-edit") }
  }

  @Test func usersAndTheAccessLog() async throws {
    let fixture = try RegistryFixture(patients: 1, accounts: SafetyTests.people)
    let users = fixture.path + ".users"
    try expect(try String(contentsOfFile: users, encoding: .utf8), "viewer-users")
    let list = try AccountCommand(action: .list, path: users, printsJSON: true).run { nil }
    for command in ["add", "list", "role", "password", "disable", "enable"] {
      try expect(list, "user-" + command)
    }
    var client = Client(try fixture.server())
    #expect(try await client.signIn("rita", "reading is enough") == .ok)
    _ = try await client.send(.get, "/patients/P1")
    let log = try String(contentsOfFile: users + ".log", encoding: .utf8)
    #expect(log.split(separator: "\n").count >= 2)
    for line in log.split(separator: "\n") { try expect(String(line), "viewer-access") }
  }

  @Test func filesBesideWhatIsKept() throws {
    try expect(
      VisitJob(
        registry: "r", author: "a", patient: "P1", date: "2026-01-15", muscle: "ta", side: .left,
        reading: .init(), electrodes: .auto, files: [.init(path: "a.edf", use: .arrayCMAP)]),
      "viewer-visit")
    try expect(OpenedRecording.Excluded(channels: [1], seconds: [[0, 1.5]]), "viewer-excluded")
    try expect(
      KeptRecordings.Scan(
        CMAPScan(
          stimulusMilliamps: [10, 9.5], responseMillivolts: [8, 7], preScanCount: 1,
          postScanCount: 1)), "viewer-scan")
    try expect(#"{"samplingRate": 2048, "unit": "uV"}"#, "viewer-reading")
    try expect(#"{"address":"http://127.0.0.1:8080/start?token=x"}"#, "serve")
  }

  /// What a file of a visit can be for is one list: the page and the schema have what it has.
  @Test func usesOfFilesAreOneList() throws {
    #expect(VisitJob.Use(rawValue: "no such use") == nil)
    for (use, words) in VisitJob.Use.all {
      #expect(!words.isEmpty && VisitJob.Use(rawValue: use.rawValue) == use)
      #expect(use == .beside || use.fileUse != nil, "\(use.rawValue)")
      try expect(
        VisitJob(
          registry: "r", author: "a", patient: "P1", date: "2026-01-15", muscle: "ta", side: .left,
          reading: .init(), electrodes: .auto, files: [.init(path: "a.edf", use: use)]),
        "viewer-visit")
    }
  }
}
