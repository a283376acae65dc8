import Analyses
import FollowUp
import Foundation
import Hummingbird
import Recordings
import Registry
import Reports
import UnitNumber

extension RegistryDesk {
  /// Pages of a patient's estimates of the number of motor units.
  func addUnitNumbers(to table: inout RouteTable) {
    table.get("patients/:patient/unit-numbers", .reader, "Unit number estimates as a page") {
      [self] request, context in
      try await unitNumberPage(request, context)
    }
    table.get(
      "patients/:patient/scans/:recording", .reader, "A CMAP scan with its estimate as a page"
    ) { [self] _, context in
      try await scanPage(context)
    }
  }

  /// Measures of a page of unit numbers: estimates and indices of the number, and the CMAP that they
  /// divide.
  static func isOfUnitNumber(_ kind: MeasurementKind) -> Bool {
    kind.estimatesUnitNumber
      || [.cmapAmplitude, .scanN50, .musix, .meanUnitPotential].contains(kind)
  }

  /// Whether any value of a subject belongs on the page of unit numbers.
  func hasUnitNumbers(_ visits: [VisitSummary]) -> Bool {
    visits.contains { visit in
      visit.measurements.contains { Self.isOfUnitNumber(MeasurementKind(id: $0.kind)) }
    }
  }

  private func unitNumberPage(
    _ request: Request, _ context: ViewerContext
  ) async throws -> Response {
    let subject = try subject(context)
    let values = try registry.measurements(subject: subject.id)
      .filter { Self.isOfUnitNumber($0.kind) }
    var content = [
      MarkupElement("h1", text: "Unit numbers of \(subject.pseudonym)"),
      .init(
        "p", ["class": "soft"],
        text: "Estimates of the number of motor units, and indices of it, by method. Those of one "
          + "method must not be compared with those of another."),
    ]
    if values.isEmpty {
      content.append(.init("p", text: "No unit number estimate is stored for this patient."))
      return page("Unit numbers of \(subject.pseudonym)", context, content)
    }
    content.append(.init("h2", text: "Estimates by visit"))
    content.append(try estimates(values.filter(\.kind.estimatesUnitNumber), of: subject))
    // Numbers lead, what they are made from follows.
    let kinds = Set(values.map(\.kind)).sorted {
      ($0.estimatesUnitNumber ? 0 : 1, $0.id) < ($1.estimatesUnitNumber ? 0 : 1, $1.id)
    }
    let names = kinds.map(\.id)
    let registry = registry
    content += try await Background.run {
      // The course of each method, before and after therapy, as on the patient's page.
      Carried(
        try PatientTrends(
          subject.pseudonym, registry, request: PatientTrends.Request(measures: names)
        ).report().page().content())
    }.value
    return page("Unit numbers of \(subject.pseudonym)", context, content)
  }

  /// The estimates of all visits; each scan that is kept leads to its own page.
  private func estimates(
    _ values: [Registry.Measurement], of subject: Subject
  ) throws -> MarkupElement {
    let byVisit = Dictionary(grouping: values, by: \.visit)
    var rows: [[PageTable.Cell]] = []
    for visit in try registry.visits(subject: subject.id) {
      var scans: [RecordID: RecordID] = [:]
      var methods: [RecordID: String] = [:]
      for recording in try registry.recordings(visit: visit.id) {
        for run in try registry.runs(recording: recording.id) {
          methods[run.id] = run.method
          if kept.hasScan(recording.sha256) { scans[run.id] = recording.id }
        }
      }
      for value in byVisit[visit.id] ?? [] {
        let scan = value.run.flatMap { scans[$0] }
        rows.append([
          .init(visit.date?.description ?? "–"), .init(value.kind.displayName),
          .init([value.muscle, value.side?.rawValue].compactMap { $0 }.joined(separator: ", ")),
          .init(
            NumberText.significant(value.value, 4) + (value.unit == "1" ? "" : " \(value.unit)")),
          .init(Self.interval(value)),
          .init(value.run.flatMap { methods[$0] } ?? "entered"),
          .init(value.quality.rawValue),
          .init(
            value.conditions.sorted { $0.key < $1.key }
              .map { "\($0.key.replacing("_", with: " ")) \($0.value)" }.joined(separator: ", ")),
          scan.map {
            .init("scan", link: Self.link(subject.pseudonym) + "/scans/\($0)")
          } ?? .init("–"),
        ])
      }
    }
    return PageTable.element(
      [
        "Visit", "Measure", "Muscle", "Value", "95 % interval", "Method", "Quality", "Conditions",
        "Picture",
      ], rows)
  }

  /// The 95 % interval of a value from its standard error, on the scale of its trend.
  private static func interval(_ value: Registry.Measurement) -> String {
    guard let error = value.standardError, error > 0 else { return "–" }
    let normal = 1.959_964
    let ends =
      value.kind.scale == .logarithmic && value.value > 0
      ? [-1, 1].map { value.value * exp($0 * normal * error / value.value) }
      : [-1, 1].map { value.value + $0 * normal * error }
    return ends.map { NumberText.significant($0, 3) }.joined(separator: " to ")
  }

  /// A scan that is kept, estimated anew with all its figures.
  private func scanPage(_ context: ViewerContext) async throws -> Response {
    let subject = try subject(context)
    guard let number = context.parameters.get("recording", as: Int64.self) else {
      throw ViewerError.notFound("there is no such scan")
    }
    for visit in try registry.visits(subject: subject.id) {
      for recording in try registry.recordings(visit: visit.id) where recording.id == number {
        guard let stored = kept.scan(recording.sha256) else {
          throw ViewerError.notFound("the scan of record \(number) is not kept")
        }
        let title =
          "CMAP scan of \(subject.pseudonym)"
          + (visit.date.map { ", \($0)" } ?? "")
        let place = [recording.muscle, recording.side?.rawValue].compactMap { $0 }
          .joined(separator: ", ")
        let content = try await Background.run {
          let analysis = try ScanAnalysis(
            stored.scan(name: "record \(number)", muscle: recording.muscle),
            source: RecordingSource(path: "record \(number)", formatName: "CMAP scan"),
            inputHash: recording.sha256, estimator: CMAPScanEstimator())
          return Carried(analysis.report().page().content())
        }.value
        return page(
          title, context,
          [
            .init("h1", text: title),
            .init("p", ["class": "soft"], text: place.isEmpty ? "muscle not stated" : place),
          ] + content)
      }
    }
    throw ViewerError.notFound("\(subject.pseudonym) has no recording \(number)")
  }
}
