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

  /// The bar above every page of a recording.
  static func header(_ recording: String, links: [(String, String)]) -> MarkupElement {
    .init(
      "header", [:],
      [
        .init("strong", text: recording),
        .init("nav", ["aria-label": "Pages"], links.map { .init("a", ["href": $0.1], text: $0.0) }),
        .init("small", text: "Research use only; not for diagnosis."),
      ])
  }
}
