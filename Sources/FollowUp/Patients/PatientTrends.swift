import Progression
import Registry

/// All series of one patient, read in one consistent state.
package struct PatientTrends {
  package let subject: Subject
  package let series: [PatientSeries]
  package let therapies: [Intervention]
  package let therapy: Intervention?
  package let events: [ClinicalEvent]
  package let citation: DataCitation
  package let warnings: [String]

  /// What to read and how to fit it.
  package struct Request {
    package var measures: [String] = []
    package var muscle: String?
    package var side: BodySide?
    package var therapy: String?
    package var regression = SegmentedRegression()

    package init(
      measures: [String] = [], muscle: String? = nil, side: BodySide? = nil, therapy: String? = nil,
      regression: SegmentedRegression = SegmentedRegression()
    ) {
      self.measures = measures
      self.muscle = muscle
      self.side = side
      self.therapy = therapy
      self.regression = regression
    }
  }

  package init(_ pseudonym: String, _ registry: PatientRegistry, request: Request) throws {
    subject = try registry.subject(pseudonym: pseudonym)
    let stored = try MeasuredKinds.stored(registry, subject: subject.id).map(\.kind)
    let kinds =
      request.measures.isEmpty
      ? stored : try request.measures.map { try MeasuredKinds.named($0, stored: stored) }
    let cohort =
      kinds.isEmpty
      ? nil
      : try registry.cohortSeries(
        MeasurementFilter(
          kinds: kinds, subject: subject.id, muscle: request.muscle, side: request.side))
    guard let cohort, !cohort.points.isEmpty else {
      let wanted = request.measures.isEmpty ? "" : " of \(request.measures.joined(separator: ", "))"
      throw FollowUpError(path: subject.pseudonym, "no values\(wanted) in the registry")
    }
    therapies = cohort.interventions
    events = cohort.events
    citation = cohort.citation
    let origin = cohort.points.map(\.day).min() ?? 0
    let choice = try TherapyChoice(
      cohort.interventions, named: request.therapy, firstDay: origin, subject: subject.pseudonym)
    let therapy = choice.therapy
    self.therapy = therapy
    warnings =
      choice.warnings
      + (try registry.openWarnings(subject: subject.id).map { WarningSummary($0).line })
    let pseudonym = subject.pseudonym
    series = kinds.flatMap { kind -> [PatientSeries] in
      let own = cohort.points.filter { $0.kind == kind }
      let groups = Dictionary(grouping: own) { Place(muscle: $0.muscle, side: $0.side) }
      return groups.sorted {
        ($0.key.muscle ?? "", $0.key.side?.rawValue ?? "")
          < ($1.key.muscle ?? "", $1.key.side?.rawValue ?? "")
      }.map { place, points in
        PatientSeries(
          subject: pseudonym, kind: kind, muscle: place.muscle, side: place.side, points: points,
          origin: origin, therapy: therapy, regression: request.regression)
      }
    }
  }
}
