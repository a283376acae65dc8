import Foundation
import Hummingbird
import Registry
import Testing

@testable import Viewer

struct SafetyTests {
  static let people: [(String, Role, String)] = [
    ("anna", .admin, "correct horse battery"), ("ed", .editor, "staple of editors"),
    ("rita", .reader, "reading is enough"),
  ]

  private func fixture() throws -> RegistryFixture {
    try RegistryFixture(patients: 2, accounts: Self.people)
  }

  /// A path with something in the place of each parameter.
  private func filled(_ path: String) -> String {
    "/"
      + path.split(separator: "/").map { part in
        [":patient": "P1", ":name": "app.js"][part].map { Substring($0) }
          ?? (part.hasPrefix(":") ? "1" : part)
      }.joined(separator: "/")
  }

  @Test("Each role gets what the table gives it, on every route", arguments: [true, false])
  func roles(hasAccounts: Bool) async throws {
    let fixture = try fixture()
    let file = try RouteTests.file()
    let server = try ViewerServer(
      ViewerConfiguration(
        file: file.path, options: file.options, registry: fixture.path,
        users: hasAccounts ? nil : fixture.path + ".none"),
      program: "/bin/false")
    let visitor = Client(server)
    #expect(server.table.routes.count > 45)
    for route in server.table.routes {
      let status = try await visitor.send(
        route.method, filled(route.path),
        body: route.body.isEmpty ? "" : "{}"
      ).status
      let isRefused = [.unauthorized, .forbidden].contains(status) || status == .seeOther
      let isOpen = route.role == nil
      #expect(isRefused != isOpen || route.path == "start" || route.path == "api/v1/session")
    }
    if !hasAccounts { return }
    for (name, role, password) in Self.people {
      for route in server.table.routes where route.role != nil {
        if route.path == "api/v1/session" || route.path.hasSuffix("/events") { continue }
        var client = Client(server)
        // A session that was made by hand, so that the walk does not wait for hashes.
        let session = server.sessions.begin(account: name)
        client.cookie = "\(server.cookieName)=\(session.cookie)"
        client.token = session.token
        let answer = try await client.send(
          route.method, filled(route.path), body: route.body.isEmpty ? "" : "{}")
        let isAllowed = route.role.map { role >= $0 } ?? true
        #expect(
          (answer.status == .forbidden) == !isAllowed,
          "\(role) \(route.method) \(route.path): \(answer.status)")
        #expect(answer.status != .unauthorized && answer.status != .internalServerError)
      }
      #expect(password.count >= Accounts.shortestPassword)
    }
  }

  @Test("A role that is taken, and an account that is disabled, end at once")
  func rolesHoldAtOnce() async throws {
    let fixture = try fixture()
    let server = try fixture.server()
    var client = Client(server)
    #expect(try await client.signIn("ed", "staple of editors") == .ok)
    let path = "/api/v1/records/1/correct"
    let body = "{\"changes\":{\"arm\":\"other\"},\"reason\":\"typo\"}"
    #expect(try await client.send(.post, path, body: body).status == .ok)
    #expect(try fixture.registry.history(number: 1).last?.entry.author == "ed")
    let accounts = Accounts(path: fixture.path + ".users", cost: RegistryFixture.cost)
    try accounts.change("ed", role: .reader)
    #expect(try await client.send(.post, path, body: body).status == .forbidden)
    try accounts.change("ed", isDisabled: true)
    #expect(try await client.send(.get, "/api/v1/patients").status == .unauthorized)
    #expect(try await client.signIn("ed", "staple of editors") == .unauthorized)
    #expect(throws: ViewerError.self) { try accounts.change("anna", role: .reader) }
  }

  @Test("Passwords are hashed, short ones refused, wrong ones slowed down by account and address")
  func bruteForce() async throws {
    let fixture = try fixture()
    let text = try String(contentsOfFile: fixture.path + ".users", encoding: .utf8)
    for (_, _, password) in Self.people { #expect(!text.contains(password)) }
    let facts = try FileManager.default.attributesOfItem(atPath: fixture.path + ".users")
    #expect((facts[.posixPermissions] as? Int) == 0o600)
    let accounts = Accounts(path: fixture.path + ".users", cost: RegistryFixture.cost)
    #expect(throws: ViewerError.self) { try accounts.add("x", role: .reader, password: "short") }
    #expect(throws: ViewerError.self) {
      try accounts.add("a b<", role: .reader, password: "long enough to do")
    }
    let signIn = SignIn(accounts)
    let now = Date()
    for _ in 0..<SignIn.tries {
      #expect(
        try await !signIn.accepts("anna", password: "guess", client: "1.2.3.4", now: now))
    }
    // The right password no longer helps, from anywhere, nor another account from this address.
    await #expect(throws: ViewerError.self) {
      try await signIn.accepts(
        "anna", password: "correct horse battery", client: "5.6.7.8", now: now)
    }
    await #expect(throws: ViewerError.self) {
      try await signIn.accepts("rita", password: "reading is enough", client: "1.2.3.4", now: now)
    }
    #expect(
      try await signIn.accepts(
        "anna", password: "correct horse battery", client: "5.6.7.8",
        now: now.addingTimeInterval(SignIn.window + 1)))
    // Successes do not count.
    for _ in 0..<(2 * SignIn.tries) {
      #expect(
        try await signIn.accepts("rita", password: "reading is enough", client: "9.9.9.9"))
    }
    #expect(try await !signIn.accepts("nobody", password: "anything", client: "8.8.8.8"))
  }

  @Test("A session begins with a new secret, whatever the browser had; signing out ends it")
  func sessionFixation() async throws {
    let server = try fixture().server()
    var client = Client(server)
    client.cookie = "\(server.cookieName)=planted"
    #expect(try await client.signIn("rita", "reading is enough") == .ok)
    let first = client.cookie
    #expect(first?.contains("planted") == false)
    #expect(try await client.signIn("rita", "reading is enough") == .ok)
    #expect(client.cookie != first)
    var old = client
    old.cookie = first
    #expect(try await old.send(.get, "/api/v1/patients").status == .unauthorized)
    #expect(try await client.send(.get, "/api/v1/patients").status == .ok)
    #expect(try await client.send(.delete, "/api/v1/session").status == .noContent)
    #expect(try await client.send(.get, "/api/v1/patients").status == .unauthorized)
    // With accounts the start address opens nothing.
    #expect(
      try await client.send(.get, "/start?token=\(server.sessions.startToken)").status
        == .unauthorized)
  }

  @Test("Idle and old sessions end")
  func sessionsEnd() throws {
    let sessions = Sessions()
    let now = Date()
    let session = try #require(sessions.begin(sessions.startToken, now: now))
    #expect(sessions.holder(cookie: session.cookie, now: now.addingTimeInterval(1_799)) != nil)
    #expect(
      sessions.holder(cookie: session.cookie, now: now.addingTimeInterval(1_799 + 1_801)) == nil)
    let other = try #require(sessions.begin(sessions.startToken, now: now))
    for minute in stride(from: 0.0, to: 720, by: 20) {
      #expect(
        sessions.holder(cookie: other.cookie, now: now.addingTimeInterval(60 * minute)) != nil)
    }
    #expect(sessions.holder(cookie: other.cookie, now: now.addingTimeInterval(43_201)) == nil)
  }

  @Test("A body that is too large or too slow is refused")
  func bodies() async throws {
    var client = Client(try fixture().server())
    #expect(try await client.signIn("ed", "staple of editors") == .ok)
    let large = String(repeating: " ", count: 2 << 20)
    #expect(
      try await client.send(.post, "/api/v1/records/1/correct", body: large).status
        == .contentTooLarge)
    let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
    continuation.yield(ByteBuffer(string: "{"))
    let request = Request(
      head: .init(method: .post, scheme: "http", authority: "", path: "/"),
      body: .init(asyncSequence: stream))
    do {
      _ = try await LimitedBody.read(request, seconds: 0.2)
      Issue.record("a body that never ends was read")
    } catch let error as ViewerError {
      #expect(error.status == 408)
    }
  }

  @Test("Text is never read as markup")
  func scripts() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    _ = try fixture.warn("P1", evil)
    let subject = try fixture.registry.subject(pseudonym: "P1")
    _ = try fixture.registry.addIntervention(
      subject: subject.id, kind: evil, startDate: try RegistryFixture.day(3), name: evil)
    _ = try fixture.registry.addEvent(
      subject: subject.id, kind: .other, date: try RegistryFixture.day(4), detail: evil)
    var client = Client(try fixture.server())
    try await client.begin()
    let query = evil.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    for path in [
      "/patients", "/patients?q=\(query)", "/patients/P1", "/patients/P1/report",
      "/cohort?simulations=0",
      "/patients/\(query)", "/records/\(subject.id)", "/access-log",
      "/cohort?simulations=0&therapy=\(query)",
    ] {
      let text = try await client.text(try await client.send(.get, path))
      #expect(!text.contains("<script>alert"), "\(path)")
      #expect(!text.contains("<img src=x"), "\(path)")
    }
  }

  /// The programs that make a certificate and ask as a browser does; without them the test is skipped.
  static let hasTools = ["curl", "openssl"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
  }

  @Test(
    "A certificate of its own: TLS answers, plain requests do not, wrong files are refused",
    .enabled(if: hasTools))
  func ownCertificate() async throws {
    let fixture = try fixture()
    let folder = URL(fileURLWithPath: fixture.path).deletingLastPathComponent().path
    let (certificate, key) = (folder + "/own.pem", folder + "/own.key")
    func run(_ words: [String]) throws -> (code: Int32, text: String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = words
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
    let made = try run([
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
      certificate,
    ])
    try #require(made.code == 0, "openssl made no certificate")
    var configuration = ViewerConfiguration(
      registry: fixture.path, port: 0, publicName: "localhost", certificate: certificate, key: key)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    #expect(throws: ViewerError.self) { try ViewerServer(configuration, program: "") }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    for (wrong, alone) in [(key, key), (certificate, certificate), (folder + "/none", key)] {
      var other = configuration
      (other.certificate, other.key) = (wrong, alone)
      #expect(throws: ViewerError.self) { try ViewerServer(other, program: "") }
    }
    configuration.key = nil
    #expect(throws: ViewerError.self) { try ViewerServer(configuration, program: "") }
    configuration.key = key

    let server = try ViewerServer(configuration, program: "")
    let (addresses, told) = AsyncStream<String>.makeStream()
    let running = Task { try await server.run { told.yield($0) } }
    defer { running.cancel() }
    var iterator = addresses.makeAsyncIterator()
    let address = try #require(await iterator.next())
    #expect(address.hasPrefix("https://localhost:"))
    // curl checks the certificate as a browser does.
    let page = try run(["curl", "-sS", "-i", "--cacert", certificate, address + "login"])
    #expect(page.code == 0 && page.text.hasPrefix("HTTP/1.1 200"))
    #expect(try run(["curl", "-sS", address + "login"]).code != 0)
    let plain = address.replacingOccurrences(of: "https", with: "http")
    #expect(try run(["curl", "-sS", plain + "login"]).code != 0)
    let old = try run([
      "curl", "-sS", "--tls-max", "1.1", "--cacert", certificate, address + "login",
    ])
    #expect(old.code != 0)
  }

  @Test("Other addresses need users and a proxy")
  func addresses() async throws {
    let open = try RegistryFixture(patients: 1)
    func configuration(_ path: String, _ host: String, _ name: String?) -> ViewerConfiguration {
      ViewerConfiguration(registry: path, host: host, publicName: name)
    }
    #expect(throws: ViewerError.self) {
      try ViewerServer(configuration(open.path, "0.0.0.0", nil), program: "")
    }
    #expect(throws: ViewerError.self) {
      try ViewerServer(configuration(open.path, "0.0.0.0", "emg.example"), program: "")
    }
    let closed = try fixture()
    let server = try ViewerServer(
      configuration(closed.path, "0.0.0.0", "emg.example"), program: "")
    let client = Client(server)
    let body = "{\"user\":\"rita\",\"password\":\"reading is enough\"}"
    #expect(
      try await client.send(.post, "/api/v1/session", body: body).status == .forbidden)
    let answer = try await client.send(
      .post, "/api/v1/session", host: "emg.example",
      headers: [.origin: "https://emg.example"], body: body)
    #expect(answer.status == .ok)
    let cookie = try #require(answer.headers[.setCookie])
    #expect(
      cookie.hasPrefix("__Host-") && cookie.contains("; Secure") && cookie.contains("HttpOnly"))
    #expect(
      try await client.send(
        .post, "/api/v1/session", host: "emg.example",
        headers: [.origin: "http://emg.example"], body: body
      ).status == .forbidden)
  }

  @Test("The description of the interface names every route of it")
  func openAPI() async throws {
    let fixture = try RegistryFixture(patients: 1)
    let server = try fixture.server()
    var client = Client(server)
    try await client.begin()
    let document = try await client.json(try await client.send(.get, "/api/v1/openapi.json"))
    #expect(document["openapi"] as? String == "3.1.0")
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    let count = paths.values.reduce(0) { $0 + $1.count }
    #expect(count == server.table.routes.count { $0.isInterface })
    #expect(paths["/api/v1/records/{record}/move"]?["post"] != nil)
  }
}
