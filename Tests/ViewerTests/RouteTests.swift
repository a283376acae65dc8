import Foundation
import Hummingbird
import Recordings
import Testing

@testable import Viewer

struct RouteTests {
  /// A recording of four channels.
  static func file() throws -> (path: String, options: RecordingOptions) {
    let folder = NSTemporaryDirectory() + "viewer-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/a.csv"
    var text = "EMG 1,EMG 2,EMG 3,EMG 4\n"
    for index in 0..<4_000 {
      text += (0..<4).map { "\((index * 37 + $0 * 11) % 101 - 50)" }.joined(separator: ",") + "\n"
    }
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return (path, RecordingOptions(samplingRate: 1_000, unit: .microvolt))
  }

  static func server() throws -> ViewerServer {
    let file = try file()
    return try ViewerServer(
      ViewerConfiguration(file: file.path, options: file.options), program: "/bin/false")
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

  @Test("Metrics are there where asked for, count answers, and are told to this machine only")
  func metrics() async throws {
    let file = try Self.file()
    var configuration = ViewerConfiguration(file: file.path, options: file.options)
    let plain = Client(try ViewerServer(configuration, program: "/bin/false"))
    #expect(try await plain.send(.get, "/metrics").status == .unauthorized)
    configuration.servesMetrics = true
    let client = Client(try ViewerServer(configuration, program: "/bin/false"))
    #expect(try await client.send(.get, "/api/v1/jobs").status == .unauthorized)
    #expect(
      try await client.send(.get, "/metrics", host: "emg.example.org").status == .forbidden)
    let answer = try await client.send(.get, "/metrics")
    #expect(answer.status == .ok)
    let text = try await client.text(answer)
    #expect(text.contains("motorpool_answers_total{status=\"4xx\"} 2\n"))
    #expect(text.contains("motorpool_answer_seconds_count 2\n"))
    #expect(text.contains("motorpool_answer_seconds_bucket{le=\"+Inf\"} 2\n"))
    #expect(text.contains("motorpool_sessions 0\n"))
    // Each line is a comment or a name, labels and a number; nothing tells of the recording.
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(
        line.wholeMatch(of: /[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.e]+/) != nil)
    }
    #expect(!text.contains(file.path))
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
    let problem = try await client.json(answer)
    #expect(problem["title"] as? String == "Bad request" && problem["status"] as? Int == 400)
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
