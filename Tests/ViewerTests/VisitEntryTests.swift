import Foundation
import Hummingbird
import Registry
import TestSupport
import Testing

@testable import Viewer

/// Visits that are added by files, by the program itself.
struct VisitEntryTests {
  /// The program beside the tests; nil where it was not built.
  static let program: String? = {
    let place = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("motorpool-viewer").path
    return FileManager.default.isExecutableFile(atPath: place) ? place : nil
  }()
  private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Samples")

  private struct Place {
    let fixture: RegistryFixture
    let server: ViewerServer
    var client: Client
    let subject: Subject

    init() async throws {
      fixture = try RegistryFixture(patients: 1)
      server = try ViewerServer(
        ViewerConfiguration(registry: fixture.path, author: "me"),
        program: try #require(VisitEntryTests.program))
      client = Client(server)
      subject = try fixture.registry.subject(pseudonym: "P1")
      try await client.begin()
    }

    func send(_ data: Data, name: String) async throws -> [String: Any] {
      let answer = try await client.send(.post, "/api/v1/uploads?name=\(name)", data: data)
      #expect(answer.status == .created)
      return try await client.json(answer)
    }

    /// Adds a visit and waits for the end of its job.
    func add(_ body: String) async throws -> Jobs.State {
      let answer = try await client.send(.post, "/api/v1/patients/P1/visits", body: body)
      #expect(answer.status == .accepted)
      let id = try #require(try await client.json(answer)["id"] as? Int)
      var last: Jobs.State?
      for await state in try await server.jobs.listen(id) { last = state }
      return try #require(last)
    }

    var cmaps: Int {
      get throws {
        try fixture.registry.measurements(subject: subject.id).count {
          $0.kind == .cmapAmplitude
        }
      }
    }
  }

  @Test(
    "What may be a mix-up is stored only with a reason; the visit appears with its values",
    .enabled(if: program != nil, "motorpool-viewer is not built"))
  func mixUp() async throws {
    let place = try await Place()
    let registry = place.fixture.registry
    let data = try Data(
      contentsOf: Self.samples.appendingPathComponent("patient/visit01-cmap.edf"))
    let sent = try await place.send(data, name: "visit01-cmap.edf")
    let check = try #require(sent["check"] as? [String: Any])
    #expect(check["channels"] as? Int == 1 && check["day"] as? String == "2025-01-15")
    #expect(sent["bytes"] as? Int == data.count)
    let upload = try #require(sent["upload"] as? String)
    let head =
      "{\"muscle\":\"apb\",\"side\":\"left\",\"date\":\"2025-01-20\",\"files\":"
      + "[{\"upload\":\"\(upload)\",\"use\":\"cmap\"}]"
    let before = try place.cmaps

    // The day differs from the file's.
    let doubtful = try await place.add(head + "}")
    #expect(doubtful.status == "doubtful")
    #expect(doubtful.doubts?.contains { $0.contains("recorded on 2025-01-15") } == true)
    #expect(try place.cmaps == before)
    #expect(
      try await place.client.send(
        .post, "/api/v1/patients/P1/visits", body: head + ",\"accept\":true}"
      ).status == .badRequest)

    let done = try await place.add(head + ",\"accept\":true,\"reason\":\"the clock was wrong\"}")
    #expect(done.status == "done", "\(done.error ?? "")")
    #expect(done.visit?.files.count == 1 && done.visit?.date == "2025-01-20")
    #expect(try place.cmaps == before + 1)
    let visit = try #require(
      try registry.visits(subject: place.subject.id).first { $0.date == CivilDate("2025-01-20") })
    let recording = try #require(try registry.recordings(visit: visit.id).first)
    #expect(recording.sha256 == sent["sha256"] as? String)
    #expect(try registry.history(number: recording.id).first?.entry.author == "me")
    // The warning is there, accepted with the reason.
    #expect(try registry.openWarnings(subject: place.subject.id).isEmpty)
    let warning = try #require(
      try registry.records(subject: place.subject.id).first { $0.table == .warning })
    #expect(warning.values.values.contains("the clock was wrong"))
    // Nothing of the files is left, and the log tells how it ended.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: place.fixture.path + ".spool").isEmpty)
    let routes = try #require(try place.server.log?.entries()).map(\.route)
    #expect(routes.contains("visit doubtful") && routes.contains("visit done"))

    // The same file again is refused.
    let again = try await place.send(data, name: "visit01-cmap.edf")
    let other = try #require(again["upload"] as? String)
    let refused = try await place.add(head.replacingOccurrences(of: upload, with: other) + "}")
    #expect(refused.status == "failed" && refused.error?.isEmpty == false)
    #expect(try place.cmaps == before + 1)
  }

  @Test(
    "Files that are made to do harm are refused by name and end nothing",
    .enabled(if: program != nil, "motorpool-viewer is not built"))
  func hostile() async throws {
    let place = try await Place()
    let good = try Data(
      contentsOf: Self.samples.appendingPathComponent("patient/visit01-cmap.edf"))
    // A header that promises as much as its fields can hold, and one without an end.
    var huge = good
    huge.replaceSubrange(236..<244, with: Data("99999999".utf8))
    var signals = good
    signals.replaceSubrange(252..<256, with: Data("9999".utf8))
    let files: [(String, Data)] = [
      ("huge.edf", huge), ("signals.edf", signals), ("cut.edf", good.prefix(300)),
      ("noise.mat", Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7_919 >> 3) })),
      ("a.hea", Data("a 1 1000 10\n../../../../etc/passwd 16 200 16 0 0 0 0 x\n".utf8)),
      ("long.csv", Data(repeating: 0x2C, count: 3_000_000)),
    ]
    for (name, data) in files {
      let answer = try await place.client.send(
        .post, "/api/v1/uploads?name=\(name)", data: data)
      if answer.status == .unprocessableContent { continue }
      #expect(answer.status == .created)
      let sent = try await place.client.json(answer)
      let check = try #require(sent["check"] as? [String: Any])
      let problem = check["problem"] as? String
      #expect(problem != nil || name == "huge.edf", "\(name)")
      #expect(problem?.contains(".spool") != true)
      #expect(problem?.contains("root:") != true)
      let upload = try #require(sent["upload"] as? String)
      if problem == nil { continue }
      let state = try await place.add(
        "{\"date\":\"2025-01-15\",\"muscle\":\"ta\",\"side\":\"left\",\"files\":"
          + "[{\"upload\":\"\(upload)\"}]}")
      #expect(state.status == "failed", "\(name)")
      #expect(state.error?.contains(".spool") != true)
    }
    #expect(
      try place.fixture.registry.visits(subject: place.subject.id)
        .contains { $0.date == CivilDate("2025-01-15") } == false)
    #expect(try await place.client.send(.get, "/patients").status == .ok)
  }

  @Test("A visit without files is noted; a doubtful day needs a reason")
  func withoutFiles() async throws {
    let fixture = try RegistryFixture(patients: 1)
    var client = Client(try fixture.server())
    try await client.begin()
    let path = "/api/v1/patients/P1/visits"
    let missed =
      "{\"date\":\"2026-03-15\",\"status\":\"missed\",\"missingReason\":\"hospital stay\"}"
    #expect(try await client.send(.post, path, body: missed).status == .created)
    #expect(try await client.send(.post, path, body: missed).status == .conflict)
    let future = "{\"date\":\"2190-03-15\""
    #expect(try await client.send(.post, path, body: future + "}").status == .conflict)
    #expect(
      try await client.send(
        .post, path, body: future + ",\"accept\":true,\"reason\":\"a test of the clock\"}"
      ).status == .created)
    let subject = try fixture.registry.subject(pseudonym: "P1")
    #expect(try fixture.registry.openWarnings(subject: subject.id).isEmpty)
    for body in [
      "{\"date\":\"15.3.2026\"}", "{\"date\":\"2026-04-01\",\"status\":\"lost\"}",
      "{\"date\":\"2026-04-01\",\"files\":[{\"upload\":\"x\"}]}", "{}", "[]",
    ] {
      #expect(try await client.send(.post, path, body: body).status == .badRequest)
    }
    let unknown =
      "{\"date\":\"2026-04-01\",\"muscle\":\"ta\",\"side\":\"left\",\"files\":"
      + "[{\"upload\":\"../../x\"}]}"
    #expect(try await client.send(.post, path, body: unknown).status == .notFound)
  }

  @Test("What is erased is erased with its kept recording")
  func erasure() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let recording = try fixture.recording("P1")
    let hash = String(repeating: "ab", count: 32)
    let kept = KeptRecordings(folder: KeptRecordings.path(registry: fixture.path))
    func keep(_ hash: String) throws {
      let file = fixture.path + ".some.edf"
      try Data([1]).write(to: URL(fileURLWithPath: file))
      try kept.keep(file, sha256: hash, reading: .init())
    }
    try keep(hash)
    try keep(String(repeating: "cd", count: 32))
    var client = Client(try fixture.server())
    // Nobody knows the other one.
    #expect(kept.hashes == [hash])
    try await client.begin()
    #expect(
      try await client.send(
        .post, "/api/v1/records/\(recording)/retract",
        body: "{\"reason\":\"x\",\"includingDependents\":true}"
      ).status == .ok)
    #expect(kept.recording(hash) != nil)
    #expect(
      try await client.send(
        .post, "/api/v1/patients/P1/erase", body: "{\"confirm\":\"P1\",\"reason\":\"wish\"}"
      ).status == .ok)
    #expect(kept.recording(hash) == nil)
  }
}
