import Crypto
import FollowUp
import Foundation
import Hummingbird
import Progression
import Registry
import Reports

extension RegistryDesk {
  /// A run over a recording of the registry.
  struct RunItem: Encodable {
    let run: RecordID
    let recording: RecordID
    let method: String
    let software: String
    let seed: UInt64?
    let units: Int
    /// Runs of other recordings that share a unit with it.
    let linked: [RecordID]
  }
  private struct Detail: Encodable {
    let summary: PatientSummary
    let visits: [VisitSummary]
    let runs: [RunItem]
  }

  /// What the list of patients takes.
  static let listFields: [RouteTable.Field] = [
    .init("q"), .init("start", .integer, range: 0...10_000_000),
    .init("limit", .integer, range: 1...1_000),
  ]
  /// A side of the body, or none.
  static let sideField = RouteTable.Field(
    "side", choices: [""] + BodySide.allCases.map(\.rawValue))

  /// Patients, their visits, trends and reports as data.
  func addPatients(to table: inout RouteTable) {
    table.get(
      "api/v1/patients", .reader, "Patients with the course of the main measure",
      query: Self.listFields
    ) { [self] request, _ in
      try json(try await excerpt(request))
    }
    table.get("api/v1/patients/:patient", .reader, "One patient with visits and runs") {
      [self] _, context in
      let subject = try subject(context)
      return try json(
        Detail(
          summary: try PatientSummary(subject.pseudonym, registry),
          visits: try VisitSummary.all(subject, registry), runs: try runs(subject)))
    }
    let choice: [RouteTable.Field] = [
      .init("measure"), .init("muscle"), Self.sideField, .init("therapy"),
      .init("lag", .number, range: 0...240),
    ]
    table.get(
      "api/v1/patients/:patient/trend", .reader, "Trends before and after therapy", query: choice
    ) { [self] request, context in
      let carried = Carried(try await trends(request, context))
      let query = request.uri.queryParameters
      let lag = query["lag"].flatMap { Double($0) } ?? 0
      let therapy = query["therapy"].map(String.init)
      let registry = registry
      let summary = await Background.value {
        let trends = carried.value
        let posterior = trends.series.prefix(1).map {
          CohortPosterior.of($0, registry: registry, therapy: therapy, onsetLag: lag)
        }
        return Carried(
          TrendSummary(
            trends, derived: DerivedMeasures(trends, controls: nil, muscles: []),
            posteriors: Array(posterior)))
      }
      return try json(summary.value)
    }
    table.get(
      "patients/:patient/report", .reader, "The printed report of a patient", query: choice
    ) { [self] request, context in
      let trends = try await trends(request, context)
      var response = PageLayout.response(trends.report().html())
      // The report carries its own style, known by its hash.
      response.headers[.contentSecurityPolicy] = ReportPolicy.text
      return response
    }
    table.get("api/v1/patients/:patient/records", .reader, "All records of a patient") {
      [self] _, context in
      try json(try registry.records(subject: try subject(context).id))
    }
  }

  func excerpt(_ request: Request) async throws -> PatientIndex.Excerpt {
    let query = request.uri.queryParameters
    func number(_ name: Substring, _ fallback: Int, _ range: ClosedRange<Int>) throws -> Int {
      guard let text = query[name], !text.isEmpty else { return fallback }
      guard let value = Int(text), range.contains(value) else {
        throw ViewerError.badRequest(
          "\(name) is \"\(text.prefix(20))\", expected \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    return try await index.excerpt(
      registry, search: query["q"].map(String.init) ?? "",
      start: try number("start", 0, 0...10_000_000), limit: try number("limit", 100, 1...1_000))
  }

  /// The series of a patient, by the choice in the query.
  func trends(_ request: Request, _ context: ViewerContext) async throws -> PatientTrends {
    let query = request.uri.queryParameters
    func text(_ name: Substring) -> String? {
      query[name].flatMap { $0.isEmpty ? nil : String($0) }
    }
    var choice = PatientTrends.Request(
      measures: text("measure").map { [$0] } ?? [], muscle: text("muscle"),
      side: try side(text("side")), therapy: text("therapy"))
    if let lag = text("lag") {
      guard let months = Double(lag), (0...240).contains(months) else {
        throw ViewerError.badRequest("lag is \"\(lag.prefix(20))\", expected 0 to 240 months")
      }
      choice.regression = SegmentedRegression(onsetLag: months)
    }
    let subject = try subject(context)
    let registry = registry
    let wanted = Carried(choice)
    return try await Background.run {
      Carried(try PatientTrends(subject.pseudonym, registry, request: wanted.value))
    }.value
  }

  func side(_ text: String?) throws -> BodySide? {
    try text.map {
      guard let side = BodySide(reading: $0) else {
        throw ViewerError.badRequest(
          "side is \"\($0.prefix(20))\", expected left, right or midline")
      }
      return side
    }
  }

  /// The runs over the recordings of a subject.
  func runs(_ subject: Subject) throws -> [RunItem] {
    var result: [RunItem] = []
    var owners: [RecordID: RecordID] = [:]
    var links: [RecordID: [UnitLink]] = [:]
    for visit in try registry.visits(subject: subject.id) {
      for recording in try registry.recordings(visit: visit.id) {
        for run in try registry.runs(recording: recording.id) {
          let units = try registry.units(run: run.id)
          for unit in units { owners[unit.id] = run.id }
          if !units.isEmpty { links[run.id] = try registry.unitLinks(run: run.id) }
          result.append(
            RunItem(
              run: run.id, recording: recording.id, method: run.method,
              software: run.softwareVersion, seed: run.seed, units: units.count, linked: []))
        }
      }
    }
    return result.map { item in
      let others = Set(
        (links[item.run] ?? []).flatMap { [owners[$0.first], owners[$0.second]] }
          .compactMap { $0 })
      return RunItem(
        run: item.run, recording: item.recording, method: item.method, software: item.software,
        seed: item.seed, units: item.units, linked: others.subtracting([item.run]).sorted())
    }
  }
}

/// A value that one thread made and another takes over, without both using it at once.
struct Carried<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

/// What a report's own page may load: nothing but the style that stands in it.
enum ReportPolicy {
  static let text =
    "default-src 'none'; style-src 'sha256-\(hash)'; img-src data:; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"

  private static let hash = Data(SHA256.hash(data: Data(ReportStyle.css.utf8)))
    .base64EncodedString()
}
