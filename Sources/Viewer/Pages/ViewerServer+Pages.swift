import Foundation
import Hummingbird
import Reports

extension ViewerServer {
  /// Pages, assets and the session.
  func addPages(to router: Router<ViewerContext>) {
    router.get("start") { [self] request, _ in
      guard let text = request.uri.queryParameters["token"],
        let session = sessions.begin(String(text))
      else {
        throw ViewerError(
          .unauthorised, "this start address was used already; take the last one that was printed")
      }
      announce.withLock { $0 }(startAddress)
      return Response(
        status: .seeOther,
        headers: [
          .location: "/",
          .setCookie: "\(cookieName)=\(session.cookie); Path=/; HttpOnly; SameSite=Strict",
        ])
    }
    router.post("api/v1/session") { [self] request, _ in
      struct Start: Decodable { let token: String }
      struct Begun: Encodable { let token: String }
      let start = try await body(request, as: Start.self)
      guard let session = sessions.begin(start.token) else {
        throw ViewerError(.unauthorised, "the token is not the one that was printed last")
      }
      announce.withLock { $0 }(startAddress)
      var response = try json(Begun(token: session.token))
      response.headers[.setCookie] =
        "\(cookieName)=\(session.cookie); Path=/; HttpOnly; SameSite=Strict"
      return response
    }
    router.delete("api/v1/session") { [self] request, _ in
      if let cookie = request.cookies[cookieName]?.value { sessions.end(cookie: cookie) }
      return Response(status: .noContent)
    }
    router.get("assets/:name") { _, context in
      guard let asset = Assets.read(context.parameters.get("name") ?? "") else {
        throw ViewerError.notFound("there is no such file")
      }
      return Response(
        status: .ok, headers: [.contentType: asset.type, .cacheControl: "no-cache"],
        body: .init(byteBuffer: ByteBuffer(bytes: asset.data)))
    }
    router.get("/") { _, _ in
      Response(status: .seeOther, headers: [.location: "/recordings/1"])
    }
    router.get("recordings/:id") { [self] _, context in
      guard context.parameters.get("id") == "1" else {
        throw ViewerError.notFound("there is no such recording")
      }
      let name = opened.recording.source.fileName
      return PageLayout.response(
        PageLayout.page(
          title: name, script: "recording.js", token: context.token,
          body: [
            PageLayout.header(name, links: []),
            .init("main", ["id": "page"], [.init("p", text: "Reading the recording …")]),
          ]))
    }
    router.get("runs/:run") { [self] _, context in
      try await runPage(context)
    }
  }

  private func runPage(_ context: ViewerContext) async throws -> Response {
    guard let id = context.parameters.get("run", as: Int.self) else {
      throw ViewerError.notFound("there is no such run")
    }
    let run = try await editors.editor(id, server: self).run
    let name = opened.recording.source.fileName
    return PageLayout.response(
      PageLayout.page(
        title: "Run \(id) of \(name)", script: "run.js", token: context.token,
        data: [("run", "\(id)")],
        body: [
          PageLayout.header(name, links: [("Recording", "/recordings/1")]),
          .init(
            "main", ["id": "page"],
            [.init("p", text: "Reading \(run.units.count) units …")]),
        ]))
  }
}
