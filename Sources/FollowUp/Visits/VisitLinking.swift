import Analyses
import MotorUnits
import Registry
import Reports

/// Two visits' recordings of one muscle, matched and ready for the registry.
package struct VisitLinking {
  /// How links of this kind are named in the registry.
  package static let method = "template-matching"

  package let subject: Subject
  package let from: CivilDate
  package let to: CivilDate
  package let muscle: String
  package let side: BodySide
  /// The earlier visit's recording matched with the later one's.
  package let later: UnitMatching
  /// The earlier visit's recording matched with its same-day repeat; nil without one.
  package let repeated: UnitMatching?
  private let earlierSource: LinkedRun
  private let laterSource: LinkedRun
  private let repeatSource: LinkedRun?

  /// Finds and matches the recordings.
  ///
  /// - Parameter progress: what it throws ends the search; nothing is stored before `store`.
  /// - Throws: `FollowUpError` where a visit or its array recording is missing; what `progress` throws.
  package init(
    _ registry: PatientRegistry, subject: Subject, from: CivilDate, to: CivilDate, muscle: String,
    side: BodySide, configuration: UnitMatching.Configuration,
    progress: AnalysisProgressHandler = { _ in }
  ) throws {
    self.subject = subject
    self.from = from
    self.to = to
    self.muscle = MuscleName.canonical(muscle)
    self.side = side
    let name = self.muscle
    func sources(_ date: CivilDate) throws -> [LinkedRun] {
      try LinkedRun.all(registry, subject, date, muscle: name, side: side)
    }
    let earlier = try sources(from)
    earlierSource = earlier[0]
    repeatSource = earlier.count > 1 ? earlier[1] : nil
    laterSource = try sources(to)[0]
    let first = earlierSource.tracked
    let half = repeatSource == nil ? 1.0 : 0.5
    try progress(AnalysisProgress(0))
    later = try UnitMatching(
      first, laterSource.tracked, configuration: configuration
    ) { try progress(AnalysisProgress(half * $0)) }
    repeated = try repeatSource.map {
      try UnitMatching(
        first, $0.tracked, configuration: configuration
      ) { try progress(AnalysisProgress(half + half * $0)) }
    }
  }

  /// Stores links and survival.
  ///
  /// - Throws: `FollowUpError` where the recordings are linked already and `replacing` is false.
  package func store(in registry: PatientRegistry, replacing: Bool) throws {
    let others = Set((laterSource.units + (repeatSource?.units ?? [])).map(\.id))
    let former = try registry.unitLinks(run: earlierSource.run.id).filter {
      others.contains($0.second)
    }
    // Without some of its links a curve over all visits does not stand.
    let wasFollowed = former.contains { $0.method == VisitFollowing.method }
    let values = try registry.measurements(subject: subject.id, muscle: muscle, side: side).filter {
      $0.kind == .followedUnitSurvival
        ? wasFollowed
        : LinkedRun.kinds.contains($0.kind) && $0.run == laterSource.run.id
          && $0.conditions["earlier_visit"] == from.description
    }
    if !(former.isEmpty && values.isEmpty) {
      guard replacing else {
        throw FollowUpError(
          path: subject.pseudonym,
          "\(from) and \(to) are linked already", remedy: .replaceLinks)
      }
      try LinkedRun.withdraw(former, values, in: registry)
    }
    var links = Self.links(later, earlierSource.units, laterSource.units)
    if let repeated, let repeatSource {
      links += Self.links(repeated, earlierSource.units, repeatSource.units)
    }
    try registry.addUnitLinks(links)
    try registry.addMeasurements(measurements)
  }

  private static func links(
    _ matching: UnitMatching, _ first: [StoredUnit], _ second: [StoredUnit]
  ) -> [UnitLink] {
    let ids = [first, second].map { units in
      Dictionary(units.map { (String($0.index), $0.id) }, uniquingKeysWith: { first, _ in first })
    }
    return matching.links.compactMap { link in
      guard let a = ids[0][link.first], let b = ids[1][link.second] else { return nil }
      return UnitLink(
        first: a, second: b, confidence: link.probability, method: method,
        evidence: [
          "similarity": link.evidence.similarity,
          "referenced_similarity": link.evidence.referencedSimilarity,
          "margin": link.evidence.margin, "signal_to_noise_db": link.evidence.signalToNoise,
          "amplitude_ratio": link.amplitudeRatio,
        ])
    }
  }

  /// Share found again and, with a repeat, survival, with their conditions.
  private var measurements: [Measurement] {
    guard let survival = MatchedUnitSurvival(later, sameDay: repeated) else { return [] }
    var conditions = [
      "earlier_visit": from.description, "trackable_units": String(survival.trackable),
      "found_again": String(survival.found),
      "accepted_from": Formatting.plain(later.configuration.acceptedFrom),
    ]
    conditions["found_in_repeat"] = survival.foundInRepeat.map { String($0) }
    func measurement(
      _ kind: MeasurementKind, _ value: Double, _ bounds: [Double]
    ) -> Measurement {
      var own = conditions
      own["lower_5"] = Formatting.fixed(bounds[0], 3)
      own["upper_95"] = Formatting.fixed(bounds[1], 3)
      return Measurement(
        visit: laterSource.visit.id, run: laterSource.run.id, kind: kind, value: value,
        // The 5 to 95 % range of a normal distribution spans 3.29 standard errors.
        standardError: (bounds[1] - bounds[0]) / 3.29,
        quality: survival.trackable < 10 ? .warn : .pass, muscle: muscle, side: side,
        conditions: own)
    }
    var result = [measurement(.matchedUnitShare, survival.share, survival.shareBounds)]
    if let normalised = survival.normalised, let bounds = survival.normalisedBounds {
      result.append(measurement(.matchedUnitSurvival, normalised, bounds))
    }
    return result
  }
}
