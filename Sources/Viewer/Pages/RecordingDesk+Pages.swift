import Foundation
import Hummingbird
import Reports

extension RecordingDesk {
  /// The pages of a recording and its runs.
  func addPages(to table: inout RouteTable) {
    table.get("recordings/:id", .reader, "The recording as a page") { [self] _, context in
      guard context.parameters.get("id") == "1" else {
        throw ViewerError.notFound("there is no such recording")
      }
      return page(
        opened.recording.source.fileName, context, script: "recording.js",
        waiting: "Reading the recording …")
    }
    table.get("runs/:run", .reader, "A run and its editor as a page") { [self] _, context in
      guard let id = context.parameters.get("run", as: Int.self) else {
        throw ViewerError.notFound("there is no such run")
      }
      let run = try await editors.editor(id, desk: self).run
      return page(
        "Run \(id) of \(opened.recording.source.fileName)", context, script: "run.js",
        data: [("run", "\(id)")], waiting: "Reading \(run.units.count) units …")
    }
  }

  private func page(
    _ title: String, _ context: ViewerContext, script: String,
    data: [(name: String, value: String)] = [], waiting: String
  ) -> Response {
    PageLayout.response(
      PageLayout.page(
        title: title, script: script, token: context.token, data: data,
        body: [
          PageLayout.header(
            opened.recording.source.fileName, context: context, hasRecording: true,
            hasRegistry: configuration.registry != nil),
          .init("main", ["id": "page"], [.init("p", text: waiting)]),
        ]))
  }
}
