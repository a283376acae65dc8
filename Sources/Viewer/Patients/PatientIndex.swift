import FollowUp
import Foundation
import Registry

/// All patients with the course of the registry's main measure, kept until the registry changes.
actor PatientIndex {
  /// The course of one muscle, for a sparkline.
  struct Course: Encodable, Sendable, Equatable {
    let muscle: String?
    let side: String?
    /// Days since 1970-01-01, ascending.
    let days: [Int]
    let values: [Double]
  }
  /// One patient.
  struct Line: Encodable, Sendable, Equatable {
    let pseudonym: String
    let arm: String?
    let onset: String?
    let days: Int
    let first: String?
    let last: String?
    let therapy: String?
    let therapyStart: String?
    let warnings: Int
    /// Of the muscle with the most values.
    let course: Course?
  }
  /// A part of the list.
  struct Excerpt: Encodable, Sendable, Equatable {
    let measure: String?
    let measureName: String?
    let total: Int
    /// What to ask for next; nil at the end.
    let next: Int?
    let patients: [Line]
  }
  private struct State {
    let head: String
    let kind: MeasurementKind?
    let lines: [Line]
    /// What a search looks in, in lower case.
    let keys: [String]
  }
  private var state: State?

  /// Patients whose pseudonym, arm or therapy holds a text, `limit` from `start` on.
  ///
  /// - Throws: `RegistryError`.
  func excerpt(
    _ registry: PatientRegistry, search: String = "", start: Int = 0, limit: Int = 100
  ) throws -> Excerpt {
    let head = try registry.head().hash
    let state: State
    if let known = self.state, known.head == head {
      state = known
    } else {
      state = try Self.read(registry, head: head)
      self.state = state
    }
    let words = search.lowercased().split(whereSeparator: \.isWhitespace)
    let found =
      words.isEmpty
      ? Array(state.lines.indices)
      : state.lines.indices.filter { index in
        words.allSatisfy { state.keys[index].contains($0) }
      }
    let shown = found.dropFirst(start).prefix(limit)
    return Excerpt(
      measure: state.kind?.id, measureName: state.kind?.displayName, total: found.count,
      next: start + shown.count < found.count ? start + shown.count : nil,
      patients: shown.map { state.lines[$0] })
  }

  private static func read(_ registry: PatientRegistry, head: String) throws -> State {
    let kind = try MeasuredKinds.stored(registry).first?.kind
    let subjects = try registry.subjects()
    let therapies = Dictionary(grouping: try registry.interventions(), by: \.subject)
    // Every value tells of a visit, whatever its kind.
    let days = Dictionary(
      grouping: try registry.cohortSeries(MeasurementFilter()).points, by: \.subject
    ).mapValues { Set($0.map(\.day)) }
    let points = try kind.map { kind in
      Dictionary(
        grouping: try registry.cohortSeries(MeasurementFilter(kinds: [kind])).points, by: \.subject)
    }
    let lines = try subjects.map { subject -> Line in
      let own = points?[subject.id] ?? []
      let known = (days[subject.id] ?? []).union(own.map(\.day))
      let therapy = therapies[subject.id]?.first
      return Line(
        pseudonym: subject.pseudonym, arm: subject.arm, onset: subject.onsetDate?.description,
        days: known.count, first: known.min().map { CivilDate(dayNumber: $0).description },
        last: known.max().map { CivilDate(dayNumber: $0).description },
        therapy: therapy?.name ?? therapy?.kind, therapyStart: therapy?.startDate.description,
        warnings: try registry.openWarnings(subject: subject.id).count, course: course(own))
    }
    let keys = lines.map { line in
      [line.pseudonym, line.arm ?? "", line.therapy ?? ""].joined(separator: "\n").lowercased()
    }
    return State(head: head, kind: kind, lines: lines, keys: keys)
  }

  private static func course(_ points: [MeasurementPoint]) -> Course? {
    let usable = points.filter { $0.quality != .fail && $0.censoring == nil && $0.value.isFinite }
    let groups = Dictionary(grouping: usable) {
      PatientTrends.Place(muscle: $0.muscle, side: $0.side)
    }
    let largest = groups.min {
      ($1.value.count, $0.key.text) < ($0.value.count, $1.key.text)
    }
    guard let (place, own) = largest else { return nil }
    // Repetitions of a day are averaged.
    let byDay = Dictionary(grouping: own, by: \.day).sorted { $0.key < $1.key }
    return Course(
      muscle: place.muscle, side: place.side?.rawValue, days: byDay.map(\.key),
      values: byDay.map { $0.value.reduce(0) { $0 + $1.value } / Double($0.value.count) })
  }
}
