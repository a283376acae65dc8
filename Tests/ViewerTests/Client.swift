import Decomposition
import Foundation
import Hummingbird
import Logging
import NIOEmbedded
import Recordings
import Synchronization
import Testing

@testable import Viewer

/// Requests answered by the router itself, without a socket.
struct Client {
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

  /// Sends bytes as they are.
  func send(_ method: HTTPRequest.Method, _ path: String, data: Data) async throws -> Response {
    var fields: HTTPFields = [.contentLength: "\(data.count)"]
    fields[.cookie] = cookie
    fields[.token] = token
    let request = Request(
      head: .init(
        method: method, scheme: "http", authority: "127.0.0.1:8080", path: path,
        headerFields: fields),
      body: .init(buffer: ByteBuffer(bytes: data)))
    return try await responder.respond(
      to: request,
      context: ViewerContext(
        source: .init(channel: EmbeddedChannel(), logger: Logger(label: "test"))))
  }

  /// The separation filters that a path gives.
  func model(_ path: String) async throws -> SeparationModel {
    let response = try await send(.get, path)
    try #require(response.status == .ok)
    return try SeparationModel(decoding: try await data(response))
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
    token = server.sessions.holder(cookie: String(cookie.split(separator: "=")[1]))?.token
  }

  /// Signs in with a password.
  mutating func signIn(_ user: String, _ password: String) async throws -> HTTPResponse.Status {
    let response = try await send(
      .post, "/api/v1/session", body: "{\"user\":\"\(user)\",\"password\":\"\(password)\"}")
    guard response.status == .ok else { return response.status }
    cookie = response.headers[.setCookie].flatMap {
      $0.split(separator: ";").first.map(String.init)
    }
    token = try await json(response)["token"] as? String
    return .ok
  }

  /// The body of an answer.
  func data(_ response: Response) async throws -> Data {
    let writer = BodyCollector()
    try await response.body.write(writer)
    return Data(writer.bytes.withLock { $0 })
  }

  /// The body of an answer as text.
  func text(_ response: Response) async throws -> String {
    String(decoding: try await data(response), as: UTF8.self)
  }

  /// The body of an answer as an object.
  func json(_ response: Response) async throws -> [String: Any] {
    let data = Data(try await text(response).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}

extension HTTPFields.Element.Name {
  static let token = HTTPFields.Element.Name("X-MotorPool-Token")!
  static let site = HTTPFields.Element.Name("Sec-Fetch-Site")!
}

/// Keeps what an answer writes.
final class BodyCollector: ResponseBodyWriter, Sendable {
  let bytes = Mutex<[UInt8]>([])

  func write(_ buffer: ByteBuffer) async throws {
    bytes.withLock { $0 += buffer.readableBytesView }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
