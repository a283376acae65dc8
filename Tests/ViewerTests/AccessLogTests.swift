import Foundation
import Hummingbird
import Logging
import NIOEmbedded
import Synchronization
import Testing

@testable import Viewer

struct AccessLogTests {
  @Test("The access log tells who looked at whom, and a change of it shows")
  func accessLog() async throws {
    let fixture = try RegistryFixture(patients: 2, accounts: SafetyTests.people)
    let server = try fixture.server()
    var client = Client(server)
    #expect(try await client.signIn("rita", "wrong") == .unauthorized)
    #expect(try await client.signIn("rita", "reading is enough") == .ok)
    _ = try await client.send(.get, "/patients/P2")
    _ = try await client.send(
      .post, "/api/v1/patients/P2/erase", body: "{\"confirm\":\"P2\",\"reason\":\"x\"}")
    let entries = try #require(try server.log?.entries())
    #expect(
      entries.map(\.route) == [
        "sign in", "sign in", "GET patients/:patient", "POST api/v1/patients/:patient/erase",
      ])
    #expect(entries.map(\.status) == [401, 200, 200, 403])
    #expect(entries.map(\.subject) == [nil, nil, "P2", "P2"])
    #expect(entries.allSatisfy { $0.user == "rita" })
    // A second viewer would break the chain.
    #expect(throws: ViewerError.self) { try fixture.server() }
    let path = fixture.path + ".users.log"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"subject\":\"P2\"", with: "\"subject\":\"P1\"")
      .write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ViewerError.self) { try server.log?.entries() }
  }

  @Test("A change is noted before it is made; where that fails nothing is changed")
  func changesAreLogged() async throws {
    let fixture = try RegistryFixture(patients: 2, accounts: SafetyTests.people)
    let server = try fixture.server()
    var client = Client(server)
    #expect(try await client.signIn("ed", "staple of editors") == .ok)
    let path = "/api/v1/records/1/correct"
    let body = "{\"changes\":{\"arm\":\"other\"},\"reason\":\"typo\"}"
    #expect(try await client.send(.post, path, body: body).status == .ok)
    let entries = try #require(try server.log?.entries())
    #expect(entries.suffix(2).map(\.status) == [102, 200])
    #expect(entries.suffix(2).allSatisfy { $0.user == "ed" && $0.subject == "1" })
    // A disk that is full after some bytes.
    let full = fixture.path + ".full.log"
    let isFull = Mutex(false)
    let log = try AccessLog(path: full) { descriptor, data in
      let part = isFull.withLock { $0 } ? data.prefix(10) : data
      return part.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
    let calls = Mutex(0)
    for method: HTTPRequest.Method in [.post, .get] {
      let route = RouteTable.Route(
        method: method, path: "api/v1/patients/:patient", role: .reader, summary: "", query: [],
        body: []
      ) { _, _ in
        calls.withLock { $0 += 1 }
        return Response(status: .ok)
      }
      var context = ViewerContext(
        source: .init(channel: EmbeddedChannel(), logger: Logger(label: "test")))
      context.session = .init(token: "", user: "ed", role: .editor, isAccount: true)
      let request = Request(
        head: .init(method: method, scheme: "http", authority: "", path: "/"),
        body: .init(buffer: ByteBuffer()))
      let handler = route.guarded(by: log)
      isFull.withLock { $0 = false }
      _ = try await handler(request, context)
      isFull.withLock { $0 = true }
      let before = calls.withLock { $0 }
      await #expect(throws: ViewerError.self) { _ = try await handler(request, context) }
      // A page is made and not told; a change is not made.
      #expect(calls.withLock { $0 } == before + (method == .get ? 1 : 0))
    }
    // What was written in half is taken back: the chain holds.
    #expect(try log.entries().map(\.status) == [102, 200, 200])
  }
}
