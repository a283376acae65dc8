import Decomposition
import Foundation
import Hummingbird
import Recordings
import Reports

extension RecordingDesk {
  private struct RunLine: Encodable {
    let id: Int
    let method: String
    let parent: Int?
    let author: String
    let at: String
    let units: Int
  }
  private struct UnitLine: Encodable {
    let id: Int
    let times: [Double]
    let isPresent: Bool
    let isFlagged: Bool
    let isLocked: Bool
    let silhouette: Double?
    let pulseToNoise: Double?
    let isiCoV: Double?
    let meanRate: Double?
    let predictedAgreement: Double?
    let amplitudeMicrovolts: Double?
    let isEdited: Bool
  }
  private struct RunState: Encodable {
    let run: RunLine
    let seq: Int
    let canUndo: Bool
    let canRedo: Bool
    let samplingRate: Double
    let sampleCount: Int
    let segments: [[Double]]
    let artefacts: [[Double]]
    let units: [UnitLine]
    let warnings: [String]
    let note: String
  }
  private struct Potential: Encodable {
    struct Waveform: Encodable {
      let channel: Int
      let row: Int
      let column: Int
      let values: [Float]
    }
    let unit: Int
    let samplingRate: Double
    let origin: Int
    let rows: Int
    let columns: Int
    let unitSymbol: String
    let waveforms: [Waveform]
    /// The unit whose potential is most like it; nil for the only unit.
    let similar: Similar?

    struct Similar: Encodable {
      let unit: Int
      /// Largest normalised correlation over all channels and small lags, -1...1.
      let correlation: Double
      let waveforms: [Waveform]
    }
  }
  private struct Marks: Encodable {
    let artefacts: [StoredRun.Artefact]
    let rejectedChannels: [StoredRun.Rejected]
  }
  private struct ProposalRequest: Decodable {
    let unit: Int
    let start: Double
    let end: Double
  }
  private struct Proposal: Encodable {
    let unit: Int
    let added: [Double]
    let removed: [Double]
    let basis: [Double]
    let before: SourceQuality
    let after: SourceQuality
  }

  private func editor(_ context: ViewerContext) async throws -> RunEditor {
    guard let id = context.parameters.get("run", as: Int.self) else {
      throw ViewerError.notFound("there is no such run")
    }
    return try await editors.editor(id, desk: self)
  }

  private func unit(_ context: ViewerContext) throws -> Int {
    guard let id = context.parameters.get("unit", as: Int.self) else {
      throw ViewerError.notFound("there is no such unit")
    }
    return id
  }

  private func segment(_ request: Request) -> Int {
    fields.segment(of: request.uri.queryParameters["at"].flatMap { Double($0) } ?? 0)
  }

  private func line(_ run: StoredRun) -> RunLine {
    RunLine(
      id: run.id, method: run.method.rawValue, parent: run.parent, author: run.author, at: run.at,
      units: run.units.count)
  }

  /// Routes of runs, their units and edits.
  func addRunRoutes(to table: inout RouteTable) {
    table.get("api/v1/runs", .reader, "Runs over the recording") { [self] _, _ in
      try json(
        runs.ids().reversed().compactMap { id in
          (try? runs.run(id, recording: opened.recording)).map(line)
        })
    }
    table.get("api/v1/runs/:run/units", .reader, "Units of a run as edited") { [self] _, context in
      try json(try await state(try await editor(context)))
    }
    table.get("api/v1/runs/:run/marks", .reader, "Artefacts that were mended, bad channels") {
      [self] _, context in
      let run = try await editor(context).run
      var rejected = run.rejectedChannels
      if rejected == nil, !run.units.isEmpty {
        let field = try await fields.field(run, segment: 0)
        rejected = field.rejectedChannels.map {
          StoredRun.Rejected(channel: run.channels[$0.index], reason: $0.reason)
        }
      }
      return try json(
        Marks(artefacts: run.artefacts ?? [], rejectedChannels: rejected ?? []))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/source", .reader, "Source of a unit (MPS1)",
      query: [.init("at", .number)]
    ) { [self] request, context in
      let editor = try await editor(context)
      let unit = try await editor.unit(try unit(context))
      let source = try await fields.source(editor.run, unit: unit, segment: segment(request))
      return Response(
        status: .ok, headers: [.contentType: "application/octet-stream"],
        body: .init(byteBuffer: ByteBuffer(bytes: try SourceMessage.encoded(source))))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/quality", .reader, "Figures of merit of a unit",
      query: [.init("at", .number), .init("start", .number), .init("end", .number)]
    ) { [self] request, context in
      let editor = try await editor(context)
      let query = request.uri.queryParameters
      let core = fields.core(segment(request))
      let start = query["start"].flatMap { Double($0) } ?? core.lowerBound
      let end = query["end"].flatMap { Double($0) } ?? core.upperBound
      guard start < end else { throw ViewerError.badRequest("the range is empty") }
      return try json(try await editor.quality(of: try unit(context), in: start..<end))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/potential", .reader, "Potential of a unit on the electrodes",
      query: [.init("at", .number)]
    ) { [self] request, context in
      try json(
        try await potential(
          try await editor(context), unit: try unit(context), segment: segment(request)))
    }
    table.get(
      "api/v1/runs/:run/units/:unit/doubts", .reader, "Doubtful places of a train",
      query: [.init("at", .number)]
    ) { [self] request, context in
      let editor = try await editor(context)
      let unit = try await editor.unit(try unit(context))
      let source = try await fields.source(editor.run, unit: unit, segment: segment(request))
      return try json(
        await Background.value { DoubtfulPlaces().places(in: unit.times, source: source) })
    }
    table.get("api/v1/runs/:run/edits", .reader, "The log of edits") { [self] _, context in
      try json(await editor(context).entries)
    }
    table.post(
      "api/v1/runs/:run/edits", .editor, "Edit a unit",
      body: [
        .init("kind", required: true), .init("unit", .integer), .init("start", .number),
        .init("end", .number), .init("low", .number), .init("high", .number),
        .init("time", .number), .init("by", .number), .init("other", .integer),
        .init("added", .array), .init("removed", .array), .init("basis", .array),
      ]
    ) { [self] request, context in
      let editor = try await editor(context)
      let command = try await body(request, as: EditCommand.self)
      let match = request.headers[.ifMatch].flatMap {
        Int($0.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
      }
      guard let match else {
        throw ViewerError.badRequest("If-Match must name the last edit that the page knows")
      }
      _ = try await editor.apply(command, expected: match, author: context.user)
      return try json(try await state(editor))
    }
    table.post(
      "api/v1/runs/:run/proposals", .editor, "Re-estimate a unit's filter over a view",
      body: [
        .init("unit", .integer, required: true), .init("start", .number, required: true),
        .init("end", .number, required: true),
      ]
    ) { [self] request, context in
      try json(
        try await proposal(
          try await editor(context), try await body(request, as: ProposalRequest.self)))
    }
    table.post("api/v1/runs/:run/save", .editor, "Save the edits as a run") { [self] _, context in
      let editor = try await editor(context)
      let run = await editor.edited(author: context.user)
      let stored = try runs.add(run, recording: opened.recording)
      var response = try json(line(stored), status: .created)
      response.headers[.location] = "/runs/\(stored.id)"
      return response
    }
    table.get(
      "api/v1/runs/:run/export", .reader, "The edited units as a file",
      query: [.init("format")]
    ) { [self] request, context in
      let editor = try await editor(context)
      let export = try RunFolder.export(
        await editor.edited(author: context.user), recording: opened.recording)
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

  private func state(_ editor: RunEditor) async throws -> RunState {
    let state = await editor.state
    let run = editor.run
    let before = Dictionary(uniqueKeysWithValues: run.units.map { ($0.id, $0) })
    let segments = (0..<fields.segmentCount).map { index in
      let core = fields.core(index)
      return [core.lowerBound, core.upperBound]
    }
    let warning = await editor.warning
    return RunState(
      run: line(run), seq: state.seq, canUndo: !state.undoable.isEmpty,
      canRedo: !state.redoable.isEmpty, samplingRate: run.samplingRate,
      sampleCount: run.sampleCount, segments: segments, artefacts: state.artefacts,
      units: state.units.values.sorted { $0.id < $1.id }.map { unit in
        let train = SpikeTrain(times: unit.times, samplingRate: run.samplingRate)
        let stored = before[unit.id]
        let isSame = stored?.times == unit.times
        return UnitLine(
          id: unit.id, times: unit.times, isPresent: unit.isPresent, isFlagged: unit.isFlagged,
          isLocked: unit.isLocked, silhouette: isSame ? stored?.silhouette : nil,
          pulseToNoise: isSame ? stored?.pulseToNoise : nil, isiCoV: train.intervalVariation,
          meanRate: train.meanRate, predictedAgreement: isSame ? stored?.predictedAgreement : nil,
          amplitudeMicrovolts: stored?.amplitudeMicrovolts, isEdited: !isSame)
      }, warnings: run.warnings + (warning.map { [$0] } ?? []),
      note: ReportWording.identifiedCounts)
  }

  private func potential(
    _ editor: RunEditor, unit id: Int, segment: Int
  ) async throws -> Potential {
    let unit = try await editor.unit(id)
    guard let component = unit.components.first else {
      throw ViewerError.notFound("unit \(id) has no potential")
    }
    let field = try await fields.field(editor.run, segment: segment)
    let template = field.template(of: component)
    let recording = opened.recording
    let grid = recording.electrodeGrid
    let channels = editor.run.channels
    let columns = grid?.columns ?? max(1, Int(Double(channels.count).squareRoot().rounded()))
    let rows = grid?.rows ?? (channels.count + columns - 1) / columns
    func placed(_ template: MUAPTemplate) -> [Potential.Waveform] {
      channels.enumerated().compactMap { place, channel in
        let values = template.channels[place]
        if values.isEmpty { return nil }
        let site =
          grid == nil
          ? ElectrodeGrid.Position(row: place / columns, column: place % columns)
          : grid?.position(ofChannel: channel)
        guard let site else { return nil }
        return .init(channel: channel, row: site.row, column: site.column, values: values)
      }
    }
    let others = await editor.state.present.filter { $0.id != id }
    let similar = await Background.value { () -> (unit: Int, found: TemplateSimilarity)? in
      others.compactMap { other in
        other.components.first.map {
          (other.id, TemplateSimilarity(template, field.template(of: $0)))
        }
      }.max { $0.1.correlation < $1.1.correlation }
    }
    return Potential(
      unit: id, samplingRate: template.samplingRate, origin: template.origin, rows: rows,
      columns: columns, unitSymbol: recording.hasPhysicalAmplitude ? "µV" : "a.u.",
      waveforms: placed(template),
      similar: similar.map {
        .init(
          unit: $0.unit, correlation: $0.found.correlation, waveforms: placed($0.found.shifted))
      })
  }

  private func proposal(_ editor: RunEditor, _ wanted: ProposalRequest) async throws -> Proposal {
    guard wanted.start.isFinite, wanted.end.isFinite, wanted.start < wanted.end else {
      throw ViewerError.badRequest("the view is empty")
    }
    let unit = try await editor.unit(wanted.unit)
    if unit.isLocked { throw ViewerError.conflict("unit \(unit.id) is locked; unlock it first") }
    let view = wanted.start..<wanted.end
    let segment = fields.segment(of: (wanted.start + wanted.end) / 2)
    let field = try await fields.field(editor.run, segment: segment)
    let current = try await fields.source(editor.run, unit: unit, segment: segment)
    let artefacts = await editor.state.artefacts.map { $0[0]..<$0[1] }
    let found = await Background.value {
      field.reestimate(
        components: unit.components, train: unit.times, in: view, avoiding: artefacts)
    }
    guard let found else {
      throw ViewerError.unusable(
        "the view holds too little of unit \(unit.id) for a new filter: at least five discharges "
          + "and ten peaks are needed")
    }
    let gone = Set(found.removed)
    let next = (unit.times.filter { !gone.contains($0) } + found.added).sorted()
    return Proposal(
      unit: unit.id, added: found.added, removed: found.removed, basis: found.basis,
      before: current.quality(of: unit.times, in: view),
      after: found.source.quality(of: next, in: view))
  }
}
