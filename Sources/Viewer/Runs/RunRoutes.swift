import Decomposition
import Foundation
import Hummingbird
import Recordings

extension RecordingDesks {
  private func unit(_ context: ViewerContext) throws -> Int {
    guard let id = context.parameters.get("unit", as: Int.self) else {
      throw ViewerError.notFound("there is no such unit")
    }
    return id
  }

  private func segment(_ request: Request, _ desk: RecordingDesk) throws -> Int {
    desk.fields.segment(of: try number("at", request) ?? 0)
  }

  private func number(_ name: Substring, _ request: Request) throws -> Double? {
    guard let text = request.uri.queryParameters[name] else { return nil }
    guard let value = Double(text), value.isFinite, abs(value) < 1e15 else {
      throw ViewerError.badRequest("\(name) is \"\(text.prefix(20))\", expected a number")
    }
    return value
  }

  /// Routes of runs, their units and edits.
  func addRunRoutes(to table: inout RouteTable) {
    let wide = -1e14...1e14
    let at = RouteTable.Field("at", .number, range: wide)
    table.get("api/v1/runs/:run/units", .reader, "Units of a run as edited") { [self] _, context in
      let (desk, editor) = try await run(context)
      return try json(try await desk.state(editor))
    }
    table.get("api/v1/runs/:run/marks", .reader, "Artefacts that were mended, bad channels") {
      [self] _, context in
      let (desk, editor) = try await run(context)
      return try json(try await desk.marks(editor.run))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/source", .reader, "Source of a unit (MPS1)", query: [at]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let unit = try await editor.unit(try unit(context))
      let source = try await desk.fields.source(
        editor.run, unit: unit, segment: try segment(request, desk))
      return Response(
        status: .ok, headers: [.contentType: "application/octet-stream"],
        body: .init(byteBuffer: ByteBuffer(bytes: try SourceMessage.encoded(source))))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/quality", .reader, "Figures of merit of a unit",
      query: [at, .init("start", .number, range: wide), .init("end", .number, range: wide)]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let core = desk.fields.core(try segment(request, desk))
      let start = try number("start", request) ?? core.lowerBound
      let end = try number("end", request) ?? core.upperBound
      guard start < end else { throw ViewerError.badRequest("the range is empty") }
      let unit = try unit(context)
      return try json(
        RecordingDesk.QualityAnswer(
          now: try await editor.quality(of: unit, in: start..<end),
          automatic: try await editor.automaticQuality(of: unit, in: start..<end)))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/course", .reader, "Figures of a unit second by second",
      query: [at]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let core = desk.fields.core(try segment(request, desk))
      let course = try await editor.course(of: try unit(context), in: core)
      return try json(
        RecordingDesk.Course(
          startSeconds: core.lowerBound / editor.run.samplingRate, stepSeconds: 1,
          silhouettes: course.map(\.silhouette), discharges: course.map(\.dischargeCount)))
    }
    table.get("api/v1/runs/:run/counts", .reader, "Identified units that are active over time") {
      [self] _, context in
      let (desk, editor) = try await run(context)
      return try json(await desk.counts(editor))
    }
    table.get("api/v1/runs/:run/duplicates", .reader, "Units that are probably one") {
      [self] _, context in
      let (desk, editor) = try await run(context)
      return try json(await desk.duplicates(editor))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/potential", .reader, "Potential of a unit on the electrodes",
      query: [at]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      return try json(
        try await desk.potential(
          editor, unit: try unit(context), segment: try segment(request, desk)))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/shimmer", .reader,
      "Single potentials of a needle unit and measures of their mean", query: [at]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      return try json(
        try await desk.shimmer(
          editor, unit: try unit(context), segment: try segment(request, desk)))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/doubts", .reader, "Doubtful places of a train", query: [at]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let unit = try await editor.unit(try unit(context))
      let source = try await desk.fields.source(
        editor.run, unit: unit, segment: try segment(request, desk))
      return try json(
        await Background.value { DoubtfulPlaces().places(in: unit.times, source: source) })
    }
    table.get("api/v1/runs/:run/edits", .reader, "The log of edits") { [self] _, context in
      try json(await run(context).editor.entries)
    }
    table.post(
      "api/v1/runs/:run/edits", .editor, "Edit a unit",
      body: [
        .init("kind", required: true, choices: EditCommand.Kind.allCases.map(\.rawValue)),
        .init("unit", .integer, range: 0...1_000_000), .init("start", .number),
        .init("end", .number), .init("low", .number), .init("high", .number),
        .init("time", .number), .init("by", .number), .init("other", .integer),
        .init("added", .array), .init("removed", .array), .init("basis", .array),
      ]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let command = try await body(request, as: EditCommand.self)
      let match = request.headers[.ifMatch].flatMap {
        Int($0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
      }
      guard let match else {
        throw ViewerError.badRequest("If-Match must name the last edit that the page knows")
      }
      _ = try await editor.apply(command, expected: match, author: context.user)
      return try json(try await desk.state(editor))
    }
    table.post(
      "api/v1/runs/:run/proposals", .editor,
      "Propose a train: filter anew over a view, extended from it, or a needle's window resolved",
      body: [
        .init("kind", choices: RecordingDesk.ProposalRequest.Kind.allCases.map(\.rawValue)),
        .init("unit", .integer, range: 0...1_000_000),
        .init("start", .number, required: true),
        .init("end", .number, required: true),
      ]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let wanted = try await body(request, as: RecordingDesk.ProposalRequest.self)
      return wanted.kind == .resolve
        ? try json(try await desk.resolution(editor, wanted))
        : try json(try await desk.proposal(editor, wanted))
    }
    table.post("api/v1/runs/:run/save", .editor, "Save the edits as a run") { [self] _, context in
      let (desk, editor) = try await run(context)
      var stored = try await desk.save(await editor.edited(author: context.user))
      if desk.id != 1, let patients {
        stored.record = try patients.store(stored, of: desk, context: context)
        try desk.runs.note(stored)
      }
      var response = try json(desk.line(stored), status: .created)
      response.headers[.location] = "/runs/\(desk.name(ofRun: stored.id))"
      return response
    }
    table.get(
      "api/v1/runs/:run/filters", .reader,
      "The separation filters of a run as edited, for motorpool apply"
    ) { [self] _, context in
      let (desk, editor) = try await run(context)
      let model = try await desk.model(editor, author: context.user)
      return Response(
        status: .ok,
        headers: [
          .contentType: "application/octet-stream",
          .contentDisposition: "attachment; filename=\"\(RunModel.fileName)\"",
        ], body: .init(byteBuffer: ByteBuffer(bytes: model)))
    }
    table.get(
      "api/v1/runs/:run/export", .reader, "The edited units as a file",
      query: [.init("format", choices: ["units.json", "spikes.csv"])]
    ) { [self] request, context in
      let (desk, editor) = try await run(context)
      let export = try RunFolder.export(
        await editor.edited(author: context.user), recording: desk.opened.recording)
      let format = request.uri.queryParameters["format"].map(String.init) ?? "units.json"
      guard let text = ["units.json": export.unitsJSON(), "spikes.csv": export.spikesCSV()][format]
      else { throw ViewerError.badRequest("formats are units.json and spikes.csv") }
      return Response(
        status: .ok,
        headers: [
          .contentType: format == "units.json" ? "application/json" : "text/csv; charset=utf-8",
          .contentDisposition: "attachment; filename=\"\(format)\"",
        ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
  }
}
