import FollowUp
import Foundation
import Hummingbird
import Registry
import Reports

extension RegistryDesk {
  /// The courses of many patients, for drawing them one upon the other.
  private struct Courses: Encodable {
    struct Course: Encodable {
      let patient: String
      let arm: String?
      let muscle: String?
      let side: String?
      /// Day of the first dose, in days since 1970-01-01.
      let therapyStart: Int?
      /// Days since 1970-01-01, ascending.
      let days: [Int]
      let values: [Double]
    }
    let measure: String
    let name: String
    let unit: String
    /// Courses that were found; `courses` holds the first `mostCourses` of them.
    let total: Int
    let courses: [Course]
    let note: String?
  }

  /// Most courses of one answer.
  static let mostCourses = 400

  /// Courses of many patients.
  func addCourses(to table: inout RouteTable) {
    let query: [RouteTable.Field] = [
      .init("measure"), .init("muscle"), Self.sideField, .init("arm"), .init("p"),
    ]
    table.get(
      "api/v1/courses", .reader, "Courses of a measure, of patients `p` (repeated) or of all",
      query: query
    ) { [self] request, _ in
      try json(try await courses(request))
    }
    table.get("courses", .reader, "Courses of many patients as a page", query: query) {
      [self] request, context in
      try coursesPage(request, context)
    }
  }

  private func courses(_ request: Request) async throws -> Courses {
    let query = request.uri.queryParameters
    func text(_ name: Substring) -> String? {
      query[name].flatMap { $0.isEmpty ? nil : String($0) }
    }
    let wanted = Set(query.getAll("p").map { $0.lowercased() })
    let (measure, muscle, arm) = (text("measure"), text("muscle"), text("arm"))
    let side = try side(text("side"))
    let registry = registry
    return try await Background.run {
      let stored = try MeasuredKinds.stored(registry).map(\.kind)
      guard
        let kind = try measure.map({ try MeasuredKinds.named($0, stored: stored) }) ?? stored.first
      else { throw ViewerError.notFound("no values yet; add a visit first") }
      var filter = MeasurementFilter(kinds: [kind], muscle: muscle, side: side)
      var subjects: [RecordID: Subject] = [:]
      var points: [MeasurementPoint] = []
      var therapies: [Intervention] = []
      func read() throws {
        let series = try registry.cohortSeries(filter)
        for subject in series.subjects { subjects[subject.id] = subject }
        points += series.points
        therapies += series.interventions
      }
      if wanted.isEmpty {
        try read()
      } else {
        // The whole registry is not read for a few.
        for name in wanted.prefix(Self.mostCourses) {
          guard let subject = try? registry.subject(pseudonym: name) else { continue }
          filter.subject = subject.id
          try read()
        }
      }
      let starts = Dictionary(grouping: therapies, by: \.subject)
      let groups = Dictionary(
        grouping: points.filter {
          $0.quality != .fail && $0.censoring == nil && $0.value.isFinite
        }
      ) { CourseKey(subject: $0.subject, muscle: $0.muscle, side: $0.side) }
      let chosen = groups.keys.filter { key in
        guard let subject = subjects[key.subject] else { return false }
        return arm == nil || subject.arm == arm
      }.sorted()
      let courses = chosen.prefix(Self.mostCourses).compactMap { key -> Courses.Course? in
        guard let subject = subjects[key.subject], let points = groups[key] else { return nil }
        // Repetitions of a day are averaged.
        let days = Dictionary(grouping: points, by: \.day).sorted { $0.key < $1.key }
        return Courses.Course(
          patient: subject.pseudonym, arm: subject.arm, muscle: key.muscle,
          side: key.side?.rawValue,
          therapyStart: starts[key.subject]?.map(\.startDate.dayNumber).min(),
          days: days.map(\.key),
          values: days.map { $0.value.reduce(0) { $0 + $1.value } / Double($0.value.count) })
      }
      return Courses(
        measure: kind.id, name: kind.displayName, unit: kind.unit, total: chosen.count,
        courses: Array(courses),
        note: MeasuredKinds.isIdentifiedCount(kind) ? ReportWording.identifiedCounts : nil)
    }
  }

  private func coursesPage(_ request: Request, _ context: ViewerContext) throws -> Response {
    let query = request.uri.queryParameters
    let arms = Set(try registry.subjects().compactMap(\.arm)).sorted()
    let chosen = query.getAll("p")
    func value(_ name: Substring) -> String? { query[name].map { String($0) } }
    var form = MarkupElement(
      "form", ["class": "bar", "id": "courses-form"],
      [
        select(
          "measure", "Measure", value("measure"), try MeasuredKinds.stored(registry).map(\.kind.id)),
        select("muscle", "Muscle", value("muscle"), try registry.muscles().sorted()),
        select("side", "Side", value("side"), BodySide.allCases.map(\.rawValue)),
        select("arm", "Arm", value("arm"), arms),
        select("align", "Days from", nil, ["first day", "therapy", "calendar"], hasNone: false),
        select("scale", "Scale", nil, ["value", "percent of the first"], hasNone: false),
      ])
    for patient in chosen {
      form.append(.init("input", ["type": "hidden", "name": "p", "value": patient]))
    }
    return page(
      "Courses", context,
      [
        .init("h1", text: chosen.isEmpty ? "Courses of all patients" : "Courses overlaid"), form,
        .init("p", ["id": "status", "role": "status"]),
        .init(
          "canvas",
          [
            "id": "courses", "class": "courses", "role": "img",
            "aria-label": "Courses of the patients, one upon the other; the table below holds them",
          ]),
        .init("div", ["class": "scroll", "id": "courses-table"]),
      ], script: "courses.js")
  }
}

/// One course: a subject's values of a muscle and side.
private struct CourseKey: Hashable, Comparable {
  let subject: RecordID
  let muscle: String?
  let side: BodySide?

  static func < (left: CourseKey, right: CourseKey) -> Bool {
    (left.subject, left.muscle ?? "", left.side?.rawValue ?? "")
      < (right.subject, right.muscle ?? "", right.side?.rawValue ?? "")
  }
}
