import Foundation
import Hummingbird

/// All routes in one table: who may use each, what it does, what it takes.
///
/// The router, the check of roles, the access log and the description of the interface are made from
/// it, so that none of them can forget a route.
struct RouteTable: Sendable {
  typealias Handler = @Sendable (Request, ViewerContext) async throws -> Response

  /// One value of a query or of a body.
  struct Field: Sendable {
    enum Form: String, Sendable { case string, integer, number, boolean, array, object }
    let name: String
    let form: Form
    let isRequired: Bool
    /// The values that a text may have; empty for any.
    let choices: [String]
    /// Limits of a number.
    let range: ClosedRange<Double>?
    /// Whether a text is a day, YYYY-MM-DD.
    let isDay: Bool

    init(
      _ name: String, _ form: Form = .string, required: Bool = false, choices: [String] = [],
      range: ClosedRange<Double>? = nil, isDay: Bool = false
    ) {
      self.name = name
      self.form = form
      isRequired = required
      self.choices = choices
      self.range = range
      self.isDay = isDay
    }

    /// Refuses a text that is no value of the field; an empty one on a page is none.
    ///
    /// - Throws: `ViewerError` of kind `badRequest`.
    func check(_ text: String, isPage: Bool) throws {
      if isPage && text.isEmpty { return }
      let shown = "\(name) is \"\(text.prefix(24))\""
      switch form {
      case .integer, .number:
        let value = form == .integer ? Int(text).map(Double.init) : Double(text)
        guard let value, value.isFinite, range?.contains(value) ?? true else {
          let limits = range.map { " from \($0.lowerBound) to \($0.upperBound)" } ?? ""
          throw ViewerError.badRequest(
            "\(shown), expected a \(form == .integer ? "whole number" : "number")\(limits)")
        }
      case .string where !choices.isEmpty:
        guard choices.contains(text) else {
          throw ViewerError.badRequest(
            "\(shown), expected \(choices.filter { !$0.isEmpty }.joined(separator: ", "))")
        }
      default: break
      }
    }

    /// The JSON Schema of a value; a text that is required is not empty.
    var schema: [String: Any] {
      var schema: [String: Any] = ["type": form.rawValue]
      if !choices.isEmpty { schema["enum"] = choices }
      if let range {
        schema["minimum"] = range.lowerBound
        schema["maximum"] = range.upperBound
      }
      if isDay { schema["format"] = "date" }
      if form == .string, isRequired, choices.isEmpty, !isDay { schema["minLength"] = 1 }
      return schema
    }
  }

  struct Route: Sendable {
    let method: HTTPRequest.Method
    /// Path with `:name` for parameters, without the first slash.
    let path: String
    /// The lowest role that may use it; nil for what works without a session.
    let role: Role?
    let summary: String
    let query: [Field]
    let body: [Field]
    /// Whether the body is a file as it is.
    var takesFile = false
    let handler: Handler

    var isSafe: Bool { method == .get }

    /// Refuses queries that the description does not allow.
    ///
    /// - Throws: `ViewerError` of kind `badRequest`.
    func checkQuery(_ request: Request) throws {
      for field in query {
        for text in request.uri.queryParameters.getAll(field.name) {
          try field.check(text, isPage: !isInterface)
        }
      }
    }
    var isInterface: Bool { path.hasPrefix("api/") }

    /// Whether its uses are noted: every change, every page, and all that tells of patients.
    var isLogged: Bool {
      if role == nil { return false }
      let stem = isInterface ? path.dropFirst("api/v1/".count) : Substring(path)
      return !isSafe || !isInterface
        || ["patients", "cohort", "records", "warnings", "jobs", "courses"]
          .contains { stem.hasPrefix($0) }
    }

    /// Whether its uses come many times a minute and are noted once in a while: signals and units of
    /// recordings.
    var isNotedOnce: Bool {
      isSafe && ["api/v1/recordings", "api/v1/runs"].contains { path.hasPrefix($0) }
    }
  }

  private(set) var routes: [Route] = []

  mutating func get(
    _ path: String, _ role: Role?, _ summary: String, query: [Field] = [],
    _ handler: @escaping Handler
  ) {
    add(.get, path, role, summary, query: query, body: [], handler)
  }

  mutating func post(
    _ path: String, _ role: Role?, _ summary: String, body: [Field] = [],
    _ handler: @escaping Handler
  ) {
    add(.post, path, role, summary, query: [], body: body, handler)
  }

  /// A route whose body is a file as it is.
  mutating func upload(
    _ path: String, _ role: Role, _ summary: String, query: [Field], _ handler: @escaping Handler
  ) {
    routes.append(
      Route(
        method: .post, path: path, role: role, summary: summary, query: query, body: [],
        takesFile: true, handler: handler))
  }

  mutating func put(
    _ path: String, _ role: Role?, _ summary: String, body: [Field], _ handler: @escaping Handler
  ) {
    add(.put, path, role, summary, query: [], body: body, handler)
  }

  mutating func delete(
    _ path: String, _ role: Role?, _ summary: String, _ handler: @escaping Handler
  ) {
    add(.delete, path, role, summary, query: [], body: [], handler)
  }

  private mutating func add(
    _ method: HTTPRequest.Method, _ path: String, _ role: Role?, _ summary: String, query: [Field],
    body: [Field], _ handler: @escaping Handler
  ) {
    routes.append(
      Route(
        method: method, path: path, role: role, summary: summary, query: query, body: body,
        handler: handler))
  }

  /// Methods of the routes of a path; empty where there is none.
  func methods(_ path: String) -> [HTTPRequest.Method] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    return routes.filter { route in
      let own = route.path.split(separator: "/", omittingEmptySubsequences: true)
      return own.count == parts.count
        && zip(own, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }.map(\.method)
  }

  /// Whether a request needs no session.
  func isOpen(_ method: HTTPRequest.Method, _ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    return routes.contains { route in
      let own = route.path.split(separator: "/", omittingEmptySubsequences: true)
      return route.role == nil && route.method == method && own.count == parts.count
        && zip(own, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }
  }
}

/// Routes with something in common, and what their answers are made with.
protocol RouteGroup: Sendable {
  func add(to table: inout RouteTable)
}

extension RouteGroup {
  /// Any value as a JSON answer.
  func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
  }

  /// The body of a request as a value; at most 1 MB, and at most `LimitedBody.limit` on its way.
  func body<Value: Decodable & Sendable>(
    _ request: Request, as type: Value.Type
  ) async throws -> Value {
    let data = try await LimitedBody.read(request)
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw ViewerError.badRequest("the body is not the JSON that is expected")
    }
  }
}

/// Reads the body of a request within limits of size and time.
enum LimitedBody {
  /// Largest body in bytes.
  static let largest = 1 << 20
  /// Seconds that a body may take to arrive.
  static let limit = 20.0

  static func read(_ request: Request, seconds: Double = limit) async throws -> Data {
    try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask {
        do {
          let buffer = try await request.body.collect(upTo: largest)
          return Data(buffer.readableBytesView)
        } catch is CancellationError {
          throw ViewerError(.tooSlow, "the request did not arrive in time")
        } catch {
          throw ViewerError(.tooLarge, "the request holds more than 1 MB")
        }
      }
      group.addTask {
        try await Task.sleep(for: .seconds(seconds))
        throw ViewerError(.tooSlow, "the request did not arrive within \(Int(seconds)) s")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? Data()
    }
  }
}
