import Analyses
import MotorUnits
import Registry
import Reports

/// Recordings of one muscle over three to ten visits, followed jointly and ready for the registry.
package struct VisitFollowing {
  /// How links of this kind are named in the registry.
  package static let method = "joint-template-matching"

  package let subject: Subject
  package let dates: [CivilDate]
  package let muscle: String
  package let side: BodySide
  package let followed: FollowedUnits
  package let matching: UnitMatching.Configuration
  private let sources: [LinkedRun]

  /// Finds and follows the recordings.
  ///
  /// - Throws: `FollowUpError` where a visit or its array recording is missing; `AnalysisError` for
  ///   another number of visits; what `progress` throws.
  package init(
    _ registry: PatientRegistry, subject: Subject, dates: [CivilDate], muscle: String,
    side: BodySide, matching: UnitMatching.Configuration, joining: UnitIdentities.Configuration,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.subject = subject
    self.dates = dates.sorted { $0.dayNumber < $1.dayNumber }
    self.muscle = MuscleName.canonical(muscle)
    self.side = side
    self.matching = matching
    let place = (self.muscle, side)
    sources = try self.dates.map {
      try LinkedRun.all(registry, subject, $0, muscle: place.0, side: place.1)[0]
    }
    followed = try FollowedUnits(
      sources.map(\.tracked), matching: matching, joining: joining, progress: progress)
  }

  /// Stores links and survival.
  ///
  /// - Throws: `FollowUpError` where recordings are linked already and `replacing` is false.
  package func store(in registry: PatientRegistry, replacing: Bool) throws {
    let owners = Dictionary(
      sources.flatMap { source in source.units.map { ($0.id, source.run.id) } },
      uniquingKeysWith: { first, _ in first })
    var former: [UnitLink] = []
    for source in sources {
      former += try registry.unitLinks(run: source.run.id).filter { link in
        // Each link is met at both of its runs and taken at the first.
        owners[link.first] == source.run.id && owners[link.second] != nil
      }
    }
    let runs = Set(sources.map(\.run.id))
    let days = Set(dates.map(\.description))
    let values = try registry.measurements(subject: subject.id, muscle: muscle, side: side).filter {
      guard let run = $0.run, runs.contains(run), LinkedRun.kinds.contains($0.kind) else {
        return false
      }
      return $0.kind == .followedUnitSurvival
        || days.contains($0.conditions["earlier_visit"] ?? "")
    }
    if !(former.isEmpty && values.isEmpty) {
      guard replacing else {
        throw FollowUpError(
          path: subject.pseudonym, "visits among these are linked already", remedy: .replaceLinks)
      }
      try LinkedRun.withdraw(former, values, in: registry)
    }
    try registry.addUnitLinks(links)
    try registry.addMeasurements(measurements)
  }

  private var links: [UnitLink] {
    let ids = sources.map { source in
      Dictionary(
        source.units.map { (String($0.index), $0.id) }, uniquingKeysWith: { first, _ in first })
    }
    return followed.identities.links.compactMap { link in
      guard let a = ids[link.first.visit][link.first.unit],
        let b = ids[link.second.visit][link.second.unit]
      else { return nil }
      var evidence: [String: Double] = [:]
      evidence["similarity"] = link.similarity
      evidence["amplitude_ratio"] = link.amplitudeRatio
      return UnitLink(
        first: a, second: b, confidence: link.probability, method: Self.method, evidence: evidence)
    }
  }

  /// Survival to each visit after the first, with its interval and counts as conditions.
  private var measurements: [Measurement] {
    guard let survival = followed.survival, let first = dates.first else { return [] }
    return survival.points.dropFirst().map { point in
      let source = sources[point.visit]
      return Measurement(
        visit: source.visit.id, run: source.run.id, kind: .followedUnitSurvival,
        value: point.survival,
        // The 5 to 95 % range of a normal distribution spans 3.29 standard errors.
        standardError: (point.bounds[1] - point.bounds[0]) / 3.29,
        quality: survival.units < 10 ? .warn : .pass, muscle: muscle, side: side,
        conditions: [
          "earlier_visit": first.description, "lower_5": Formatting.fixed(point.bounds[0], 3),
          "upper_95": Formatting.fixed(point.bounds[1], 3), "seen": String(point.seen),
          "paused": String(point.paused), "new": String(point.new),
          "detection": Formatting.fixed(survival.detection, 3),
          "detection_lower_5": Formatting.fixed(survival.detectionBounds[0], 3),
          "detection_upper_95": Formatting.fixed(survival.detectionBounds[1], 3),
          "followed_units": String(survival.units),
          "accepted_from": Formatting.plain(followed.identities.configuration.acceptedFrom),
        ])
    }
  }
}
