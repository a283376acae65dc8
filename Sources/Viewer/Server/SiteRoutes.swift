import Foundation
import Hummingbird
import Reports

/// Start, sessions, assets, accounts and the access log.
struct SiteRoutes: RouteGroup {
  let server: ViewerServer

  private struct Begun: Encodable { let token: String }
  private struct Start: Decodable {
    var token: String?
    var user: String?
    var password: String?
  }
  private struct UserLine: Encodable {
    let name: String
    let role: Role
    let isDisabled: Bool
    let created: String
  }

  func add(to table: inout RouteTable) {
    addSession(to: &table)
    table.get("", .reader, "The first page") { _, _ in
      Response(
        status: .seeOther,
        headers: [.location: server.patients == nil ? "/recordings/1" : "/patients"])
    }
    table.get("assets/:name", nil, "A script or style") { _, context in
      guard let asset = Assets.read(context.parameters.get("name") ?? "") else {
        throw ViewerError.notFound("there is no such file")
      }
      return Response(
        status: .ok, headers: [.contentType: asset.type, .cacheControl: "no-cache"],
        body: .init(byteBuffer: ByteBuffer(bytes: asset.data)))
    }
    table.get("api/v1/openapi.json", .reader, "This description") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(
          byteBuffer: ByteBuffer(
            string: OpenAPIDocument(server.table, cookie: server.cookieName).text)))
    }
    if server.log != nil { addAdministration(to: &table) }
    if server.configuration.servesMetrics {
      table.get("metrics", nil, "What the server counts about itself, for Prometheus") { _, _ in
        let jobs = await server.jobs.states.filter { $0.kind == "decomposition" }
        let text = server.metrics.text(
          sessions: server.sessions.count,
          jobs: Dictionary(grouping: jobs, by: \.status).mapValues(\.count))
        return Response(
          status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
          body: .init(byteBuffer: ByteBuffer(string: text)))
      }
    }
  }

  private func addSession(to table: inout RouteTable) {
    table.get("start", nil, "Begin a session by the start address", query: [.init("token")]) {
      request, _ in
      guard let text = request.uri.queryParameters["token"],
        let session = server.sessions.begin(String(text))
      else {
        throw ViewerError(
          .unauthorised, "this start address was used already; take the last one that was printed")
      }
      server.announce.withLock { $0 }(server.startAddress)
      return Response(
        status: .seeOther,
        headers: [.location: "/", .setCookie: server.cookie(session.cookie)])
    }
    table.get("login", nil, "Sign in") { _, _ in
      guard server.accounts != nil else {
        throw ViewerError.notFound("there are no users; open the start address that was printed")
      }
      return PageLayout.response(
        PageLayout.page(
          title: "Sign in", script: "forms.js",
          body: [
            .init(
              "main", [:],
              [
                .init("h1", text: "MotorPool"),
                PageForm(
                  action: "/api/v1/session", button: "Sign in", next: "/",
                  fields: [
                    .init("user", "User", .text, autocomplete: "username"),
                    .init("password", "Password", .password, autocomplete: "current-password"),
                  ]
                ).element(),
              ])
          ]))
    }
    table.post(
      "api/v1/session", nil, "Begin a session by the start token, or by user and password",
      body: [.init("token"), .init("user"), .init("password")]
    ) { request, context in
      let start = try await body(request, as: Start.self)
      let session: (cookie: String, token: String)
      if let signIn = server.signIn {
        session = try await signedIn(start, signIn, context)
      } else {
        guard let token = start.token, let begun = server.sessions.begin(token) else {
          throw ViewerError(.unauthorised, "the token is not the one that was printed last")
        }
        session = begun
        server.announce.withLock { $0 }(server.startAddress)
      }
      if let old = request.cookies[server.cookieName]?.value { server.sessions.end(cookie: old) }
      var response = try json(Begun(token: session.token))
      response.headers[.setCookie] = server.cookie(session.cookie)
      return response
    }
    table.delete("api/v1/session", .reader, "Sign out") { request, _ in
      if let cookie = request.cookies[server.cookieName]?.value {
        server.sessions.end(cookie: cookie)
      }
      return Response(status: .noContent)
    }
  }

  private func signedIn(
    _ start: Start, _ signIn: SignIn, _ context: ViewerContext
  ) async throws -> (cookie: String, token: String) {
    guard let user = start.user, let password = start.password else {
      throw ViewerError.badRequest("\"user\" and \"password\" are missing")
    }
    func note(_ status: Int) throws {
      try server.log?.note(
        user: String(user.prefix(64)), client: context.client, route: "sign in", subject: nil,
        status: status)
    }
    do {
      guard try await signIn.accepts(user, password: password, client: context.client) else {
        throw ViewerError(.unauthorised, "user or password is wrong")
      }
    } catch {
      try note(ViewerError(error).status)
      throw error
    }
    try note(200)
    return server.sessions.begin(account: user)
  }

  private func addAdministration(to table: inout RouteTable) {
    table.get(
      "api/v1/access-log", .admin, "Who looked at what",
      query: [.init("last", .integer, range: 0...1_000_000)]
    ) {
      request, _ in
      let last = request.uri.queryParameters["last"].flatMap { Int($0) } ?? 1_000
      return try json(Array(try (server.log?.entries() ?? []).suffix(max(0, last))))
    }
    table.get("api/v1/users", .admin, "The accounts") { _, _ in
      try json(
        try (server.accounts?.all() ?? []).map {
          UserLine(
            name: $0.name, role: $0.role, isDisabled: $0.isDisabled, created: $0.created)
        })
    }
    table.get("access-log", .admin, "The access log as a page") { _, context in
      let entries = try server.log?.entries() ?? []
      return page(
        "Access log", context,
        [
          .init("h1", text: "Access log"),
          .init(
            "p", ["class": "soft"],
            text:
              "\(entries.count) entries, each with the hash of the one before: the chain holds. "
              + "The last 500 are shown."),
          PageTable.element(
            ["Entry", "Time", "User", "From", "What", "Patient or record", "Answer"],
            entries.suffix(500).reversed().map {
              [
                "\($0.seq)", $0.at, $0.user, $0.client, $0.route, $0.subject ?? "",
                "\($0.status)",
              ]
            }),
        ])
    }
    table.get("users", .admin, "The accounts as a page") { _, context in
      let accounts = try server.accounts?.all() ?? []
      return page(
        "Users", context,
        [
          .init("h1", text: "Users"),
          .init(
            "p", ["class": "soft"],
            text: accounts.isEmpty
              ? "There are none: whoever opens the start address may do everything. Users are added on "
                + "this machine by motorpool user add."
              : "Users are added, changed and disabled on the server's machine by motorpool user."),
          PageTable.element(
            ["User", "Role", "State", "Since"],
            accounts.map {
              [$0.name, $0.role.rawValue, $0.isDisabled ? "disabled" : "may sign in", $0.created]
            }),
        ])
    }
  }

  private func page(
    _ title: String, _ context: ViewerContext, _ content: [MarkupElement]
  ) -> Response {
    PageLayout.response(
      PageLayout.page(
        title: title, script: "forms.js", token: context.token,
        body: [
          PageLayout.header(title, context: context, hasRecording: server.recordings.file != nil),
          .init("main", [:], content),
        ]))
  }
}
