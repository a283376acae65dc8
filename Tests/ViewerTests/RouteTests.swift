import Foundation
import Hummingbird
import Logging
import NIOEmbedded
import Recordings
import Testing

@testable import Viewer

/// Requests answered by the router itself, without a socket.
private struct Client {
  let server: ViewerServer
  let responder: any HTTPResponder<ViewerContext>
  var cookie: String?
  var token: String?

  init(_ server: ViewerServer) {
    self.server = server
    responder = server.router().buildResponder()
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, host: String = "127.0.0.1:8080",
    headers: HTTPFields = [:], body: String = ""
  ) async throws -> Response {
    var fields = headers
    if let cookie { fields[.cookie] = cookie }
    if let token, fields[.token] == nil { fields[.token] = token }
    let request = Request(
      head: .init(
        method: method, scheme: "http", authority: host, path: path, headerFields: fields),
      body: .init(buffer: ByteBuffer(string: body)))
    let context = ViewerContext(
      source: .init(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    return try await responder.respond(to: request, context: context)
  }

  /// Exchanges the start token for a session.
  mutating func begin() async throws {
    let start = try #require(URLComponents(string: server.startAddress)?.queryItems?[0].value)
    let response = try await send(
      .post, "/api/v1/session", body: "{\"token\":\"\(start)\"}")
    #expect(response.status == .ok)
    cookie = response.headers[.setCookie].flatMap {
      $0.split(separator: ";").first.map(String.init)
    }
    let cookie = try #require(cookie)
    token = server.sessions.token(cookie: String(cookie.split(separator: "=")[1]))
  }
}

extension HTTPFields.Element.Name {
  fileprivate static let token = HTTPFields.Element.Name("X-MotorPool-Token")!
  fileprivate static let site = HTTPFields.Element.Name("Sec-Fetch-Site")!
}

struct RouteTests {
  private static func server() throws -> ViewerServer {
    let folder = NSTemporaryDirectory() + "viewer-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/a.csv"
    var text = "EMG 1,EMG 2,EMG 3,EMG 4\n"
    for index in 0..<4_000 {
      text += (0..<4).map { "\((index * 37 + $0 * 11) % 101 - 50)" }.joined(separator: ",") + "\n"
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return try ViewerServer(
      ViewerConfiguration(
        file: path, options: RecordingOptions(samplingRate: 1_000, unit: .microvolt)),
      program: "/bin/false")
  }

  static let paths = [
    "/", "/recordings/1", "/runs/1", "/api/v1/recordings/1", "/api/v1/recordings/1/range",
    "/api/v1/runs", "/api/v1/jobs", "/api/v1/runs/1/units", "/api/v1/runs/1/edits",
  ]

  @Test("Nothing is told without a session, and nothing to a foreign host", arguments: paths)
  func needsSession(path: String) async throws {
    var client = Client(try Self.server())
    #expect(try await client.send(.get, path).status == .unauthorized)
    try await client.begin()
    for host in ["evil.example:8080", "127.0.0.1:80", "127.0.0.1.evil.example:8080", ""] {
      #expect(try await client.send(.get, path, host: host).status == .forbidden)
    }
    let answer = try await client.send(.get, path)
    #expect(answer.status != .unauthorized && answer.status != .forbidden)
    #expect(answer.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    #expect(answer.headers[.accessControlAllowOrigin] == nil)
  }

  @Test("A start token works once")
  func tokenWorksOnce() async throws {
    let server = try Self.server()
    let client = Client(server)
    let start = String(server.startAddress.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
    #expect(try await client.send(.get, start).status == .seeOther)
    #expect(try await client.send(.get, start).status == .unauthorized)
    #expect(try await client.send(.get, "/start?token=x").status == .unauthorized)
  }

  @Test("Changes need the session's token and come from this page only")
  func refusesForeignChanges() async throws {
    var client = Client(try Self.server())
    try await client.begin()
    let path = "/api/v1/recordings/1/excluded"
    let body = "{\"channels\":[1],\"seconds\":[[0.5,1]]}"
    #expect(try await client.send(.put, path, body: body).status == .ok)
    #expect(
      try await client.send(.put, path, headers: [.token: "x"], body: body).status == .forbidden)
    #expect(
      try await client.send(.put, path, headers: [.site: "cross-site"], body: body).status
        == .forbidden)
    #expect(
      try await client.send(.put, path, headers: [.origin: "http://evil.example"], body: body)
        .status == .forbidden)
    #expect(
      try await client.send(.put, path, body: "{\"channels\":[9],\"seconds\":[]}").status
        == .badRequest)
    let large = String(repeating: " ", count: 2 << 20)
    #expect(try await client.send(.put, path, body: large).status == .contentTooLarge)
  }

  @Test(
    "Paths do not leave the folder of assets",
    arguments: [
      "/assets/..%2F..%2Fetc%2Fpasswd", "/assets/%2e%2e", "/assets/.app.js", "/assets/app.js.map",
    ])
  func assetsStayInside(path: String) async throws {
    let client = Client(try Self.server())
    #expect(try await client.send(.get, path).status == .notFound)
  }

  @Test(
    "Ranges that make no sense are refused with a problem document",
    arguments: [
      "start=-1", "start=5&end=5", "start=9999999", "columns=0", "channels=77", "start=abc",
      "montage=x",
    ])
  func refusesRanges(query: String) async throws {
    var client = Client(try Self.server())
    try await client.begin()
    let answer = try await client.send(.get, "/api/v1/recordings/1/range?\(query)")
    #expect(answer.status == .badRequest)
    #expect(answer.headers[.contentType] == "application/problem+json")
  }

  @Test("A range is answered and not sent twice")
  func answersRange() async throws {
    var client = Client(try Self.server())
    try await client.begin()
    let path = "/api/v1/recordings/1/range?start=0&end=4000&columns=100"
    let answer = try await client.send(.get, path)
    #expect(answer.status == .ok)
    let tag = try #require(answer.headers[.eTag])
    #expect(
      try await client.send(.get, path, headers: [.ifNoneMatch: tag]).status == .notModified)
  }
}
