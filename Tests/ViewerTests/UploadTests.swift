import Foundation
import Hummingbird
import Registry
import TestSupport
import Testing

@testable import Viewer

/// Files that are sent: what is refused, and that nothing of it is left.
struct UploadTests {
  private func server(
    _ fixture: RegistryFixture, _ limits: UploadSpool.Limits = .init(),
    program: String = "/bin/false"
  ) throws -> ViewerServer {
    try ViewerServer(
      ViewerConfiguration(registry: fixture.path, author: "me"), program: program, limits: limits)
  }

  /// Files below the spool's folder.
  private func left(_ fixture: RegistryFixture) -> [String] {
    let files = FileManager.default.enumerator(atPath: fixture.path + ".spool")
    return (files?.allObjects as? [String] ?? []).filter { $0.contains("/") }
  }

  @Test("A file that is too large is refused, announced or not, and nothing is left")
  func oversized() async throws {
    let fixture = try RegistryFixture(patients: 1)
    var limits = UploadSpool.Limits()
    limits.largest = 100_000
    var client = Client(try server(fixture, limits))
    try await client.begin()
    let large = String(repeating: "x", count: 100_001)
    for isAnnounced in [true, false] {
      let answer = try await client.send(
        .post, "/api/v1/uploads?name=a.csv",
        headers: isAnnounced ? [.contentLength: "100001"] : [:], body: large)
      #expect(answer.status == .contentTooLarge)
      #expect(left(fixture).isEmpty)
    }
    // What announces little and sends more is cut at the limit too.
    let liar = try await client.send(
      .post, "/api/v1/uploads?name=a.csv", headers: [.contentLength: "10"], body: large)
    #expect(liar.status == .contentTooLarge)
    #expect(
      try await client.send(.post, "/api/v1/uploads?name=a.csv", body: "").status == .badRequest)
    #expect(
      try await client.send(
        .post, "/api/v1/uploads?name=a.csv", headers: [.contentLength: "9"], body: "1,2\n"
      ).status == .badRequest)
    #expect(left(fixture).isEmpty)
  }

  @Test("A disk that would be full takes nothing")
  func fullDisk() async throws {
    let fixture = try RegistryFixture(patients: 1)
    var limits = UploadSpool.Limits()
    limits.reserve = 1 << 60
    var client = Client(try server(fixture, limits))
    try await client.begin()
    let answer = try await client.send(.post, "/api/v1/uploads?name=a.csv", body: "1,2\n")
    #expect(answer.status.code == 507)
    #expect(left(fixture).isEmpty)
  }

  @Test("What an earlier program left is removed, and nothing else")
  func leftOvers() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let folder = fixture.path + ".spool"
    let old = UploadSpool(folder: folder)
    _ = try await old.receive(
      RequestBody(buffer: ByteBuffer(string: "1,2\n")), declared: nil, name: "a.csv", user: "me")
    try "mine".write(toFile: folder + "/notes.txt", atomically: true, encoding: .utf8)
    _ = UploadSpool(folder: folder)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["notes.txt"])
    try FileManager.default.removeItem(atPath: folder + "/notes.txt")
    _ = UploadSpool(folder: folder)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("A file that stops arriving, or trickles, is given up", arguments: [true, false])
  func slow(trickles: Bool) async throws {
    let fixture = try RegistryFixture(patients: 1)
    var limits = UploadSpool.Limits()
    limits.idle = trickles ? 5 : 0.2
    limits.grace = 0.2
    let spool = UploadSpool(folder: fixture.path + ".spool", limits: limits)
    let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
    continuation.yield(ByteBuffer(string: "1,2\n"))
    let trickle = Task {
      while trickles && !Task.isCancelled {
        try await Task.sleep(for: .milliseconds(50))
        continuation.yield(ByteBuffer(string: "x"))
      }
    }
    defer { trickle.cancel() }
    do {
      _ = try await spool.receive(
        RequestBody(asyncSequence: stream), declared: nil, name: "a.csv", user: "me")
      Issue.record("a file that never ends was taken")
    } catch let error as ViewerError {
      #expect(error.status == 408)
    }
    #expect(left(fixture).isEmpty)
  }

  @Test("Readers, other pages and requests without the token send nothing")
  func wrongRoleOrPage() async throws {
    let fixture = try RegistryFixture(patients: 1, accounts: SafetyTests.people)
    let server = try server(fixture)
    var reader = Client(server)
    #expect(try await reader.signIn("rita", "reading is enough") == .ok)
    let path = "/api/v1/uploads?name=a.csv"
    #expect(try await reader.send(.post, path, body: "1,2\n").status == .forbidden)
    #expect(
      try await reader.send(
        .post, "/api/v1/patients/P1/visits", body: "{\"date\":\"2026-01-01\"}"
      ).status == .forbidden)
    var editor = Client(server)
    #expect(try await editor.signIn("ed", "staple of editors") == .ok)
    for headers: HTTPFields in [
      [.site: "cross-site"], [.site: "same-site"], [.origin: "https://evil.example"], [.token: "x"],
    ] {
      #expect(
        try await editor.send(.post, path, headers: headers, body: "1,2\n").status == .forbidden)
    }
    #expect(try await Client(server).send(.post, path, body: "1,2\n").status == .unauthorized)
    #expect(left(fixture).isEmpty)
  }

  @Test("The sender alone can use a file")
  func otherUser() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let spool = UploadSpool(folder: fixture.path + ".spool")
    let upload = try await spool.receive(
      RequestBody(buffer: ByteBuffer(string: "1,2\n")), declared: 4, name: "a.csv", user: "ed")
    #expect(throws: ViewerError.self) { try spool.upload(upload.id, user: "anna") }
    #expect(try spool.upload(upload.id, user: "ed").bytes == 4)
    // Nobody else of the machine can read it.
    let facts = try FileManager.default.attributesOfItem(atPath: upload.path)
    #expect((facts[.posixPermissions] as? Int) == 0o600)
    let folder = try FileManager.default.attributesOfItem(atPath: spool.folder)
    #expect((folder[.posixPermissions] as? Int) == 0o700)
    spool.remove(upload.id)
    #expect(left(fixture).isEmpty)
  }

  @Test(
    "Names lead nowhere",
    arguments: [
      ("../../../etc/passwd", "passwd"), ("..\\..\\windows\\a.edf", "a.edf"), ("..", "file"),
      ("/", "file"), (".hidden.csv", "hidden.csv"), ("-rf", "rf"), ("a\0b.csv", "a_b.csv"),
      ("ärm links.edf", "_rm_links.edf"), ("a;rm -rf *.wav", "a_rm_-rf__.wav"),
      (String(repeating: "x", count: 300) + ".bdf", String(repeating: "x", count: 76) + ".bdf"),
    ])
  func names(name: String, safe: String) async throws {
    #expect(UploadName.safe(name) == safe)
    let fixture = try RegistryFixture(patients: 1)
    let spool = UploadSpool(folder: fixture.path + ".spool")
    let upload = try await spool.receive(
      RequestBody(buffer: ByteBuffer(string: "1,2\n")), declared: nil, name: name, user: "me")
    let place = URL(fileURLWithPath: upload.path).standardizedFileURL
      .resolvingSymlinksInPath().path
    let inside = URL(fileURLWithPath: spool.folder).resolvingSymlinksInPath().path + "/"
    #expect(place.hasPrefix(inside))
    #expect(left(fixture).count == 1)
  }

  @Test("A program that hangs or dies over a file ends, and the file with it")
  func hangingCheck() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let folder = URL(fileURLWithPath: fixture.path).deletingLastPathComponent().path
    for (name, body) in [("hang", "while :; do sleep 1; done"), ("die", "kill -SEGV $$")] {
      let program = folder + "/" + name
      try "#!/bin/sh\n\(body)\n".write(toFile: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      // One that hangs does so for ever: without a limit the test would never end.
      await #expect(throws: ViewerError.self) {
        try await UploadCheck.of(program, program: program, seconds: 0.3)
      }
      if name == "hang" { continue }
      var client = Client(try server(fixture, program: program))
      try await client.begin()
      let answer = try await client.send(.post, "/api/v1/uploads?name=a.edf", body: "evil")
      #expect(answer.status == .unprocessableContent)
      #expect(left(fixture).isEmpty)
    }
  }
}
