import Analyses
import FollowUp
import Foundation
import Hummingbird
import Registry

extension RegistryDesk {
  private struct Received: Encodable {
    let upload: String
    let name: String
    let bytes: Int
    let sha256: String
    let check: UploadCheck
  }
  private struct NamedFile: Decodable {
    let upload: String
    var use: VisitJob.Use?
  }
  private struct Entry: Decodable {
    let date: String
    var muscle: String?
    var side: String?
    var nominal: String?
    var status: String?
    var missingReason: String?
    var files: [NamedFile]?
    var device: String?
    var rater: String?
    var samplingRate: Double?
    var unit: String?
    var millivoltsAtFullScale: Double?
    var grid: String?
    var channels: String?
    var electrodes: ElectrodeChoice?
    /// Whether it is stored although it may be a mix-up, and why.
    var accept: Bool?
    var reason: String?
    /// Whether decomposed recordings are kept for looking at them.
    var keep: Bool?
  }

  /// Files that are sent, and the visits they become.
  func addVisits(to table: inout RouteTable) {
    table.upload(
      "api/v1/uploads", .editor, "Send a file of a visit", query: [.init("name", required: true)]
    ) { [self] request, context in
      try json(try await receive(request, context), status: .created)
    }
    table.delete("api/v1/uploads/:upload", .editor, "Remove a file that was sent") {
      [self] _, context in
      let upload = try spool.upload(
        context.parameters.get("upload") ?? "", user: context.user)
      spool.remove(upload.id)
      return Response(status: .noContent)
    }
    table.get("api/v1/patients/:patient/visits", .reader, "The visits of a patient") {
      [self] _, context in
      try json(try VisitSummary.all(try subject(context), registry))
    }
    table.post(
      "api/v1/patients/:patient/visits", .editor,
      "Add a visit: with files it is analysed first, as a job",
      body: [
        .init("date", required: true, isDay: true), .init("muscle"), Self.sideField,
        .init("nominal"), .init("status", choices: Visit.Status.allCases.map(\.rawValue)),
        .init("missingReason"), .init("files", .array), .init("device"),
        .init("rater"), .init("samplingRate", .number, range: 0.001...1e7),
        .init("unit", choices: ["", "uV", "mV", "V"]),
        .init("millivoltsAtFullScale", .number, range: 1e-9...1e9), .init("grid"),
        .init("channels"),
        .init("electrodes", choices: ElectrodeChoice.allCases.map(\.rawValue)),
        .init("accept", .boolean), .init("reason"), .init("keep", .boolean),
      ]
    ) { [self] request, context in
      try await addVisit(try await body(request, as: Entry.self), context)
    }
  }

  private func receive(_ request: Request, _ context: ViewerContext) async throws -> Received {
    guard let name = request.uri.queryParameters["name"], !name.isEmpty else {
      throw ViewerError.badRequest("the file's name is missing")
    }
    let declared = request.headers[.contentLength].flatMap { Int($0) }
    let upload = try await spool.receive(
      request.body, declared: declared, name: String(name), user: context.user)
    do {
      let check = try await UploadCheck.of(upload.path, program: program)
      return Received(
        upload: upload.id, name: upload.name, bytes: upload.bytes, sha256: upload.sha256,
        check: check)
    } catch {
      spool.remove(upload.id)
      throw error
    }
  }

  private func reading(_ wanted: Entry) throws -> RecordingReading {
    var reading = RecordingReading()
    reading.samplingRate = wanted.samplingRate
    reading.unit = wanted.unit.flatMap { $0.isEmpty ? nil : $0 }
    reading.millivoltsAtFullScale = wanted.millivoltsAtFullScale
    reading.grid = wanted.grid.flatMap { $0.isEmpty ? nil : $0 }
    reading.channels = wanted.channels.flatMap { $0.isEmpty ? nil : $0 }
    _ = try reading.options()
    return reading
  }

  private func addVisit(_ wanted: Entry, _ context: ViewerContext) async throws -> Response {
    func given(_ text: String?) throws -> String? {
      let text = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
      guard text.count <= 500 else { throw ViewerError.badRequest("a text is too long") }
      return text.isEmpty ? nil : text
    }
    let subject = try subject(context)
    guard let day = CivilDate(wanted.date) else {
      throw ViewerError.badRequest(
        "\"\(wanted.date.prefix(20))\" is no date written YYYY-MM-DD")
    }
    let reason = try given(wanted.reason)
    if wanted.accept == true, reason == nil {
      throw ViewerError.badRequest("say why it is stored although it may be a mix-up: reason")
    }
    let files = wanted.files ?? []
    if files.isEmpty {
      return try json(
        try noteVisit(
          subject, day, nominal: try given(wanted.nominal), status: try given(wanted.status),
          missingReason: try given(wanted.missingReason), wanted.accept == true ? reason : nil,
          context), status: .created)
    }
    guard wanted.status == nil, wanted.missingReason == nil else {
      throw ViewerError.badRequest("status and missingReason are for a visit without files")
    }
    guard let muscle = try given(wanted.muscle), let side = try side(try given(wanted.side)) else {
      throw ViewerError.badRequest("a recording needs its muscle and side")
    }
    let uses = files.map { $0.use ?? .recording }
    guard Set(files.map(\.upload)).count == files.count, uses.contains(where: { $0 != .beside })
    else { throw ViewerError.badRequest("a file is named twice, or none is a recording") }
    if !uses.contains(.cmap),
      uses.contains(where: { ![.recording, .arrayCMAP, .beside].contains($0) })
    {
      throw ViewerError.badRequest("efforts and tables of stimulation methods need the CMAP")
    }
    let uploads = try files.map { try spool.upload($0.upload, user: context.user) }
    let place = try spool.scratch()
    do {
      let job = VisitJob(
        registry: path, author: context.user, patient: subject.pseudonym,
        date: day.description, muscle: muscle, side: side, nominal: try given(wanted.nominal),
        device: try given(wanted.device), rater: try given(wanted.rater),
        reading: try reading(wanted), electrodes: wanted.electrodes ?? .auto,
        files: try zip(uploads, uses).map { upload, use in
          .init(path: try Self.link(upload, in: place), use: use)
        }, acceptedBecause: wanted.accept == true ? reason : nil,
        keep: wanted.keep == false ? nil : kept.folder)
      let file = place + "/job.json"
      guard
        FileManager.default.createFile(
          atPath: file, contents: try JSONEncoder().encode(job),
          attributes: [.posixPermissions: 0o600])
      else { throw ViewerError.cannotWrite("the visit cannot be prepared beside the registry") }
      let log = log
      let (user, client) = (context.user, context.client)
      let state = try await jobs.start(
        Jobs.Work(
          kind: "visit", mode: .visit, argument: file, patient: subject.pseudonym,
          whenOver: { [spool] state in
            try? FileManager.default.removeItem(atPath: place)
            if state.status == "done" { for upload in uploads { spool.remove(upload.id) } }
            // The entry that came before the job names the user; this one tells how it ended.
            let status =
              ["done": 200, "doubtful": 409, "cancelled": 499][state.status] ?? 422
            try? log?.note(
              user: user, client: client, route: "visit \(state.status)",
              subject: subject.pseudonym, status: status)
          }))
      var response = try json(state, status: .accepted)
      response.headers[.location] = "/api/v1/jobs/\(state.id)"
      return response
    } catch {
      try? FileManager.default.removeItem(atPath: place)
      throw error
    }
  }

  /// A file under its own name in the folder of a job; the one that was sent stays for another try.
  private static func link(_ upload: UploadSpool.Upload, in folder: String) throws -> String {
    var name = upload.name == "job.json" ? "file-job.json" : upload.name
    // Two files of one name are told apart.
    var number = 1
    while true {
      let target = folder + "/" + name
      if Foundation.link(upload.path, target) == 0 { return target }
      guard errno == EEXIST, number < 1_000 else {
        throw ViewerError.cannotWrite("the visit cannot be prepared beside the registry")
      }
      number += 1
      name = "\(number)-\(upload.name)"
    }
  }

  /// A visit without files, such as a missed one.
  private func noteVisit(
    _ subject: Subject, _ day: CivilDate, nominal: String?, status: String?, missingReason: String?,
    _ reason: String?, _ context: ViewerContext
  ) throws -> SubjectSummary.VisitItem {
    let kind = try status.map { text in
      guard let known = Visit.Status(rawValue: text) else {
        throw ViewerError.badRequest(
          "status is \"\(text.prefix(20))\", expected "
            + Visit.Status.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return known
    }
    let doubts = kind == .planned ? [] : try EntryDoubts.visit(day, subject, registry)
    try refuse(doubts, unless: reason != nil)
    let writer = try writer(context)
    let visit = try writer.addVisit(
      subject: subject.id, date: day, nominal: nominal, status: kind ?? .done,
      missingReason: missingReason, doubts: doubts)
    if let reason {
      for warning in try registry.openWarnings(subject: subject.id)
      where warning.visit == visit.id {
        try writer.acceptWarning(warning.id, reason: reason)
      }
    }
    return SubjectSummary.VisitItem(visit)
  }
}
