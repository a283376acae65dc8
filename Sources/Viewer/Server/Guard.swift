import Foundation
import Hummingbird

/// Errors become problem documents (RFC 9457) or pages; every answer gets the headers that keep the
/// browser from loading, keeping or framing what it should not.
struct AnswerMiddleware: RouterMiddleware {
  let table: RouteTable

  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    + "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    + "frame-ancestors 'none'"

  func handle(
    _ request: Request, context: ViewerContext,
    next: (Request, ViewerContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound && !methods(request).isEmpty {
      response = Self.problem(
        status: 405, detail: "this address knows \(methods(request).joined(separator: ", "))",
        request)
      response.headers[HTTPField.Name("Allow")!] = methods(request).joined(separator: ", ")
    } catch let error as HTTPError {
      response = Self.problem(
        status: error.status.code, detail: error.body ?? error.status.reasonPhrase, request)
    } catch {
      let known = ViewerError(error)
      response = Self.problem(status: known.status, detail: known.description, request)
    }
    // A report brings a policy of its own, narrower than that of the pages.
    if response.headers[.contentSecurityPolicy] == nil {
      response.headers[.contentSecurityPolicy] = Self.policy
    }
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[HTTPField.Name("Referrer-Policy")!] = "no-referrer"
    response.headers[HTTPField.Name("Cross-Origin-Opener-Policy")!] = "same-origin"
    response.headers[HTTPField.Name("Cross-Origin-Resource-Policy")!] = "same-origin"
    if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    return response
  }

  /// Methods that an address knows, where the request's is none of them.
  private func methods(_ request: Request) -> [String] {
    let known = table.methods(request.uri.path)
    return known.contains(request.method) ? [] : known.map(\.rawValue)
  }

  private struct Problem: Encodable {
    var type = "about:blank"
    let title: String
    let status: Int
    let detail: String
  }

  /// What a status is called; the framework knows no names for numbers.
  static func name(_ status: Int) -> String {
    [
      400: "Bad request", 401: "Not signed in", 403: "Forbidden", 404: "Not found",
      405: "Method not allowed", 408: "Too slow", 409: "Conflict", 413: "Too large",
      415: "Unsupported media type", 422: "Cannot be used", 429: "Too many tries",
      500: "Internal error", 507: "Cannot be written",
    ][status] ?? "Error \(status)"
  }

  static func problem(status: Int, detail: String, _ request: Request) -> Response {
    let code = HTTPResponse.Status(code: status)
    if request.uri.path.hasPrefix("/api/") || request.method != .get {
      let problem = Problem(title: name(status), status: status, detail: detail)
      let data = (try? JSONEncoder().encode(problem)) ?? Data("{}".utf8)
      return Response(
        status: code, headers: [.contentType: "application/problem+json"],
        body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
    return PageLayout.response(
      PageLayout.page(
        title: name(status),
        body: [
          .init("main", [:], [.init("h1", text: name(status)), .init("p", text: detail)])
        ]), status: code)
  }
}

/// Lets through what comes from the viewer's own address, its pages and a session of it.
///
/// Loopback is no wall: any page in the browser can send requests there, and a foreign name can be
/// made to point to it, so host, origin and a token of the session are checked.
struct GuardMiddleware: RouterMiddleware {
  let server: ViewerServer
  let table: RouteTable

  func handle(
    _ request: Request, context: ViewerContext,
    next: (Request, ViewerContext) async throws -> Response
  ) async throws -> Response {
    let host = request.head.authority?.lowercased() ?? ""
    // Counts of the server are for this machine, not for whoever a proxy lets in.
    let hosts = request.uri.path == "/metrics" ? server.ownHosts : server.hosts
    guard hosts.contains(host) else {
      throw ViewerError(.forbidden, "this address is not served")
    }
    var context = context
    if server.isBehindProxy {
      // The proxy appends the address that it saw; what stands before came from outside.
      let forwarded = request.headers[HTTPField.Name("X-Forwarded-For")!]
      if let last = forwarded?.split(separator: ",").last {
        context.client = last.trimmingCharacters(in: .whitespaces)
      }
    }
    if let cookie = request.cookies[server.cookieName]?.value {
      context.session = server.sessions.holder(cookie: cookie)
    }
    let isSafe = request.method == .get || request.method == .head
    if !isSafe {
      if let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!], site != "same-origin" {
        throw ViewerError(.forbidden, "requests from other pages are refused")
      }
      let origin = "\(server.isEncrypted ? "https" : "http")://\(host)"
      if let named = request.headers[.origin], named.lowercased() != origin {
        throw ViewerError(.forbidden, "requests from other pages are refused")
      }
    }
    if !table.isOpen(request.method, request.uri.path) {
      guard let token = context.token else {
        if server.accounts != nil, isSafe, !request.uri.path.hasPrefix("/api/") {
          return Response(status: .seeOther, headers: [.location: "/login"])
        }
        throw ViewerError(
          .unauthorised,
          server.accounts == nil
            ? "open the start address that the program printed; each works once"
            : "sign in first")
      }
      if !isSafe && request.headers[HTTPField.Name("X-MotorPool-Token")!] != token {
        throw ViewerError(.forbidden, "the request lacks the session's token")
      }
    }
    return try await next(request, context)
  }
}

extension RouteTable.Route {
  /// What the log says of a change that begins (102 Processing): the entry with its outcome follows.
  static let begun = 102

  /// The handler behind the check of the role, with its note in the access log.
  ///
  /// A change is noted before it is made, so that none can be made that the log knows nothing of, and
  /// once more with its outcome; a page is noted before it is told.
  func guarded(by log: AccessLog?) -> RouteTable.Handler {
    { request, context in
      guard let role else { return try await handler(request, context) }
      let run = context.parameters.get("run")
      let recording =
        context.parameters.get("id")
        ?? (path == "api/v1/runs"
          ? request.uri.queryParameters["recording"].map { String($0) } : nil)
      let subject =
        context.parameters.get("patient") ?? context.parameters.get("record") ?? recording ?? run
      // The recording that was named at the start is number 1, and of no patient of the registry; its
      // runs have numbers without a hyphen.
      let isPatients =
        isNotedOnce && (run?.contains("-") ?? (recording.map { $0 != "1" } ?? false))
      func note(_ status: Int) throws {
        guard isLogged || status == 403 || isPatients else { return }
        let key = "\(context.user) \(subject ?? "")"
        if isPatients, status < 400, log?.isRecent(key) == true { return }
        try log?.note(
          user: context.user, client: context.client, route: "\(method.rawValue) \(path)",
          subject: subject, status: status)
        if isPatients, status < 400 { log?.remember(key) }
      }
      guard let session = context.session, session.role >= role else {
        try note(403)
        throw ViewerError(.forbidden, "this needs the role \(role.rawValue)")
      }
      if !isSafe { try note(Self.begun) }
      // A change stands whatever becomes of the second note: who made it is in the log already.
      func noteOutcome(_ status: Int) throws {
        if isSafe { try note(status) } else { try? note(status) }
      }
      do {
        try checkQuery(request)
        let response = try await handler(request, context)
        try noteOutcome(response.status.code)
        return response
      } catch let error as HTTPError {
        try noteOutcome(error.status.code)
        throw error
      } catch {
        try noteOutcome(ViewerError(error).status)
        throw error
      }
    }
  }
}
