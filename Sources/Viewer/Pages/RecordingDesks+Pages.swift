import Foundation
import Hummingbird
import Reports

extension RecordingDesks {
  /// The pages of a recording and its runs.
  func addPages(to table: inout RouteTable) {
    table.get("recordings/:id", .reader, "A recording as a page") { [self] _, context in
      let desk = try await desk(context)
      return try page(
        desk.title, desk, context, script: "recording.js", waiting: "Reading the recording …")
    }
    table.get("runs/:run", .reader, "A run and its editor as a page") { [self] _, context in
      let (desk, editor) = try await run(context)
      let run = editor.run
      return try page(
        "Run \(run.id) of \(desk.title)", desk, context, script: "run.js",
        data: [("run", desk.name(ofRun: run.id))],
        waiting: "Reading \(run.units.count) units …")
    }
  }

  private func page(
    _ title: String, _ desk: RecordingDesk, _ context: ViewerContext, script: String,
    data: [(name: String, value: String)] = [], waiting: String
  ) throws -> Response {
    PageLayout.response(
      PageLayout.page(
        title: title, script: script, token: context.token,
        data: data + [("recording", "\(desk.id)")],
        body: [
          PageLayout.header(
            desk.title, context: context, hasRecording: file != nil,
            hasRegistry: patients != nil, patient: try patients?.owner(of: desk.id)),
          .init("main", ["id": "page"], [.init("p", text: waiting)]),
        ]))
  }
}
