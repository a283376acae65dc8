import Foundation
import Hummingbird
import Reports

/// The frame of every page: head, navigation, content, one script.
enum PageLayout {
  static func page(
    title: String, script: String? = nil, token: String? = nil,
    data: [(name: String, value: String)] = [], body: [MarkupElement]
  ) -> String {
    var head: [MarkupElement] = [
      .init("meta", ["charset": "utf-8"]),
      .init("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      .init("title", text: "\(title) – MotorPool"),
      .init("link", ["rel": "stylesheet", "href": "/assets/style.css"]),
      .init("link", ["rel": "icon", "href": "data:,"]),
    ]
    if let token { head.append(.init("meta", ["name": "token", "content": token])) }
    var content = MarkupElement("body", body)
    for (name, value) in data { content.set("data-\(name)", value) }
    if let script {
      head.append(.init("script", ["type": "module", "src": "/assets/\(script)"]))
    }
    return "<!DOCTYPE html>\n"
      + MarkupElement("html", ["lang": "en"], [.init("head", head), content]).rendered()
  }

  static func response(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(string: html)))
  }

  /// The bar above every page.
  static func header(
    _ place: String, context: ViewerContext, hasRecording: Bool, hasRegistry: Bool = true,
    patient: String? = nil
  ) -> MarkupElement {
    var links: [(String, String)] = []
    if hasRegistry { links += [("Patients", "/patients"), ("Cohort", "/cohort")] }
    if let patient { links.append((patient, RegistryDesk.link(patient))) }
    if hasRecording { links.append(("Recording", "/recordings/1")) }
    if hasRegistry, context.session?.role == .admin {
      links += [("Access log", "/access-log"), ("Users", "/users")]
    }
    var header = MarkupElement(
      "header", [:],
      [
        .init("strong", text: place),
        .init("nav", ["aria-label": "Pages"], links.map { .init("a", ["href": $0.1], text: $0.0) }),
      ])
    if let session = context.session, session.isAccount {
      header.append(
        .init("span", ["class": "soft"], text: "\(session.user), \(session.role.rawValue)"))
      header.append(
        PageForm(
          action: "/api/v1/session", method: "DELETE", button: "Sign out", next: "/login",
          fields: []
        ).element())
    }
    header.append(.init("small", text: "Research use only; not for diagnosis."))
    return header
  }
}
