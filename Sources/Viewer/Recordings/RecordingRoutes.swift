import Decomposition
import Foundation
import Hummingbird

extension RecordingDesks {
  private struct RunRequest: Decodable {
    var recording: Int64?
    var silhouette: Double?
    var seed: UInt64?
  }

  /// Routes of recordings.
  func addRecordingRoutes(to table: inout RouteTable) {
    table.get("api/v1/recordings/:id", .reader, "A recording and its channels") {
      [self] _, context in
      try json(try await desk(context).description())
    }
    table.get(
      "api/v1/recordings/:id/range", .reader, "Signals of a range, two values a column (MPR1)",
      query: [
        .init("start", .integer, range: 0...1e12), .init("end", .integer, range: 1...1e12),
        .init("columns", .integer, range: 1...1e6), .init("channels"),
        .init("montage", choices: OpenedRecording.Montage.allCases.map(\.rawValue)),
      ]
    ) { [self] request, context in
      try await desk(context).range(request)
    }
    table.put(
      "api/v1/recordings/:id/excluded", .editor, "Leave channels and stretches out",
      body: [.init("channels", .array, required: true), .init("seconds", .array, required: true)]
    ) { [self] request, context in
      let desk = try await desk(context)
      return try json(
        try await desk.opened.exclude(
          try await body(request, as: OpenedRecording.Excluded.self)))
    }
    table.get(
      "api/v1/runs", .reader, "Runs over a recording",
      query: [.init("recording", .integer, range: 1...1e9)]
    ) { [self] request, _ in
      let text = request.uri.queryParameters["recording"].map(String.init) ?? "1"
      let desk = try await desk(text)
      return try json(
        desk.runs.ids().reversed().compactMap { id in
          (try? desk.runs.run(id, recording: desk.opened.recording)).map(desk.line)
        })
    }
    table.post(
      "api/v1/runs", .editor, "Decompose a recording",
      body: [
        .init("recording", .integer, range: 1...1e9), .init("silhouette", .number, range: 0...1),
        .init("seed", .integer, range: 0...1e15),
      ]
    ) { [self] request, context in
      let wanted = try await body(request, as: RunRequest.self)
      let desk = try await desk("\(wanted.recording ?? 1)")
      var settings = ArrayConfiguration()
      if let silhouette = wanted.silhouette { settings.silhouetteLimit = silhouette }
      if let seed = wanted.seed { settings.seed = seed }
      try settings.validate()
      let excluded = await desk.opened.excluded
      let job = DecompositionJob(
        file: desk.file, options: desk.options, output: desk.folder,
        excludedChannels: excluded.channels, excludedSeconds: excluded.seconds,
        configuration: settings, author: context.user)
      let text = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
      let state = try await jobs.start(
        Jobs.Work(
          kind: "decomposition", mode: .decompose, argument: text, recording: desk.id,
          name: { desk.name(ofRun: $0) }))
      var response = try json(state, status: .accepted)
      response.headers[.location] = "/api/v1/jobs/\(state.id)"
      return response
    }
  }
}
